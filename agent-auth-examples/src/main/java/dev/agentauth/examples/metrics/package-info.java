/** A page of what {@link dev.agentauth.micrometer.MicrometerAuditSink} has counted. */
@NullMarked
package dev.agentauth.examples.metrics;

import org.jspecify.annotations.NullMarked;
