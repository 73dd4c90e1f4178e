package dev.agentauth;

import java.util.Optional;

/**
 * Somebody owns the registration now.
 *
 * @param registrationId {@code reg_…}
 * @param assertion a new assertion; empty where the tokens in hand simply widen
 * @param refreshToken for a new assertion later on; empty unless it was asked for and the registration can have one
 * @since 0.2.0
 */
public record ClaimCompleted(
        String registrationId, Optional<IssuedAssertion> assertion, Optional<IssuedRefreshToken> refreshToken) {}
