package dev.agentauth.examples.provider.kit;

/**
 * What a provider publishes at {@code /.well-known/jwks.json} below its issuer.
 *
 * @param body JSON, for {@code application/json}
 * @param cacheControl how long it may be kept
 */
public record Jwks(String body, String cacheControl) {}
