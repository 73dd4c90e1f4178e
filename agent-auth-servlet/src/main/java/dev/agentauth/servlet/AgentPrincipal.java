package dev.agentauth.servlet;

import dev.agentauth.AuthenticatedAgent;
import java.security.Principal;
import java.util.Objects;

/**
 * Who a request comes from that {@link BearerTokenFilter} has let through.
 *
 * @param agent the agent behind the token, as it stood when the request came in
 * @since 0.2.0
 */
public record AgentPrincipal(AuthenticatedAgent agent) implements Principal {

    /** Checks that there is one. */
    public AgentPrincipal {
        Objects.requireNonNull(agent);
    }

    /**
     * Whom the agent acts for.
     *
     * @return the user's id, or the registration's while nobody owns it
     */
    @Override
    public String getName() {
        return agent.userId().orElse(agent.registrationId());
    }
}
