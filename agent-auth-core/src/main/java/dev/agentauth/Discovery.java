package dev.agentauth;

import java.util.Map;

/**
 * What the service publishes about itself. All URLs come from the configuration.
 *
 * @param protectedResource the protected resource metadata (RFC 9728, section 2)
 * @param authorizationServer the authorization server metadata (RFC 8414, section 2) with its {@code agent_auth} block
 * @param authMd the Markdown document that tells an agent what to do
 * @param base what the paths of all endpoints are appended to: an absolute URL without a slash at its end
 * @param issuer the issuer URL
 * @param resource the protected resource's URL
 * @param serviceName the name that people and agents are shown
 * @param resourceMetadataUrl where the protected resource metadata is, at its inserted path; for {@code
 *     WWW-Authenticate}
 * @since 0.2.0
 */
public record Discovery(
        Map<String, Object> protectedResource,
        Map<String, Object> authorizationServer,
        String authMd,
        String base,
        String issuer,
        String resource,
        String serviceName,
        String resourceMetadataUrl) {}
