package dev.agentauth.servlet.protocol;

import static dev.agentauth.servlet.protocol.Client.form;
import static dev.agentauth.servlet.protocol.Client.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The endpoints of Part A, with what a table over all of them needs to know. */
enum Endpoint {
    REGISTER("/agent/identity", Kind.JSON, "type"),
    CLAIM("/agent/identity/claim", Kind.JSON, "claim_token email"),
    CHALLENGE("/agent/identity/claim/attempt/challenge", Kind.JSON, "claim_attempt_token"),
    REJECT("/agent/identity/claim/attempt/reject", Kind.JSON, "claim_attempt_token"),
    COMPLETE("/agent/identity/claim/complete", Kind.JSON, "claim_token otp"),
    TOKEN("/oauth2/token", Kind.FORM, "grant_type assertion"),
    REVOKE("/oauth2/revoke", Kind.FORM, "token"),
    LOGOUT("/agent/auth/revoke", Kind.JWT, ""),
    EVENTS("/agent/event/notify", Kind.JWT, ""),
    VIEW("/agent/identity/claim/view", Kind.GET, ""),
    RESOURCE_METADATA("/.well-known/oauth-protected-resource", Kind.GET, ""),
    SERVER_METADATA("/.well-known/oauth-authorization-server", Kind.GET, ""),
    JWKS("/.well-known/jwks.json", Kind.GET, ""),
    AUTH_MD("/auth.md", Kind.GET, "");

    enum Kind {
        JSON,
        FORM,
        JWT,
        GET
    }

    final String path;
    final Kind kind;
    private final String required;

    Endpoint(String path, Kind kind, String required) {
        this.path = path;
        this.kind = kind;
        this.required = required;
    }

    static Stream<Endpoint> posts() {
        return Stream.of(values()).filter(endpoint -> endpoint.kind != Kind.GET);
    }

    static Stream<Endpoint> gets() {
        return Stream.of(values()).filter(endpoint -> endpoint.kind == Kind.GET);
    }

    static Stream<Endpoint> jsons() {
        return Stream.of(values()).filter(endpoint -> endpoint.kind == Kind.JSON);
    }

    static Stream<Endpoint> forms() {
        return Stream.of(values()).filter(endpoint -> endpoint.kind == Kind.FORM);
    }

    static Stream<Endpoint> documents() {
        return gets().filter(endpoint -> endpoint != VIEW);
    }

    /** The members or parameters that a request must have. */
    List<String> required() {
        return List.of(required.split(" "));
    }

    String contentType() {
        return switch (kind) {
            case JSON -> Client.JSON_TYPE;
            case FORM -> Client.FORM_TYPE;
            case JWT -> this == EVENTS ? Client.EVENT_TYPE : Client.LOGOUT_TYPE;
            case GET -> throw new IllegalStateException("has no body");
        };
    }

    Set<String> allowed() {
        return kind == Kind.GET ? Set.of("GET", "HEAD") : Set.of("POST");
    }

    Answer post(Client client, String body) {
        return client.send("POST", path, Client.utf8(body), "Content-Type", contentType());
    }

    /** The status of a success. */
    int ok() {
        return this == EVENTS ? 202 : 200;
    }

    /** A body that this endpoint of the test's service answers with success, once. */
    String goodBody(ProtocolTest test) {
        ProtocolTest.Registered agent = test.registerAnonymously();
        return switch (this) {
            case REGISTER -> json("type", "anonymous");
            case CLAIM -> json("claim_token", agent.claimToken(), "email", ProtocolTest.ADA);
            case CHALLENGE, REJECT -> json("claim_attempt_token", test.invite(agent, ProtocolTest.ADA));
            case COMPLETE ->
                json("claim_token", agent.claimToken(), "otp", test.reveal(test.invite(agent, ProtocolTest.ADA)));
            case TOKEN -> form("grant_type", Client.JWT_BEARER, "assertion", agent.assertion());
            case REVOKE -> form("token", test.token(agent.assertion()));
            case LOGOUT -> test.logoutOf("somebody").compact();
            case EVENTS -> test.eventAbout("somebody").compact();
            case VIEW, RESOURCE_METADATA, SERVER_METADATA, JWKS, AUTH_MD ->
                throw new IllegalStateException("has no body");
        };
    }

    /** Judges an error by the envelope of this endpoint. */
    Answer isError(Answer answer, int status, String code) {
        return switch (this) {
            case REGISTER, CLAIM, CHALLENGE, REJECT, COMPLETE, VIEW -> answer.isIdentityError(status, code);
            case TOKEN, REVOKE, LOGOUT -> answer.isCredentialError(status, code);
            case EVENTS -> answer.isEventError(status, code);
            case RESOURCE_METADATA, SERVER_METADATA, JWKS, AUTH_MD -> {
                // The protocol names no envelope for discovery; either will do.
                assertThat(answer.hasStatus(status).isJson().string("error")).isEqualTo(code);
                assertThat(answer.members()).containsAnyOf("message", "error_description");
                yield answer;
            }
        };
    }
}
