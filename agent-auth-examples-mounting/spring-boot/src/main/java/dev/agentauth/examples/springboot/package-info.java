/**
 * A service on Spring Boot that agents may use. Start at {@link dev.agentauth.examples.springboot.AgentAuthConfiguration};
 * the rest is the service's own, as it would be without agents.
 */
@NullMarked
package dev.agentauth.examples.springboot;

import org.jspecify.annotations.NullMarked;
