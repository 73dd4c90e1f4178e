package dev.agentauth.spring.test;

/**
 * Agents for requests of MockMvc.
 *
 * @since 0.2.0
 */
public final class AgentAuthRequestPostProcessors {
    private AgentAuthRequestPostProcessors() {}

    /**
     * Sends the request as an agent whose token has these scopes, whatever the service's own scopes are: {@code
     * mvc.perform(get("/api/notes").with(agent("notes.read").ownedBy("ada")))}. There is no registration and no token, so
     * nothing of the protocol is tested by it, but what controllers, method security and the rules of the chain make of an agent.
     * Needs Spring Security's test support.
     *
     * @param scopes what it may do; none at all is possible
     * @return an agent that nobody owns, to vary
     */
    public static AgentRequestPostProcessor agent(String... scopes) {
        return AgentRequestPostProcessor.withScopes(scopes);
    }
}
