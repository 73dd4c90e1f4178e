/**
 * Credentials: {@code TokenService} exchanges, authenticates and revokes; {@code IdentityAssertions} mints and verifies;
 * {@code Gate} alone decides whether a registration may act, and with which scopes.
 */
@NullMarked
package dev.agentauth.internal.token;

import org.jspecify.annotations.NullMarked;
