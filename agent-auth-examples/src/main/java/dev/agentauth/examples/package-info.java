/**
 * The demo. {@code Demo} starts a service with a small API and a sample provider, {@code SampleAgent} walks every flow
 * against them. How an embedder puts the library together is in {@code DemoServer}.
 */
@NullMarked
package dev.agentauth.examples;

import org.jspecify.annotations.NullMarked;
