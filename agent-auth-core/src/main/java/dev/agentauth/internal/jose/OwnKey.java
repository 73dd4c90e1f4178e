package dev.agentauth.internal.jose;

import dev.agentauth.spi.SigningKey;
import java.time.Instant;
import java.util.Objects;

/**
 * A signing key of the service and its time.
 *
 * @param signingKey both halves
 * @param signsFrom the first instant at which it may sign; {@link Instant#EPOCH} for a key that always could
 * @param publishedUntil the first instant at which it is gone; {@link Instant#MAX} while nothing succeeds it
 */
public record OwnKey(SigningKey signingKey, Instant signsFrom, Instant publishedUntil) {

    public OwnKey {
        Objects.requireNonNull(signingKey);
        Objects.requireNonNull(signsFrom);
        Objects.requireNonNull(publishedUntil);
    }
}
