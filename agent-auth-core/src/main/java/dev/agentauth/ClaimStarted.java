package dev.agentauth;

import java.time.Instant;

/**
 * A person has been asked by mail.
 *
 * @param registrationId {@code reg_…}
 * @param attemptId {@code cla_…}
 * @param expiresAt the first instant at which the link is no longer good
 * @since 0.2.0
 */
public record ClaimStarted(String registrationId, String attemptId, Instant expiresAt) {}
