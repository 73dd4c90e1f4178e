/**
 * What the tests of all containers share. {@link dev.agentauth.examples.walk.WholeFlow} is the flow, {@link
 * dev.agentauth.examples.walk.ReverseProxy} stands before the container, and {@link dev.agentauth.examples.walk.Client}
 * reaches either under the name that clients know.
 */
@NullMarked
package dev.agentauth.examples.walk;

import org.jspecify.annotations.NullMarked;
