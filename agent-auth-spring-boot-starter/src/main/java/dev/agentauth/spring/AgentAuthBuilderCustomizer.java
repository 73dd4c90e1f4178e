package dev.agentauth.spring;

import dev.agentauth.AgentAuthBuilder;

/**
 * A bean that has the last word about the {@link dev.agentauth.AgentAuth} of a service, after properties and beans: for what
 * neither can say. Several are called in their order.
 *
 * @since 0.2.0
 */
@FunctionalInterface
public interface AgentAuthBuilderCustomizer {

    /**
     * Changes what is about to be built.
     *
     * @param builder with everything set that properties and beans say
     */
    void customize(AgentAuthBuilder builder);
}
