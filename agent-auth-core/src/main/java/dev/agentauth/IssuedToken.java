package dev.agentauth;

import java.time.Duration;
import java.util.List;

/**
 * An access token that was just issued.
 *
 * @param value the bearer token
 * @param expiresIn how long it lives, in whole seconds
 * @param scopes what it may do at this moment
 */
public record IssuedToken(Secret value, Duration expiresIn, List<String> scopes) {}
