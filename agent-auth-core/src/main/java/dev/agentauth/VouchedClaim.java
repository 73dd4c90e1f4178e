package dev.agentauth;

import java.util.List;

/**
 * What comes of claiming an anonymous registration on a provider's word.
 *
 * @since 0.2.0
 */
public sealed interface VouchedClaim {

    /**
     * Somebody owns the registration. What was issued for it before is dead.
     *
     * @param registrationId {@code reg_…}
     * @param assertion a new one
     * @param scopes what it can be exchanged for
     * @since 0.2.0
     */
    record Claimed(String registrationId, IssuedAssertion assertion, List<String> scopes) implements VouchedClaim {

        /** Copies the list. */
        public Claimed {
            scopes = List.copyOf(scopes);
        }
    }

    /**
     * The person has an account and is asked first. A yes will claim the registration, and links no provider identity.
     *
     * @param claim how the person is asked
     * @since 0.2.0
     */
    record Started(ClaimStarted claim) implements VouchedClaim {}
}
