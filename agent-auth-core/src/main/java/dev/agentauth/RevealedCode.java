package dev.agentauth;

import java.time.Instant;

/**
 * A code that the person may now read to the agent.
 *
 * @param code six digits
 * @param expiresAt the first instant at which it is no longer good
 * @since 0.2.0
 */
public record RevealedCode(Secret code, Instant expiresAt) {}
