package dev.agentauth.spi;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a new user can be reached by, and who says so. */
public final class Contact {
    private final @Nullable String email;
    private final @Nullable String phone;
    private final ContactProof proof;

    private Contact(@Nullable String email, @Nullable String phone, ContactProof proof) {
        this.email = email;
        this.phone = phone;
        this.proof = Objects.requireNonNull(proof);
    }

    /**
     * A contact that a provider vouched for.
     *
     * @param email lower-case, or null
     * @param phone or null
     * @return the contact
     */
    public static Contact vouchedFor(@Nullable String email, @Nullable String phone) {
        return new Contact(email, phone, ContactProof.PROVIDER);
    }

    /**
     * An address to which this service mailed a link that was used.
     *
     * @param email lower-case
     * @return the contact
     */
    public static Contact proved(String email) {
        return new Contact(Objects.requireNonNull(email), null, ContactProof.SERVICE);
    }

    /**
     * The address.
     *
     * @return lower-case; empty if there is none
     */
    public Optional<String> email() {
        return Optional.ofNullable(email);
    }

    /**
     * The phone number.
     *
     * @return as the provider wrote it; empty if there is none
     */
    public Optional<String> phone() {
        return Optional.ofNullable(phone);
    }

    /**
     * Who has proved that the contact is the user's own.
     *
     * @return the service, or a provider's word only
     */
    public ContactProof proof() {
        return proof;
    }

    /** Never shows the contact itself. */
    @Override
    public String toString() {
        return "Contact[" + proof + "]";
    }
}
