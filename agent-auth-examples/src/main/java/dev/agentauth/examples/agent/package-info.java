/**
 * The agent's side of the protocol, without any narration: {@code Discovery} finds a service, {@code AgentClient} speaks
 * to it, {@code ProviderClient} to the sample provider. Nothing here needs more than the JDK.
 */
@NullMarked
package dev.agentauth.examples.agent;

import org.jspecify.annotations.NullMarked;
