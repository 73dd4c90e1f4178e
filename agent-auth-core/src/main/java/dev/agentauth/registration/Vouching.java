package dev.agentauth.registration;

import java.time.Instant;

/**
 * A provider's word for a person, verified and spent. Nobody but the verifier can make one: it is what claiming by a
 * provider's word takes.
 *
 * @see Registration#claim(Vouching, String, Instant)
 * @since 0.2.0
 */
public sealed interface Vouching permits dev.agentauth.internal.provider.VerifiedIdJag {

    /**
     * Whom the provider vouches for.
     *
     * @return who the provider says it is
     */
    ProviderIdentity identity();

    /**
     * When it did.
     *
     * @return the provider's {@code iat}
     */
    Instant issuedAt();
}
