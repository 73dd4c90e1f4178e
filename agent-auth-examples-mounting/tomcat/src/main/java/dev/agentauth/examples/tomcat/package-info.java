/**
 * A web application that agents may use, in Tomcat. {@link dev.agentauth.examples.tomcat.AgentAuthListener} is all that
 * concerns agents; it would be the same in a WAR.
 */
@NullMarked
package dev.agentauth.examples.tomcat;

import org.jspecify.annotations.NullMarked;
