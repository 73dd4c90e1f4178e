package dev.agentauth.examples.versions;

/** An agent of protocol 0.2. */
final class Agent02 {
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
            "claim_attempt_id",
            "status",
            "expires_at",
            "error",
            "message",
            "access_token",
            "user_id");
    private final String api;
    private final String tokenEndpoint;
    private final String revocationEndpoint;
    private final String identityEndpoint;
    private final String claimEndpoint;

    /** What an answer to a registration says; empty where it does not. */
    record Registered(String id, String type, String assertion, String claimToken) {}

    Agent02(String api) {
        this.api = api;
        Wire.Answer server = wire.get(Endpoints.ofServer(wire, api), null).hasStatus(200);
        this.tokenEndpoint = server.text("token_endpoint");
        this.revocationEndpoint = server.text("revocation_endpoint");
        this.identityEndpoint = server.text("agent_auth.identity_endpoint");
        this.claimEndpoint = server.text("agent_auth.claim_endpoint");
    }

    Registered anonymous() {
        Wire.Answer answer = wire.json(identityEndpoint, "type", "anonymous").hasStatus(200);
        return new Registered(
                answer.text("registration_id"),
                answer.text("registration_type"),
                answer.text("identity_assertion"),
                answer.text("claim_token"));
    }

    Registered email(String address) {
        Wire.Answer answer = wire.json(
                        identityEndpoint,
                        "type",
                        "identity_assertion",
                        "assertion_type",
                        "verified_email",
                        "assertion",
                        address)
                .hasStatus(200);
        return new Registered(
                answer.text("registration_id"), answer.text("registration_type"), "", answer.text("claim_token"));
    }

    Registered idJag(String idJag) {
        Wire.Answer answer = present(idJag).hasStatus(200);
        return new Registered(
                answer.text("registration_id"),
                answer.text("registration_type"),
                answer.text("identity_assertion"),
                "");
    }

    Registered stepUp(String idJag) {
        Wire.Answer answer = present(idJag).hasStatus(401);
        if (!answer.text("error").equals("interaction_required")) {
            throw new AssertionError(answer);
        }
        return new Registered(
                answer.text("registration_id"), answer.text("registration_type"), "", answer.text("claim_token"));
    }

    private Wire.Answer present(String idJag) {
        return wire.json(identityEndpoint, "type", "identity_assertion", "assertion_type", ID_JAG, "assertion", idJag);
    }

    void startClaim(Registered me, String address) {
        Wire.Answer answer = wire.json(claimEndpoint, "claim_token", me.claimToken(), "email", address)
                .hasStatus(200);
        if (!answer.text("status").equals("initiated") || !answer.has("expires_at")) {
            throw new AssertionError(answer);
        }
    }

    Wire.Answer complete(Registered me, String code) {
        return wire.json(claimEndpoint + "/complete", "claim_token", me.claimToken(), "otp", code);
    }

    String exchange(String assertion) {
        return tryExchange(assertion).hasStatus(200).text("access_token");
    }

    Wire.Answer tryExchange(String assertion) {
        return wire.form(tokenEndpoint, "grant_type", Endpoints.JWT_BEARER, "assertion", assertion);
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
