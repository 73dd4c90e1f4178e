package dev.agentauth;

import java.time.Instant;

/**
 * What an agent knows of the question that a person was asked.
 *
 * @param expiresAt the first instant at which the link is no longer good
 * @since 0.2.0
 */
public record AttemptHandle(Instant expiresAt) {}
