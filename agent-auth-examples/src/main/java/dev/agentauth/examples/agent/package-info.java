/** {@code ProviderClient} is what an agent's platform asks of the sample provider; the agent itself is {@code agent-auth-client}. */
@NullMarked
package dev.agentauth.examples.agent;

import org.jspecify.annotations.NullMarked;
