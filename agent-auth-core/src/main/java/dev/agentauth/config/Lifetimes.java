package dev.agentauth.config;

import java.time.Duration;

/**
 * How long things live. Whole seconds, more than zero.
 *
 * @param assertion an identity assertion; 1 hour by default
 * @param accessToken an access token, which while unclaimed also never outlives its registration; 1 hour
 * @param registration an unclaimed registration and its claim token; 24 hours
 * @param attempt the link in a claim mail; 10 minutes
 * @param code a revealed code; 10 minutes
 * @param retention how long a revoked registration, or a claimed one that is no longer used, is kept; 90 days
 * @since 0.2.0
 */
public record Lifetimes(
        Duration assertion,
        Duration accessToken,
        Duration registration,
        Duration attempt,
        Duration code,
        Duration retention) {

    /**
     * Refuses what is not a positive number of whole seconds.
     *
     * @throws IllegalArgumentException naming the lifetime
     */
    public Lifetimes {
        check("assertion", assertion);
        check("accessToken", accessToken);
        check("registration", registration);
        check("attempt", attempt);
        check("code", code);
        check("retention", retention);
    }

    /**
     * The protocol's figures.
     *
     * @return the defaults
     */
    public static Lifetimes standard() {
        return new Lifetimes(
                Duration.ofHours(1),
                Duration.ofHours(1),
                Duration.ofHours(24),
                Duration.ofMinutes(10),
                Duration.ofMinutes(10),
                Duration.ofDays(90));
    }

    /**
     * With another lifetime of identity assertions.
     *
     * @param value whole seconds
     * @return the changed lifetimes
     */
    public Lifetimes withAssertion(Duration value) {
        return new Lifetimes(value, accessToken, registration, attempt, code, retention);
    }

    /**
     * With another lifetime of access tokens.
     *
     * @param value whole seconds
     * @return the changed lifetimes
     */
    public Lifetimes withAccessToken(Duration value) {
        return new Lifetimes(assertion, value, registration, attempt, code, retention);
    }

    /**
     * With another lifetime of unclaimed registrations.
     *
     * @param value whole seconds
     * @return the changed lifetimes
     */
    public Lifetimes withRegistration(Duration value) {
        return new Lifetimes(assertion, accessToken, value, attempt, code, retention);
    }

    /**
     * With another lifetime of mailed links.
     *
     * @param value whole seconds
     * @return the changed lifetimes
     */
    public Lifetimes withAttempt(Duration value) {
        return new Lifetimes(assertion, accessToken, registration, value, code, retention);
    }

    /**
     * With another lifetime of codes.
     *
     * @param value whole seconds
     * @return the changed lifetimes
     */
    public Lifetimes withCode(Duration value) {
        return new Lifetimes(assertion, accessToken, registration, attempt, value, retention);
    }

    /**
     * With another retention.
     *
     * @param value whole seconds
     * @return the changed lifetimes
     */
    public Lifetimes withRetention(Duration value) {
        return new Lifetimes(assertion, accessToken, registration, attempt, code, value);
    }

    private static void check(String name, Duration value) {
        if (value.isNegative() || value.isZero() || !value.equals(Duration.ofSeconds(value.toSeconds()))) {
            throw new IllegalArgumentException("lifetime " + name + " must be a positive number of whole seconds");
        }
    }
}
