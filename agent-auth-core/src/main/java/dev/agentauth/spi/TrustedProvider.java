package dev.agentauth.spi;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * An agent provider whose word the service takes. Made with {@link #of}, refined with the {@code with} methods.
 *
 * @param issuer the provider's issuer URL, compared exactly
 * @param displayName what people are shown; the service's choice, never the provider's words
 * @param jwksUri where its keys are
 * @param clientIds the values of {@code client_id} that its ID-JAGs may carry
 * @param clientsBelowIssuer whether they may also carry any that lies below the issuer: see {@link #isClient}
 * @param algorithms the JWS algorithms that it may sign with
 * @param audienceTenants the values of {@code aud_tenant} that its ID-JAGs may carry, if they carry one
 * @param maxLoginAge how long ago the person may have logged in at the provider ({@code auth_time}): at least a second
 * @param loginTimeRequired whether an ID-JAG that does not say when that was is refused like one that says too long ago
 * @since 0.2.0
 */
public record TrustedProvider(
        String issuer,
        String displayName,
        URI jwksUri,
        Set<String> clientIds,
        boolean clientsBelowIssuer,
        Set<String> algorithms,
        Set<String> audienceTenants,
        Duration maxLoginAge,
        boolean loginTimeRequired) {

    /** The algorithms that are possible at all, and the default. */
    public static final Set<String> ALGORITHMS = Set.of("ES256", "RS256", "PS256", "ES384", "EdDSA");

    /** What would make a URL something else than a plain path below another. */
    private static final String NOT_IN_A_CLIENT_ID = "?#%\\";

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
        if (maxLoginAge.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("maxLoginAge must be at least a second: " + issuer);
        }
    }

    /**
     * A provider with the defaults: its issuer as its name, its issuer and what lies below it as its client ids, its keys at
     * {@code <issuer>/.well-known/jwks.json}, every possible algorithm, and one hour since the login of a person, where it
     * says when that was.
     *
     * @param issuer the provider's issuer URL
     * @return the provider
     */
    public static TrustedProvider of(String issuer) {
        return new TrustedProvider(
                issuer,
                issuer,
                URI.create(withoutClosingSlash(issuer) + "/.well-known/jwks.json"),
                Set.of(issuer),
                true,
                ALGORITHMS,
                Set.of(),
                Duration.ofHours(1),
                false);
    }

    /**
     * Whether an ID-JAG of this provider may name a client: one of its client ids, or, where that is allowed, one below its
     * issuer, compared as text: the issuer without its closing slash, a slash, and at least one character, without any
     * {@code ?}, {@code #}, {@code %} or {@code \} and without a segment {@code .} or {@code ..}.
     *
     * @param clientId the {@code client_id} of an ID-JAG
     * @return false for a client of anybody else
     */
    public boolean isClient(String clientId) {
        return clientIds.contains(clientId) || (clientsBelowIssuer && isBelowIssuer(clientId));
    }

    private boolean isBelowIssuer(String clientId) {
        String below = withoutClosingSlash(issuer) + "/";
        if (!clientId.startsWith(below) || clientId.length() == below.length()) {
            return false;
        }
        String rest = clientId.substring(below.length());
        List<String> segments = List.of(rest.split("/", -1));
        return rest.chars().noneMatch(c -> NOT_IN_A_CLIENT_ID.indexOf(c) >= 0)
                && !segments.contains(".")
                && !segments.contains("..");
    }

    private static String withoutClosingSlash(String url) {
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    /**
     * With another name.
     *
     * @param name what people are shown
     * @return the changed provider
     */
    public TrustedProvider withDisplayName(String name) {
        return new TrustedProvider(
                issuer,
                name,
                jwksUri,
                clientIds,
                clientsBelowIssuer,
                algorithms,
                audienceTenants,
                maxLoginAge,
                loginTimeRequired);
    }

    /**
     * With keys at a pinned place.
     *
     * @param uri {@code https}, or {@code http} on loopback
     * @return the changed provider
     */
    public TrustedProvider withJwksUri(URI uri) {
        return new TrustedProvider(
                issuer,
                displayName,
                uri,
                clientIds,
                clientsBelowIssuer,
                algorithms,
                audienceTenants,
                maxLoginAge,
                loginTimeRequired);
    }

    /**
     * With these client ids exactly, and none that merely lies below its issuer.
     *
     * @param ids at least one
     * @return the changed provider
     */
    public TrustedProvider withClientIds(Set<String> ids) {
        return new TrustedProvider(
                issuer, displayName, jwksUri, ids, false, algorithms, audienceTenants, maxLoginAge, loginTimeRequired);
    }

    /**
     * With fewer algorithms.
     *
     * @param allowed at least one of {@link #ALGORITHMS}
     * @return the changed provider
     */
    public TrustedProvider withAlgorithms(Set<String> allowed) {
        return new TrustedProvider(
                issuer,
                displayName,
                jwksUri,
                clientIds,
                clientsBelowIssuer,
                allowed,
                audienceTenants,
                maxLoginAge,
                loginTimeRequired);
    }

    /**
     * With the tenants of this service that the provider knows.
     *
     * @param tenants values of {@code aud_tenant}
     * @return the changed provider
     */
    public TrustedProvider withAudienceTenants(Set<String> tenants) {
        return new TrustedProvider(
                issuer,
                displayName,
                jwksUri,
                clientIds,
                clientsBelowIssuer,
                algorithms,
                tenants,
                maxLoginAge,
                loginTimeRequired);
    }

    /**
     * With another time since a person's login.
     *
     * @param age how old the {@code auth_time} of an ID-JAG may be, at least a second
     * @return the changed provider
     */
    public TrustedProvider withMaxLoginAge(Duration age) {
        return new TrustedProvider(
                issuer,
                displayName,
                jwksUri,
                clientIds,
                clientsBelowIssuer,
                algorithms,
                audienceTenants,
                age,
                loginTimeRequired);
    }

    /**
     * With or without the demand that every ID-JAG says when its person logged in.
     *
     * @param required whether one without {@code auth_time} is refused
     * @return the changed provider
     */
    public TrustedProvider withLoginTimeRequired(boolean required) {
        return new TrustedProvider(
                issuer,
                displayName,
                jwksUri,
                clientIds,
                clientsBelowIssuer,
                algorithms,
                audienceTenants,
                maxLoginAge,
                required);
    }
}
