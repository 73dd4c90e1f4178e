/** A service that agents may use, in an embedded Jetty: {@link dev.agentauth.examples.jetty.JettyExample}. */
@NullMarked
package dev.agentauth.examples.jetty;

import org.jspecify.annotations.NullMarked;
