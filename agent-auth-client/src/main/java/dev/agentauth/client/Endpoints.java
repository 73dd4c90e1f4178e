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

    private static final String CLAIM = "urn:workos:agent-auth:grant-type:claim";

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

    /** Registers for the person with an e-mail address, as later versions call that. */
    public Reply registerWithLoginHint(String address) {
        return http.postJson(service.identityEndpoint(), Map.of("type", Service.SERVICE_AUTH, "login_hint", address));
    }

    /** Registers for whoever signs in at the service. */
    public Reply registerForWhoeverSignsIn() {
        return http.postJson(service.identityEndpoint(), Map.of("type", Service.SERVICE_AUTH));
    }

    /** Comes back with a refresh token. */
    public Reply refresh(String refreshToken) {
        return http.postJson(service.identityEndpoint(), Map.of("type", "refresh", "refresh_token", refreshToken));
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

    /** The same in production's words. */
    public Reply startClaimInProductionsWords(String claimToken, String address) {
        return http.postJson(
                service.claimEndpoint(),
                Map.of("type", Service.SERVICE_AUTH, "claim_token", claimToken, "login_hint", address));
    }

    /** Brings the code that the person read out, under production's name for it. */
    public Reply completeClaimByUserCode(String claimToken, String code) {
        return http.postJson(
                service.claimEndpoint() + "/complete", Map.of("claim_token", claimToken, "user_code", code));
    }

    /** Asks whether the person has typed the code (RFC 8628, section 3.4). */
    public Reply poll(String claimToken) {
        return http.postForm(
                service.tokenEndpoint(),
                Map.of("grant_type", CLAIM, "claim_token", claimToken, "resource", service.resource()));
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
     * Gives an access token back, or a refresh token, which ends everything.
     *
     * @throws IllegalStateException if the service says nowhere where; the token ends by itself
     */
    public Reply revoke(String token) {
        String endpoint = service.revocationEndpoint()
                .orElseThrow(() -> new IllegalStateException(
                        "The service has no revocation_endpoint: forget the token, it ends by itself."));
        return http.postForm(endpoint, Map.of("token", token));
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
