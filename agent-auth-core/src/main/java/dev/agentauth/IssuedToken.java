package dev.agentauth;

import java.time.Duration;
import java.util.List;

/**
 * An access token that was just issued.
 *
 * @param value the bearer token
 * @param expiresIn how long it lives, in whole seconds
 * @param scopes what it may do at this moment
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-5.1">RFC 6749, section 5.1</a>
 * @since 0.2.0
 */
public record IssuedToken(Secret value, Duration expiresIn, List<String> scopes) {}
