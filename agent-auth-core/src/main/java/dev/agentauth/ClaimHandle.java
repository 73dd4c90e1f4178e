package dev.agentauth;

import java.time.Instant;

/**
 * What an agent needs to have its registration claimed.
 *
 * @param url the claim endpoint
 * @param token the claim token
 * @param expiresAt the first instant at which nobody can claim any more
 */
public record ClaimHandle(String url, Secret token, Instant expiresAt) {}
