/**
 * For tests of a Spring Boot service that lets agents in. Start at {@link dev.agentauth.spring.test.AutoConfigureAgentAuth}; {@link
 * dev.agentauth.spring.test.AgentAuthRequestPostProcessors} has agents for MockMvc.
 */
@NullMarked
package dev.agentauth.spring.test;

import org.jspecify.annotations.NullMarked;
