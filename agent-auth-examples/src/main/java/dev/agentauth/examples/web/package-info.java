/** The serving side of the examples: a Jetty with limits in {@code WebServer}, and what the servlets answer with. */
@NullMarked
package dev.agentauth.examples.web;

import org.jspecify.annotations.NullMarked;
