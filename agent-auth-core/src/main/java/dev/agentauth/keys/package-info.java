/**
 * Where keys come from: {@link dev.agentauth.keys.RotatingSigningKeys} holds the service's own, in memory or in a file,
 * and {@link dev.agentauth.keys.RemoteProviderKeys} fetches those of trusted providers. Start at the one that you want
 * to configure; both implement a port of {@link dev.agentauth.spi}.
 */
@NullMarked
package dev.agentauth.keys;

import org.jspecify.annotations.NullMarked;
