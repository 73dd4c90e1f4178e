/**
 * JSON Object Signing: the strict compact form, keys and signatures. The only place that imports Nimbus. Start at
 * {@code CompactJws} for tokens and at {@code JwkSets} for a provider's keys.
 */
@NullMarked
package dev.agentauth.internal.jose;

import org.jspecify.annotations.NullMarked;
