package dev.agentauth;

import java.time.Instant;

/**
 * What an agent needs to have its registration claimed.
 *
 * @param token the claim token
 * @param expiresAt the first instant at which nobody can claim any more
 * @since 0.2.0
 */
public record ClaimHandle(Secret token, Instant expiresAt) {}
