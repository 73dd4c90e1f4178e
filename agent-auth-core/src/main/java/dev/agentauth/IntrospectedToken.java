package dev.agentauth;

import java.time.Instant;
import java.util.Objects;

/**
 * An access token that is good at the moment of asking.
 *
 * @param agent who is behind it
 * @param expiresAt the first instant at which it is no longer good, whatever happens
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7662#section-2.2">RFC 7662, section 2.2</a>
 * @since 0.2.0
 */
public record IntrospectedToken(AuthenticatedAgent agent, Instant expiresAt) {

    /** Checks that nothing is missing. */
    public IntrospectedToken {
        Objects.requireNonNull(agent);
        Objects.requireNonNull(expiresAt);
    }
}
