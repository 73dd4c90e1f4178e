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
    private final String claimEndpoint;

    /** What an answer to a registration says; empty where it does not. */
    record Registered(String id, String type, String assertion, String claimToken) {}

    /** What the agent shows to the person. */
    record Shown(String userCode, String verificationUri, long expiresIn, long interval) {
        static Shown of(Wire.Answer answer, String member) {
            return new Shown(
                    answer.text(member + ".user_code"),
                    answer.text(member + ".verification_uri"),
                    answer.number(member + ".expires_in"),
                    answer.number(member + ".interval"));
        }
    }

    /** A registration that waits for its person, and what to show to that person. */
    record Asked(Registered me, Shown shown) {}

    Agent07(String api) {
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

    Asked serviceAuth(String address) {
        return asked(wire.json(identityEndpoint, "type", "service_auth", "login_hint", address)
                .hasStatus(200));
    }

    private static Asked asked(Wire.Answer answer) {
        return new Asked(
                new Registered(
                        answer.text("registration_id"),
                        answer.text("registration_type"),
                        "",
                        answer.text("claim_token")),
                Shown.of(answer, "claim"));
    }

    Wire.Answer serviceAuthRefused(String address) {
        return wire.json(identityEndpoint, "type", "service_auth", "login_hint", address);
    }

    private Wire.Answer present(String idJag) {
        return wire.json(identityEndpoint, "type", "identity_assertion", "assertion_type", ID_JAG, "assertion", idJag);
    }

    Asked stepUp(String idJag) {
        Wire.Answer answer = present(idJag).hasStatus(401);
        if (!answer.text("error").equals("interaction_required")) {
            throw new AssertionError(answer);
        }
        return asked(answer);
    }

    Shown startClaim(Registered me, String address) {
        return Shown.of(
                wire.json(claimEndpoint, "type", "login_hint", "claim_token", me.claimToken(), "login_hint", address)
                        .hasStatus(200),
                "claim_attempt");
    }

    Wire.Answer claimByIdJag(Registered me, String idJag) {
        return wire.json(
                claimEndpoint, "type", "identity_assertion", "claim_token", me.claimToken(), "assertion", idJag);
    }

    Wire.Answer poll(Registered me) {
        return wire.form(
                tokenEndpoint, "grant_type", "urn:workos:agent-auth:grant-type:claim", "claim_token", me.claimToken());
    }

    Registered idJag(String idJag) {
        Wire.Answer answer = present(idJag).hasStatus(200);
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
