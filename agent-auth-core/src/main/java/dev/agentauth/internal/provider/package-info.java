/**
 * What agent providers sign and send: ID-JAGs and logout tokens. Start at {@code ProviderAssertions} for how they are
 * verified, and at {@code ProviderEvents} for what a logout does.
 */
@NullMarked
package dev.agentauth.internal.provider;

import org.jspecify.annotations.NullMarked;
