/**
 * The one aggregate: start at {@link dev.agentauth.registration.Registration}, which holds every transition of the
 * state machine; the other types are the immutable values that it is made of.
 */
@NullMarked
package dev.agentauth.registration;

import org.jspecify.annotations.NullMarked;
