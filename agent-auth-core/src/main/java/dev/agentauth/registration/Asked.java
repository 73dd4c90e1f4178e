package dev.agentauth.registration;

import java.util.Objects;

/**
 * Whom an attempt asks.
 *
 * @since 0.2.0
 */
public sealed interface Asked {

    /**
     * Where the question goes.
     *
     * @return a lower-case address; empty if none was named
     */
    String address();

    /**
     * Whether another question is to the same person, so that it need not be asked twice.
     *
     * @param other whom it asks
     * @return true for the same mailbox, for the same user wherever the mail goes, or if neither names anybody
     */
    boolean isTheSameAs(Asked other);

    /**
     * Whoever has a mailbox; completing binds the user whose address it is.
     *
     * @param address a lower-case address
     */
    record Mailbox(String address) implements Asked {

        /** Checks that it is there. */
        public Mailbox {
            Objects.requireNonNull(address);
        }

        @Override
        public boolean isTheSameAs(Asked other) {
            return equals(other);
        }

        /** Never shows the address. */
        @Override
        public String toString() {
            return "Mailbox[]";
        }
    }

    /**
     * One user, at the address on file; completing binds that user and nobody else.
     *
     * @param userId the service's own id
     * @param address a lower-case address
     */
    record OneUser(String userId, String address) implements Asked {

        /** Checks that both are there. */
        public OneUser {
            Objects.requireNonNull(userId);
            Objects.requireNonNull(address);
        }

        @Override
        public boolean isTheSameAs(Asked other) {
            return other instanceof OneUser one && userId.equals(one.userId);
        }

        /** Never shows the address. */
        @Override
        public String toString() {
            return "OneUser[" + userId + "]";
        }
    }

    /** Nobody in particular: whoever signs in. Only an attempt by {@linkplain Way#SIGN_IN sign-in} can ask that. */
    record Anybody() implements Asked {

        /** None, which is also what a refusal is kept under. */
        @Override
        public String address() {
            return "";
        }

        @Override
        public boolean isTheSameAs(Asked other) {
            return equals(other);
        }
    }
}
