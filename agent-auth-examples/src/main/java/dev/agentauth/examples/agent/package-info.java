/**
 * The agent's side of the protocol, without any narration: {@code Discovery} finds a service, {@code AgentClient} speaks
 * to it, {@code ProviderClient} to the sample provider. Nothing here uses the library.
 */
@NullMarked
package dev.agentauth.examples.agent;

import org.jspecify.annotations.NullMarked;
