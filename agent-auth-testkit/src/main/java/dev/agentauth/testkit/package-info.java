/**
 * What tests of ports and of services share.
 *
 * <p>For each port that stores something there is a contract, such as
 * {@link dev.agentauth.testkit.RegistrationStoreContract}: extend it, hand it your implementation, and each sentence of
 * the port's Javadoc is a test. Override its {@code outage()} with an {@link dev.agentauth.testkit.Outage}, or the tests
 * of what is owed while the backend is away are skipped. A contract makes some thousand calls from up to 64 threads;
 * connections may be fewer. The contracts are proven to fail for implementations that are broken in about two hundred
 * ways.
 *
 * <p>{@link dev.agentauth.testkit.ClaimMailerContract} is the one of mailers: it is run against a mail server that keeps what
 * it gets.
 *
 * <p>{@link dev.agentauth.testkit.FakeProvider} is an agent provider with real keys behind a real HTTP server, which also
 * mints what no honest provider would; {@link dev.agentauth.testkit.MovableClock} stands still until it is moved;
 * {@link dev.agentauth.testkit.Race} lets many threads go at once.
 */
@NullMarked
package dev.agentauth.testkit;

import org.jspecify.annotations.NullMarked;
