package dev.agentauth;

import java.time.Instant;

/**
 * A refresh token that was just handed out. It is good for one use, which hands out the next.
 *
 * @param value {@code rt_…}
 * @param expiresAt the first instant at which it is no longer good
 * @since 0.2.0
 */
public record IssuedRefreshToken(Secret value, Instant expiresAt) {}
