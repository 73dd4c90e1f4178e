/**
 * The demo's home page, a console that walks through the protocol with real requests: a static page with its script and
 * style, and what these ask the demo beyond the protocol. Start at {@code Console}.
 */
@NullMarked
package dev.agentauth.examples.console;

import org.jspecify.annotations.NullMarked;
