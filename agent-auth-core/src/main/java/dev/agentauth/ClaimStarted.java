package dev.agentauth;

/**
 * A person has been asked.
 *
 * @param registrationId {@code reg_…}
 * @param attemptId {@code cla_…}
 * @param attempt how the person is asked
 * @since 0.2.0
 */
public record ClaimStarted(String registrationId, String attemptId, AttemptHandle attempt) {}
