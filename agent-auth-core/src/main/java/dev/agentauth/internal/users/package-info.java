/** Which user it is: {@code UserMatcher}. */
@NullMarked
package dev.agentauth.internal.users;

import org.jspecify.annotations.NullMarked;
