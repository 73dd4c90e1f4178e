/** What happens, counted and timed by Micrometer. Start at {@link dev.agentauth.micrometer.MicrometerAuditSink}. */
@NullMarked
package dev.agentauth.micrometer;

import org.jspecify.annotations.NullMarked;
