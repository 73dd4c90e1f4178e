package dev.agentauth;

import java.time.Instant;

/**
 * An identity assertion that was just minted.
 *
 * @param value the compact JWT
 * @param expiresAt the first instant at which it is no longer good
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7523#section-2.1">RFC 7523, section 2.1</a>
 * @since 0.2.0
 */
public record IssuedAssertion(Secret value, Instant expiresAt) {}
