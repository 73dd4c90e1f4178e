package dev.agentauth;

import java.util.Optional;

/**
 * Knows who is behind an access token. {@link AgentAuth} does, in the process that issues them; in another process somebody who
 * asks it does. Whatever guards an API needs no more than this.
 *
 * <p>Safe for use by many threads.
 *
 * @since 0.2.0
 */
public interface BearerTokens {

    /**
     * Says who is behind an access token, and what it may do now.
     *
     * @param token what stood behind {@code Bearer}
     * @return empty if it is malformed, unknown, expired, revoked, or its registration may not act
     * @throws dev.agentauth.spi.PortUnavailableException if that cannot be found out now, which is neither the one nor the other
     */
    Optional<AuthenticatedAgent> authenticate(String token);

    /**
     * Where the metadata of the resource is (RFC 9728), which is what a challenge points at.
     *
     * @return a URL that is the same for the life of this object
     */
    String resourceMetadataUrl();
}
