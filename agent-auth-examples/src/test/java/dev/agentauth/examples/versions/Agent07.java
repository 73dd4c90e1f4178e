package dev.agentauth.examples.versions;

/** An agent of protocol 0.7. */
final class Agent07 {
    private static final String ID_JAG = "urn:ietf:params:oauth:token-type:id-jag";

    private final Wire wire = new Wire(
            "authorization_servers",
            "token_endpoint",
            "revocation_endpoint",
            "agent_auth",
            "identity_endpoint",
            "claim_endpoint",
            "registration_id",
            "registration_type",
            "identity_assertion",
            "assertion_expires",
            "pre_claim_scopes",
            "post_claim_scopes",
            "scopes",
            "claim_url",
            "claim_token",
            "claim_token_expires",
            "claim",
            "claim_attempt",
            "user_code",
            "verification_uri",
            "expires_in",
            "interval",
            "status",
            "error",
            "message",
            "access_token",
            "user_id");
    private final String api;
    private final String tokenEndpoint;
    private final String revocationEndpoint;
    private final String identityEndpoint;

    /** What an answer to a registration says; empty where it does not. */
    record Registered(String id, String type, String assertion, String claimToken) {}

    Agent07(String api) {
        this.api = api;
        Wire.Answer server = wire.get(Endpoints.ofServer(wire, api), null).hasStatus(200);
        this.tokenEndpoint = server.text("token_endpoint");
        this.revocationEndpoint = server.text("revocation_endpoint");
        this.identityEndpoint = server.text("agent_auth.identity_endpoint");
    }

    Registered anonymous() {
        Wire.Answer answer = wire.json(identityEndpoint, "type", "anonymous").hasStatus(200);
        return new Registered(
                answer.text("registration_id"),
                answer.text("registration_type"),
                answer.text("identity_assertion"),
                answer.text("claim_token"));
    }

    Registered serviceAuth(String address) {
        Wire.Answer answer = wire.json(identityEndpoint, "type", "service_auth", "login_hint", address)
                .hasStatus(200);
        return new Registered(
                answer.text("registration_id"), answer.text("registration_type"), "", answer.text("claim_token"));
    }

    Wire.Answer serviceAuthRefused(String address) {
        return wire.json(identityEndpoint, "type", "service_auth", "login_hint", address);
    }

    Registered idJag(String idJag) {
        Wire.Answer answer = wire.json(
                        identityEndpoint, "type", "identity_assertion", "assertion_type", ID_JAG, "assertion", idJag)
                .hasStatus(200);
        return new Registered(
                answer.text("registration_id"),
                answer.text("registration_type"),
                answer.text("identity_assertion"),
                "");
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

    void revoke(String token) {
        wire.form(revocationEndpoint, "token", token).hasStatus(200);
    }
}
