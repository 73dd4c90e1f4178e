package dev.agentauth.spi;

import dev.agentauth.SecretHash;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An access token as stores keep it. It points at its registration and holds no authority of its own: what it may do is
 * read off the registration whenever it is used.
 *
 * @param hash SHA-256 of the token
 * @param registrationId the registration that it acts for
 * @param epoch the registration's epoch when it was issued; dead once they differ
 * @param ceiling the scopes that it never goes beyond; null if it was not narrowed
 * @param expiresAt the first instant at which it is no longer good
 * @since 0.2.0
 */
public record AccessToken(
        SecretHash hash,
        String registrationId,
        long epoch,
        @Nullable Set<String> ceiling,
        Instant expiresAt) {

    /** Copies the ceiling and checks that nothing required is missing. */
    public AccessToken {
        Objects.requireNonNull(hash);
        Objects.requireNonNull(registrationId);
        Objects.requireNonNull(expiresAt);
        ceiling = ceiling == null ? null : Set.copyOf(ceiling);
    }
}
