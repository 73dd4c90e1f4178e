package dev.agentauth.client;

/**
 * What an API says about itself (RFC 9728).
 *
 * @param resource the URL that tokens are for
 * @param issuer whose tokens they are
 * @since 0.2.0
 */
public record ProtectedResource(String resource, String issuer) {}
