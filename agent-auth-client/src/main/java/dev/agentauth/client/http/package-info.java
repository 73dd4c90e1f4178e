/** What an agent and a provider need to speak HTTP and JSON. Start at {@code Http} and {@code Json}. */
@NullMarked
package dev.agentauth.client.http;

import org.jspecify.annotations.NullMarked;
