/**
 * The sample agent provider: it signs people in, vouches for them and takes its word back. Start at {@code
 * SampleProvider}. All that a real provider would take over is in the package {@code kit}.
 */
@NullMarked
package dev.agentauth.examples.provider;

import org.jspecify.annotations.NullMarked;
