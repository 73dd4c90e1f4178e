/**
 * What an agent platform needs to vouch for people, to be lifted. {@code ProviderKit} mints ID-JAGs, publishes keys and
 * tells services that it is over; {@code KeyRing} holds its keys. Nothing here uses the library; it needs the package {@code
 * http} beside it, Jackson, and Nimbus JOSE+JWT.
 */
@NullMarked
package dev.agentauth.examples.provider.kit;

import org.jspecify.annotations.NullMarked;
