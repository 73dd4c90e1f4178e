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
 * @param refresh a refresh token, from the last use of its family; 30 days
 * @since 0.2.0
 */
public record Lifetimes(
        Duration assertion,
        Duration accessToken,
        Duration registration,
        Duration attempt,
        Duration code,
        Duration retention,
        Duration refresh) {

    private static final Duration REFRESH = Duration.ofDays(30);

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
        check("refresh", refresh);
    }

    /**
     * With the protocol's lifetime of refresh tokens.
     *
     * @param assertion an identity assertion
     * @param accessToken an access token
     * @param registration an unclaimed registration and its claim token
     * @param attempt the link in a claim mail
     * @param code a revealed code
     * @param retention how long what is over is kept
     * @throws IllegalArgumentException naming the lifetime
     */
    public Lifetimes(
            Duration assertion,
            Duration accessToken,
            Duration registration,
            Duration attempt,
            Duration code,
            Duration retention) {
        this(assertion, accessToken, registration, attempt, code, retention, REFRESH);
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
                Duration.ofDays(90),
                REFRESH);
    }

    /**
     * With another lifetime of identity assertions.
     *
     * @param value whole seconds
     * @return the changed lifetimes
     */
    public Lifetimes withAssertion(Duration value) {
        return new Lifetimes(value, accessToken, registration, attempt, code, retention, refresh);
    }

    /**
     * With another lifetime of access tokens.
     *
     * @param value whole seconds
     * @return the changed lifetimes
     */
    public Lifetimes withAccessToken(Duration value) {
        return new Lifetimes(assertion, value, registration, attempt, code, retention, refresh);
    }

    /**
     * With another lifetime of unclaimed registrations.
     *
     * @param value whole seconds
     * @return the changed lifetimes
     */
    public Lifetimes withRegistration(Duration value) {
        return new Lifetimes(assertion, accessToken, value, attempt, code, retention, refresh);
    }

    /**
     * With another lifetime of mailed links.
     *
     * @param value whole seconds
     * @return the changed lifetimes
     */
    public Lifetimes withAttempt(Duration value) {
        return new Lifetimes(assertion, accessToken, registration, value, code, retention, refresh);
    }

    /**
     * With another lifetime of codes.
     *
     * @param value whole seconds
     * @return the changed lifetimes
     */
    public Lifetimes withCode(Duration value) {
        return new Lifetimes(assertion, accessToken, registration, attempt, value, retention, refresh);
    }

    /**
     * With another retention.
     *
     * @param value whole seconds
     * @return the changed lifetimes
     */
    public Lifetimes withRetention(Duration value) {
        return new Lifetimes(assertion, accessToken, registration, attempt, code, value, refresh);
    }

    /**
     * With another lifetime of refresh tokens.
     *
     * @param value whole seconds
     * @return the changed lifetimes
     */
    public Lifetimes withRefresh(Duration value) {
        return new Lifetimes(assertion, accessToken, registration, attempt, code, retention, value);
    }

    private static void check(String name, Duration value) {
        if (value.isNegative() || value.isZero() || !value.equals(Duration.ofSeconds(value.toSeconds()))) {
            throw new IllegalArgumentException("lifetime " + name + " must be a positive number of whole seconds");
        }
    }
}
