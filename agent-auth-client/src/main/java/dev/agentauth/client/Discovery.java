package dev.agentauth.client;

import dev.agentauth.client.http.Http;
import dev.agentauth.client.http.Json;
import dev.agentauth.client.http.JsonFormatException;
import dev.agentauth.client.http.Reply;
import dev.agentauth.client.http.UnsafeUrlException;
import dev.agentauth.client.http.Urls;
import dev.agentauth.client.http.WellKnown;
import java.net.URI;
import java.util.List;

/**
 * From an API that says 401 to the endpoints that help: challenge, resource metadata, server metadata. Nothing that these
 * name is used before it is known to be theirs to name:
 *
 * <ul>
 *   <li>the resource metadata lies at the API's own origin, and the resource is the API or above it;
 *   <li>the server metadata lies where its issuer has to have it, and names that issuer, character by character;
 *   <li>every URL is https. Loopback, by http or https, is for an API that is there itself: a service out in the world
 *       cannot send the agent to ports of its own machine.
 * </ul>
 *
 * @since 0.2.0
 */
public final class Discovery {
    private final Http http;
    private final URI api;

    /**
     * Discovers what an API needs.
     *
     * @throws UnsafeUrlException if its URL is neither https nor on loopback
     */
    public Discovery(Http http, String api) {
        this.http = http;
        this.api = Urls.requireSafe(api);
    }

    /** All steps. */
    public Service discover() {
        return service(resource(resourceMetadataUrl(http.get(api.toString()))));
    }

    /** Where the metadata of the API is, from the challenge in its refusal (RFC 9728, section 5.1). */
    public String resourceMetadataUrl(Reply refusal) {
        if (refusal.status() != 401) {
            throw new DiscoveryException("the API does not ask for a token: expected 401, seen " + refusal);
        }
        String url = Challenge.bearer(refusal)
                .parameter("resource_metadata")
                .orElseThrow(() -> new DiscoveryException("the refusal names no resource_metadata"));
        if (!Urls.isSameOrigin(requireUsable("resource_metadata", url), api)) {
            throw new DiscoveryException("the resource metadata is not at the API's origin");
        }
        return url;
    }

    /** What the API says about itself. */
    public ProtectedResource resource(String resourceMetadataUrl) {
        Json metadata = document(resourceMetadataUrl);
        String resource = text(metadata, "resource");
        // RFC 9728, section 3.3: metadata about something else could be bait.
        if (!Urls.covers(requireUsable("resource", resource), api)) {
            throw new DiscoveryException("the resource metadata is about another resource");
        }
        List<String> issuers = read(metadata.get("authorization_servers")::texts);
        if (issuers.isEmpty()) {
            throw new DiscoveryException("the resource metadata names no authorization server");
        }
        return new ProtectedResource(resource, issuers.get(0));
    }

    /** The service that gives out tokens for the API. */
    public Service service(ProtectedResource resource) {
        String issuer = resource.issuer();
        if (requireUsable("the issuer", issuer).getRawQuery() != null) {
            throw new DiscoveryException("the issuer has a query");
        }
        Json metadata = document(WellKnown.inserted(WellKnown.AUTHORIZATION_SERVER, issuer));
        // RFC 8414, section 3.3.
        if (!text(metadata, "issuer").equals(issuer)) {
            throw new DiscoveryException("the server metadata is that of another issuer");
        }
        Service service = read(() -> Service.of(resource.resource(), metadata));
        service.urls().forEach(url -> requireUsable("an endpoint", url));
        return service;
    }

    private Json document(String url) {
        Reply reply = http.get(url);
        if (reply.status() != 200) {
            throw new DiscoveryException("no metadata at " + url + ": " + reply);
        }
        return read(reply::json);
    }

    private URI requireUsable(String what, String url) {
        URI usable;
        try {
            usable = Urls.requireSafe(url);
        } catch (UnsafeUrlException e) {
            throw new DiscoveryException(what + " is " + e.getMessage(), e);
        }
        if (Urls.isLoopback(usable) && !Urls.isLoopback(api)) {
            throw new DiscoveryException(what + " is on loopback, and the API is not");
        }
        return usable;
    }

    private static String text(Json metadata, String member) {
        return read(metadata.get(member)::text);
    }

    private interface Reading<T> {
        T read();
    }

    private static <T> T read(Reading<T> reading) {
        try {
            return reading.read();
        } catch (JsonFormatException e) {
            throw new DiscoveryException("the metadata is not as it has to be: " + e.getMessage(), e);
        }
    }
}
