/**
 * How the protocol is spelled, and nothing else: {@code Requests} reads, {@code Answers} writes, {@code Errors} is the table
 * from a problem to what a {@code Door} says about it, {@code Paths}, {@code Urns} and {@code WellKnown} say where and what
 * things are called, {@code DiscoveryDocuments} and {@code AuthMd} tell others. It decides nothing. Exported to the adapter
 * alone.
 */
@NullMarked
package dev.agentauth.internal.wire;

import org.jspecify.annotations.NullMarked;
