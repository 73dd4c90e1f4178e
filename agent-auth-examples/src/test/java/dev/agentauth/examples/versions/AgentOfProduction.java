package dev.agentauth.examples.versions;

/** An agent that speaks as production does. */
final class AgentOfProduction {
    private static final String ID_JAG = "urn:ietf:params:oauth:token-type:id-jag";

    private final Wire wire = new Wire(
            "authorization_servers",
            "token_endpoint",
            "revocation_endpoint",
            "agent_auth",
            "identity_endpoint",
            "claim_endpoint",
            "id",
            "type",
            "identity",
            "assertion",
            "expires_at",
            "refresh_token",
            "value",
            "scopes",
            "pre_claim",
            "post_claim",
            "claim",
            "token",
            "url",
            "attempt",
            "verification_uri",
            "status",
            "error",
            "code",
            "error_description",
            "access_token",
            "user_id");
    private final String api;
    private final String tokenEndpoint;
    private final String revocationEndpoint;
    private final String identityEndpoint;
    private final String claimEndpoint;

    /** What an answer to a registration says; empty where it does not. */
    record Registered(String id, String type, String assertion, String claimToken, String claimUrl) {}

    AgentOfProduction(String api) {
        this.api = api;
        Wire.Answer server = wire.get(Endpoints.ofServer(wire, api), null).hasStatus(200);
        this.tokenEndpoint = server.text("token_endpoint");
        this.revocationEndpoint = server.text("revocation_endpoint");
        this.identityEndpoint = server.text("agent_auth.identity_endpoint");
        this.claimEndpoint = server.text("agent_auth.claim_endpoint");
    }

    Registered anonymous() {
        Wire.Answer answer = wire.json(identityEndpoint, "type", "anonymous").hasStatus(200);
        if (!answer.has("scopes.pre_claim") || !answer.has("scopes.post_claim")) {
            throw new AssertionError(answer);
        }
        return new Registered(
                answer.text("id"),
                answer.text("type"),
                answer.text("identity.assertion"),
                answer.text("claim.token"),
                answer.text("claim.url"));
    }

    Registered serviceAuth(String address) {
        return asked(wire.json(identityEndpoint, "type", "service_auth", "login_hint", address)
                .hasStatus(200));
    }

    Registered idJag(String idJag) {
        Wire.Answer answer = present(idJag).hasStatus(200);
        return new Registered(answer.text("id"), answer.text("type"), answer.text("identity.assertion"), "", "");
    }

    Registered stepUp(String idJag) {
        Wire.Answer answer = present(idJag).hasStatus(401);
        if (!answer.text("error").equals("interaction_required")) {
            throw new AssertionError(answer);
        }
        return asked(answer);
    }

    private static Registered asked(Wire.Answer answer) {
        if (!answer.has("claim.attempt.verification_uri") || !answer.has("claim.attempt.expires_at")) {
            throw new AssertionError(answer);
        }
        return new Registered(
                answer.text("id"), answer.text("type"), "", answer.text("claim.token"), answer.text("claim.url"));
    }

    private Wire.Answer present(String idJag) {
        return wire.json(identityEndpoint, "type", "identity_assertion", "assertion_type", ID_JAG, "assertion", idJag);
    }

    /** What to show to the person. */
    String startClaim(Registered me, String address) {
        Wire.Answer answer = wire.json(
                        me.claimUrl(), "type", "service_auth", "claim_token", me.claimToken(), "login_hint", address)
                .hasStatus(200);
        return answer.text("attempt.verification_uri");
    }

    Wire.Answer complete(Registered me, String code) {
        return wire.json(claimEndpoint + "/complete", "claim_token", me.claimToken(), "user_code", code);
    }

    Wire.Answer refresh(String refreshToken) {
        return wire.json(identityEndpoint, "type", "refresh", "refresh_token", refreshToken);
    }

    void revoke(String token) {
        wire.form(revocationEndpoint, "token", token).hasStatus(200);
    }

    String exchange(String assertion) {
        return wire.form(tokenEndpoint, "grant_type", Endpoints.JWT_BEARER, "assertion", assertion)
                .hasStatus(200)
                .text("access_token");
    }

    Wire.Answer read(String token) {
        return wire.get(api, token);
    }

    Wire.Answer write(String token) {
        return wire.post(api, token);
    }
}
