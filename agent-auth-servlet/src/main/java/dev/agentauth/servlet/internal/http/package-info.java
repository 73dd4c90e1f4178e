/**
 * HTTP as all endpoints need it: bodies read strictly and within bounds ({@code RequestBody}), answers as values ({@code
 * Answer}), error envelopes ({@code Surface}), and the one place that turns refusals into answers ({@code Failures}).
 */
@NullMarked
package dev.agentauth.servlet.internal.http;

import org.jspecify.annotations.NullMarked;
