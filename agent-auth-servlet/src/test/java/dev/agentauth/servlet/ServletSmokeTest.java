package dev.agentauth.servlet;

import static dev.agentauth.servlet.MountedService.FORM;
import static dev.agentauth.servlet.MountedService.encoded;
import static dev.agentauth.servlet.MountedService.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.internal.json.JsonObject;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.EnumSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All endpoints once over a real container, from registering to using a token. */
class ServletSmokeTest {
    private static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private static final Pattern CODE = Pattern.compile("<span>(\\d{3})</span><span>(\\d{3})</span>");

    private MountedService service;

    @BeforeEach
    void start() throws Exception {
        service = new MountedService();
        service.withAgentAuthServlet()
                .with(
                        BearerTokenFilter.builder(service.auth)
                                .require("GET", "/api/notes", "api.read")
                                .require("POST", "/api/notes", "api.write")
                                .build(),
                        "/api/*",
                        EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR))
                .with(new Notes(), "/api/notes")
                .start();
    }

    @AfterEach
    void stop() throws Exception {
        service.stop();
    }

    @Test
    void anonymousAgentIsClaimedOnThePageAndItsTokenWidens() throws Exception {
        HttpResponse<String> registered = service.postJson("/agent/identity", "{\"type\":\"anonymous\"}");
        assertThat(registered.statusCode()).isEqualTo(200);
        assertThat(registered.headers().allValues("Cache-Control")).containsExactly("no-store");
        JsonObject registration = json(registered);
        assertThat(registration.names())
                .containsExactlyInAnyOrder(
                        "registration_id",
                        "registration_type",
                        "id",
                        "type",
                        "identity_assertion",
                        "assertion_expires",
                        "identity",
                        "pre_claim_scopes",
                        "post_claim_scopes",
                        "scopes",
                        "claim_url",
                        "claim_token",
                        "claim_token_expires",
                        "claim");
        assertThat(registration.string("registration_type")).contains("anonymous");
        assertThat(registration.string("assertion_expires")).contains("2026-05-04T14:00:00.000Z");
        assertThat(registration.string("claim_url")).contains("https://service.example/agent/identity/claim");
        String claimToken = registration.requiredString("claim_token");

        String token = exchange(registration.requiredString("identity_assertion"), "api.read");
        assertThat(notes("GET", token).statusCode()).isEqualTo(200);
        assertThat(notes("POST", token).statusCode()).isEqualTo(403);

        HttpResponse<String> started = service.postJson(
                "/agent/identity/claim", "{\"claim_token\":\"" + claimToken + "\",\"email\":\"ada@example.com\"}");
        assertThat(started.statusCode()).isEqualTo(200);
        assertThat(json(started).names())
                .containsExactlyInAnyOrder(
                        "registration_id",
                        "claim_attempt_id",
                        "claim_attempt",
                        "status",
                        "expires_at",
                        "id",
                        "type",
                        "attempt");

        String attempt = service.attemptToken();
        HttpResponse<String> page = service.get("/agent/identity/claim/view?token=" + attempt);
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body())
                .contains(
                        "Example", "api.write", registration.requiredString("registration_id"), "4 May 2026, 13:00 UTC")
                .contains("action=\"/agent/identity/claim/view/reveal\"")
                .doesNotContain("style=");

        HttpResponse<String> revealed = service.post("/agent/identity/claim/view/reveal", FORM, "token=" + attempt);
        assertThat(revealed.statusCode()).isEqualTo(200);
        assertThat(revealed.body()).contains("10 minutes left");
        assertThat(service.postJson("/agent/identity/claim/complete", complete(claimToken, code(revealed)))
                        .body())
                .isEqualTo("{\"registration_id\":\"" + registration.requiredString("registration_id") + "\",\"id\":\""
                        + registration.requiredString("id") + "\",\"status\":\"claimed\"}");

        assertThat(notes("POST", token).statusCode()).isEqualTo(200);
        assertThat(service.get("/agent/identity/claim/view?token=" + attempt).body())
                .contains("Already confirmed");

        HttpResponse<String> revoked = service.post("/oauth2/revoke", FORM, "token=" + token);
        assertThat(revoked.statusCode()).isEqualTo(200);
        assertThat(revoked.body()).isEmpty();
        assertThat(notes("POST", token).headers().firstValue("WWW-Authenticate"))
                .contains("Bearer error=\"invalid_token\", resource_metadata="
                        + "\"https://service.example/.well-known/oauth-protected-resource/api/\"");
    }

    @Test
    void emailAgentIsClaimedOverTheEndpointsForOwnPages() throws Exception {
        JsonObject registration = service.registerByEmail("ada@example.com");
        assertThat(registration.names())
                .containsExactlyInAnyOrder(
                        "registration_id",
                        "registration_type",
                        "id",
                        "type",
                        "claim_url",
                        "claim_token",
                        "claim_token_expires",
                        "claim",
                        "post_claim_scopes",
                        "scopes");

        HttpResponse<String> challenge =
                service.postJson("/agent/identity/claim/attempt/challenge", attempt(service.attemptToken()));
        assertThat(challenge.statusCode()).isEqualTo(200);
        assertThat(json(challenge).string("type")).contains("otp");
        assertThat(json(challenge).string("expires_at")).contains("2026-05-04T13:10:00.000Z");
        HttpResponse<String> completed = service.postJson(
                "/agent/identity/claim/complete",
                complete(
                        registration.requiredString("claim_token"),
                        json(challenge).requiredString("challenge")));

        assertThat(json(completed).names())
                .containsExactlyInAnyOrder(
                        "registration_id", "id", "status", "identity_assertion", "assertion_expires", "identity");
        String token = exchange(json(completed).requiredString("identity_assertion"), "api.read api.write");
        assertThat(notes("POST", token).body()).isEqualTo("Bearer true false");
    }

    @Test
    void rejectedClaimSaysSoOnThePageAndToTheAgent() throws Exception {
        JsonObject registration = service.registerByEmail("ada@example.com");

        HttpResponse<String> rejected =
                service.post("/agent/identity/claim/view/reject", FORM, "token=" + service.attemptToken());

        assertThat(rejected.statusCode()).isEqualTo(200);
        assertThat(rejected.body()).contains("You said that this wasn’t you");
        HttpResponse<String> completed = service.postJson(
                "/agent/identity/claim/complete", complete(registration.requiredString("claim_token"), "123456"));
        assertThat(completed.statusCode()).isEqualTo(403);
        assertThat(json(completed).string("error")).contains("claim_rejected");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/.well-known/oauth-authorization-server",
                "/.well-known/oauth-protected-resource",
                "/.well-known/oauth-protected-resource/api",
                "/.well-known/oauth-protected-resource/api/",
                "/.well-known/jwks.json",
                "/auth.md"
            })
    void documentsAreTheSameForHeadAndForOtherOrigins(String path) throws Exception {
        HttpResponse<String> get = service.get(path, "Origin", "https://elsewhere.example");
        HttpResponse<String> head = service.send(service.request(path).method("HEAD", BodyPublishers.noBody()));

        assertThat(get.statusCode()).isEqualTo(200);
        assertThat(get.headers().allValues("Cache-Control")).containsExactly("public, max-age=300");
        assertThat(get.headers().allValues("Access-Control-Allow-Origin")).containsExactly("*");
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        for (String header : List.of("Content-Type", "Content-Length", "Cache-Control")) {
            assertThat(head.headers().allValues(header))
                    .isEqualTo(get.headers().allValues(header))
                    .hasSize(1);
        }
    }

    private String exchange(String assertion, String scopes) throws Exception {
        HttpResponse<String> response =
                service.post("/oauth2/token", FORM, "grant_type=" + encoded(JWT_BEARER) + "&assertion=" + assertion);
        assertThat(response.statusCode()).isEqualTo(200);
        JsonObject token = json(response);
        assertThat(token.names()).containsExactlyInAnyOrder("access_token", "token_type", "expires_in", "scope");
        assertThat(token.string("token_type")).contains("Bearer");
        assertThat(token.requiredLong("expires_in")).isEqualTo(3600);
        assertThat(token.string("scope")).contains(scopes);
        return token.requiredString("access_token");
    }

    private HttpResponse<String> notes(String method, String token) throws Exception {
        return service.send(service.request("/api/notes")
                .header("Authorization", "Bearer " + token)
                .method(method, BodyPublishers.noBody()));
    }

    private static String complete(String claimToken, String code) {
        return "{\"claim_token\":\"" + claimToken + "\",\"otp\":\"" + code + "\"}";
    }

    private static String attempt(String token) {
        return "{\"claim_attempt_token\":\"" + token + "\"}";
    }

    private static String code(HttpResponse<String> page) {
        Matcher code = CODE.matcher(page.body());
        assertThat(code.find()).isTrue();
        return code.group(1) + code.group(2);
    }

    /** An API that says who it believes is there. */
    private static final class Notes extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.getWriter()
                    .print(request.getAuthType() + " " + request.isUserInRole("api.write") + " "
                            + request.getUserPrincipal().getName().startsWith("reg_"));
        }
    }
}
