/** How agents register: {@code Registrar}; and which user it is: {@code UserMatcher}. */
@NullMarked
package dev.agentauth.internal.register;

import org.jspecify.annotations.NullMarked;
