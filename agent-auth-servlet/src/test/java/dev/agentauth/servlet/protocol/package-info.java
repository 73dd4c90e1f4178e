/**
 * The proof of protocol 0.2: one class for each section, each test named after the sentence that it proves, over real
 * HTTP against the servlet in a real Jetty. Start at {@code ProtocolService}, which is what all of them talk to, and {@code
 * Client}, which is how.
 */
package dev.agentauth.servlet.protocol;
