/** What happens, counted and timed by Micrometer. Start at {@code MicrometerAuditSink}. */
@NullMarked
package dev.agentauth.examples.metrics;

import org.jspecify.annotations.NullMarked;
