/**
 * What tests of ports and of services share. For each port that stores something there is a contract, such as
 * {@link dev.agentauth.testkit.RegistrationStoreContract}: extend it, hand it your implementation, and each sentence of the
 * port's Javadoc is a test. {@link dev.agentauth.testkit.FakeProvider} is an agent provider with real keys behind a real HTTP
 * server, which also mints what no honest provider would; {@link dev.agentauth.testkit.MovableClock} stands still until it is
 * moved; {@link dev.agentauth.testkit.Race} lets many threads go at once.
 */
@NullMarked
package dev.agentauth.testkit;

import org.jspecify.annotations.NullMarked;
