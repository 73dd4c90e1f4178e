/**
 * The agent's side of the protocol, to be lifted: {@code AgentAuthClient} does all of it, over {@code Discovery} and {@code
 * Endpoints}, which are the single requests. {@code ProviderClient} speaks to the sample provider alone. Nothing here uses
 * the library; it needs the package {@code http} beside it, and Jackson.
 */
@NullMarked
package dev.agentauth.examples.agent;

import org.jspecify.annotations.NullMarked;
