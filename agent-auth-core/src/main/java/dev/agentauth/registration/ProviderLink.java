package dev.agentauth.registration;

import java.time.Instant;
import java.util.Objects;

/**
 * The provider identity that a registration carries, and when its provider vouched for it, by the provider's clock.
 *
 * @param identity who the provider says it is
 * @param firstIssuedAt the least {@code iat} of the ID-JAGs whose assertions may still be in use
 * @param newestIssuedAt the greatest {@code iat} presented so far
 * @since 0.2.0
 */
public record ProviderLink(ProviderIdentity identity, Instant firstIssuedAt, Instant newestIssuedAt) {

    /** Checks that the two instants are in order. */
    public ProviderLink {
        Objects.requireNonNull(identity);
        if (newestIssuedAt.isBefore(firstIssuedAt)) {
            throw new IllegalArgumentException("the newest presentation cannot be before the first");
        }
    }

    /**
     * A link that begins with one ID-JAG.
     *
     * @param identity who the provider says it is
     * @param issuedAt its {@code iat}
     * @return the link
     */
    public static ProviderLink of(ProviderIdentity identity, Instant issuedAt) {
        return new ProviderLink(identity, issuedAt, issuedAt);
    }

    ProviderLink presented(Instant issuedAt) {
        return new ProviderLink(
                identity,
                issuedAt.isBefore(firstIssuedAt) ? issuedAt : firstIssuedAt,
                issuedAt.isAfter(newestIssuedAt) ? issuedAt : newestIssuedAt);
    }

    /** All that was issued is dead, so only what the next presentations bring counts from here on. */
    ProviderLink startingOver() {
        return new ProviderLink(identity, newestIssuedAt, newestIssuedAt);
    }
}
