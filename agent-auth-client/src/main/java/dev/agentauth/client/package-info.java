/**
 * An agent's side of the protocol: {@link dev.agentauth.client.AgentAuthClient} does all of it, over {@link
 * dev.agentauth.client.Discovery} and {@link dev.agentauth.client.Endpoints}, which are the single requests. Begin reading at
 * the first. It knows nothing of the service's side.
 */
@NullMarked
package dev.agentauth.client;

import org.jspecify.annotations.NullMarked;
