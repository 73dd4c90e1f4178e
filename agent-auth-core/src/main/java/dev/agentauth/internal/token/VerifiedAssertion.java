package dev.agentauth.internal.token;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one of our own identity assertions says, once its signature and its form have been found good. Only {@link
 * IdentityAssertions} makes one. Whether the registration behind it may act is another question.
 */
public final class VerifiedAssertion {
    private final String registrationId;
    private final long epoch;
    private final @Nullable Set<String> ceiling;
    private final String keyId;
    private final Instant expiresAt;

    VerifiedAssertion(
            String registrationId, long epoch, @Nullable Set<String> ceiling, String keyId, Instant expiresAt) {
        this.registrationId = registrationId;
        this.epoch = epoch;
        this.ceiling = ceiling == null ? null : Set.copyOf(ceiling);
        this.keyId = keyId;
        this.expiresAt = expiresAt;
    }

    public String registrationId() {
        return registrationId;
    }

    public long epoch() {
        return epoch;
    }

    /** The scopes that nothing issued for it goes beyond; null if it was not narrowed. */
    public @Nullable Set<String> ceiling() {
        return ceiling;
    }

    String keyId() {
        return keyId;
    }

    Instant expiresAt() {
        return expiresAt;
    }
}
