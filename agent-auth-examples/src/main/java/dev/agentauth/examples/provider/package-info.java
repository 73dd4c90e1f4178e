/**
 * The sample agent provider: it signs people in, vouches for them and takes its word back. Start at {@code
 * SampleProvider}; what a real provider would take over are {@code ProviderTokens}, {@code SignIns} and {@code
 * LogoutDelivery}.
 */
@NullMarked
package dev.agentauth.examples.provider;

import org.jspecify.annotations.NullMarked;
