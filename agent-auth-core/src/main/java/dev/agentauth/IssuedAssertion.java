package dev.agentauth;

import java.time.Instant;

/**
 * An identity assertion that was just minted.
 *
 * @param value the compact JWT
 * @param expiresAt the first instant at which it is no longer good
 */
public record IssuedAssertion(Secret value, Instant expiresAt) {}
