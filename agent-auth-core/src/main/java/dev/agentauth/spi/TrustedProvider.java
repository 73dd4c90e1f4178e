package dev.agentauth.spi;

import java.net.URI;
import java.util.Objects;
import java.util.Set;

/**
 * An agent provider whose word the service takes. Made with {@link #of}, refined with the {@code with} methods.
 *
 * @param issuer the provider's issuer URL, compared exactly
 * @param displayName what people are shown; the service's choice, never the provider's words
 * @param jwksUri where its keys are
 * @param clientIds the values of {@code client_id} that its ID-JAGs may carry
 * @param algorithms the JWS algorithms that it may sign with
 * @param audienceTenants the values of {@code aud_tenant} that its ID-JAGs may carry, if they carry one
 * @since 0.2.0
 */
public record TrustedProvider(
        String issuer,
        String displayName,
        URI jwksUri,
        Set<String> clientIds,
        Set<String> algorithms,
        Set<String> audienceTenants) {

    /** The algorithms that are possible at all, and the default. */
    public static final Set<String> ALGORITHMS = Set.of("ES256", "RS256", "PS256", "ES384", "EdDSA");

    /**
     * Copies the sets and refuses what can never be right.
     *
     * @throws IllegalArgumentException naming the part that is wrong
     */
    public TrustedProvider {
        Objects.requireNonNull(displayName);
        Objects.requireNonNull(jwksUri);
        URI parsed = URI.create(issuer);
        if (!parsed.isAbsolute()
                || parsed.getHost() == null
                || parsed.getQuery() != null
                || parsed.getFragment() != null) {
            throw new IllegalArgumentException("issuer must be an absolute URL without query and fragment: " + issuer);
        }
        clientIds = Set.copyOf(clientIds);
        algorithms = Set.copyOf(algorithms);
        audienceTenants = Set.copyOf(audienceTenants);
        if (clientIds.isEmpty()) {
            throw new IllegalArgumentException("clientIds must not be empty: " + issuer);
        }
        if (algorithms.isEmpty() || !ALGORITHMS.containsAll(algorithms)) {
            throw new IllegalArgumentException("algorithms must be some of " + ALGORITHMS + ": " + issuer);
        }
    }

    /**
     * A provider with the defaults: its issuer as its name and its client id, its keys at
     * {@code <issuer>/.well-known/jwks.json}, every possible algorithm.
     *
     * @param issuer the provider's issuer URL
     * @return the provider
     */
    public static TrustedProvider of(String issuer) {
        String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
        return new TrustedProvider(
                issuer, issuer, URI.create(base + "/.well-known/jwks.json"), Set.of(issuer), ALGORITHMS, Set.of());
    }

    /**
     * With another name.
     *
     * @param name what people are shown
     * @return the changed provider
     */
    public TrustedProvider withDisplayName(String name) {
        return new TrustedProvider(issuer, name, jwksUri, clientIds, algorithms, audienceTenants);
    }

    /**
     * With keys at a pinned place.
     *
     * @param uri {@code https}, or {@code http} on loopback
     * @return the changed provider
     */
    public TrustedProvider withJwksUri(URI uri) {
        return new TrustedProvider(issuer, displayName, uri, clientIds, algorithms, audienceTenants);
    }

    /**
     * With other client ids.
     *
     * @param ids at least one
     * @return the changed provider
     */
    public TrustedProvider withClientIds(Set<String> ids) {
        return new TrustedProvider(issuer, displayName, jwksUri, ids, algorithms, audienceTenants);
    }

    /**
     * With fewer algorithms.
     *
     * @param allowed at least one of {@link #ALGORITHMS}
     * @return the changed provider
     */
    public TrustedProvider withAlgorithms(Set<String> allowed) {
        return new TrustedProvider(issuer, displayName, jwksUri, clientIds, allowed, audienceTenants);
    }

    /**
     * With the tenants of this service that the provider knows.
     *
     * @param tenants values of {@code aud_tenant}
     * @return the changed provider
     */
    public TrustedProvider withAudienceTenants(Set<String> tenants) {
        return new TrustedProvider(issuer, displayName, jwksUri, clientIds, algorithms, tenants);
    }
}
