package dev.agentauth.examples.agent;

import dev.agentauth.examples.http.Http;
import dev.agentauth.examples.http.Json;
import dev.agentauth.examples.http.Reply;
import dev.agentauth.examples.http.WellKnown;
import java.util.List;

/** From an API that says 401 to the endpoints that help: challenge, resource metadata, server metadata. */
public final class Discovery {
    private final Http http;

    /** Discovers over this. */
    public Discovery(Http http) {
        this.http = http;
    }

    /** Where the metadata of an API is, from the challenge in its refusal (RFC 9728, section 5.1). */
    public String resourceMetadataUrl(Reply refusal) {
        return Challenge.of(refusal)
                .parameter("resource_metadata")
                .orElseThrow(() -> new DiscoveryException("the refusal names no resource_metadata"));
    }

    /** The issuer that an API takes tokens of. */
    public String issuer(String resourceMetadataUrl, String api) {
        Json metadata = document(resourceMetadataUrl);
        // RFC 9728, section 3.3: metadata about something else could be bait.
        if (!api.startsWith(metadata.get("resource").text())) {
            throw new DiscoveryException("the resource metadata is about another resource");
        }
        List<String> issuers = metadata.get("authorization_servers").texts();
        if (issuers.isEmpty()) {
            throw new DiscoveryException("the resource metadata names no authorization server");
        }
        return issuers.get(0);
    }

    /** The service behind an issuer. */
    public Service service(String issuer) {
        Json metadata = document(WellKnown.inserted(WellKnown.AUTHORIZATION_SERVER, issuer));
        // RFC 8414, section 3.3.
        if (!metadata.get("issuer").text().equals(issuer)) {
            throw new DiscoveryException("the server metadata is that of another issuer");
        }
        return Service.of(metadata);
    }

    private Json document(String url) {
        Reply reply = http.get(url);
        if (reply.status() != 200) {
            throw new DiscoveryException("no metadata at " + url + ": " + reply);
        }
        return reply.json();
    }
}
