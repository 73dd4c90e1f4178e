package dev.agentauth.examples.agent;

/**
 * What an API says about itself (RFC 9728).
 *
 * @param resource the URL that tokens are for
 * @param issuer whose tokens they are
 */
public record ProtectedResource(String resource, String issuer) {}
