/**
 * What an API in another process than the service puts before itself: {@link dev.agentauth.remote.RemoteTokens} is given to the
 * bearer filter in the place of {@code AgentAuth}.
 */
@NullMarked
package dev.agentauth.remote;

import org.jspecify.annotations.NullMarked;
