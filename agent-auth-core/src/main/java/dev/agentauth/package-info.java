/**
 * What callers touch first: start reading at {@link dev.agentauth.AgentAuth}, which offers every operation of the
 * agentic registration protocol without any HTTP. Ports to plug a service's own parts into are in
 * {@link dev.agentauth.spi}; the one aggregate is {@link dev.agentauth.registration.Registration}.
 */
@NullMarked
package dev.agentauth;

import org.jspecify.annotations.NullMarked;
