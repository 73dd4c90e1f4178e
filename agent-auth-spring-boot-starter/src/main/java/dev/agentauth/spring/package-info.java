/**
 * Agents in a Spring Boot service. {@link dev.agentauth.spring.AgentAuthProperties} is all that can be said in
 * {@code application.properties}; one autoconfiguration each makes the stores, the users, the mail, the {@link
 * dev.agentauth.AgentAuth}, its servlet and what Spring Security needs, and steps back from every bean that the service
 * has itself.
 */
@NullMarked
package dev.agentauth.spring;

import org.jspecify.annotations.NullMarked;
