/**
 * Agents in Spring Security. Start at {@link dev.agentauth.spring.security.AgentAuthConfigurer}: {@code
 * http.with(agentAuth(), …)}.
 */
@NullMarked
package dev.agentauth.spring.security;

import org.jspecify.annotations.NullMarked;
