/**
 * Test doubles for whoever embeds the library: {@link dev.agentauth.testkit.MovableClock} is a clock that stands still
 * until it is moved, and {@link dev.agentauth.testkit.FakeProvider} is an agent provider with real keys behind a real
 * HTTP server, which also mints what no honest provider would.
 */
@NullMarked
package dev.agentauth.testkit;

import org.jspecify.annotations.NullMarked;
