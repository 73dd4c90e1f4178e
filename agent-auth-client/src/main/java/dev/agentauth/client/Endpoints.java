package dev.agentauth.client;

import dev.agentauth.client.http.Http;
import dev.agentauth.client.http.Reply;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The requests that an agent sends to one service, a method each. What an answer means is for the caller.
 *
 * @since 0.2.0
 */
public final class Endpoints {
    private static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    private final Http http;
    private final Service service;

    /** Speaks to a service that was discovered. */
    public Endpoints(Http http, Service service) {
        this.http = http;
        this.service = service;
    }

    /** Registers without naming anybody. */
    public Reply registerAnonymous() {
        return http.postJson(service.identityEndpoint(), Map.of("type", "anonymous"));
    }

    /** Registers for the person with an e-mail address, who gets a mail at once. */
    public Reply registerWithEmail(String address) {
        return registerWith(Service.VERIFIED_EMAIL, address);
    }

    /** Registers for the person whom a provider vouches for. */
    public Reply registerWithIdJag(String idJag) {
        return registerWith(Service.ID_JAG, idJag);
    }

    private Reply registerWith(String type, String assertion) {
        return http.postJson(
                service.identityEndpoint(),
                Map.of("type", "identity_assertion", "assertion_type", type, "assertion", assertion));
    }

    /** Has a person asked, by mail, to take an anonymous registration over. */
    public Reply startClaim(String claimToken, String address) {
        return http.postJson(service.claimEndpoint(), Map.of("claim_token", claimToken, "email", address));
    }

    /** Brings the code that the person read out. */
    public Reply completeClaim(String claimToken, String code) {
        return http.postJson(service.claimEndpoint() + "/complete", Map.of("claim_token", claimToken, "otp", code));
    }

    /** Exchanges an identity assertion for an access token, for all scopes or for fewer. */
    public Reply exchange(String assertion, @Nullable String scope) {
        Map<String, String> form = new HashMap<>();
        form.put("grant_type", JWT_BEARER);
        form.put("assertion", assertion);
        form.put("resource", service.resource());
        if (scope != null) {
            form.put("scope", scope);
        }
        return http.postForm(service.tokenEndpoint(), form);
    }

    /**
     * Gives an access token back.
     *
     * @throws IllegalStateException if the service says nowhere where; the token ends by itself
     */
    public Reply revoke(String accessToken) {
        String endpoint = service.revocationEndpoint()
                .orElseThrow(() -> new IllegalStateException(
                        "The service has no revocation_endpoint: forget the token, it ends by itself."));
        return http.postForm(endpoint, Map.of("token", accessToken));
    }

    /** Uses an access token at an API. */
    public Reply call(String method, String url, String accessToken) {
        return http.send(method, url, BodyPublishers.noBody(), "Authorization", "Bearer " + accessToken);
    }

    /** Uses an access token at an API, for any request. */
    public Reply call(HttpRequest request, String accessToken) {
        return http.send(HttpRequest.newBuilder(request, (name, value) -> !name.equalsIgnoreCase("Authorization"))
                .header("Authorization", "Bearer " + accessToken)
                .build());
    }
}
