/** How agents register: {@code Registrar}, and for those whose provider vouches for a person {@code ProviderRegistrar}. */
@NullMarked
package dev.agentauth.internal.register;

import org.jspecify.annotations.NullMarked;
