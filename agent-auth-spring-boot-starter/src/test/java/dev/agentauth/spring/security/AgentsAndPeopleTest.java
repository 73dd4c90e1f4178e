package dev.agentauth.spring.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.AgentAuth;
import dev.agentauth.Caller;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One chain, people by their sessions and agents by their tokens. */
class AgentsAndPeopleTest {
    private static TestService service;

    private final Browser agent = service.browser();

    @BeforeAll
    static void start() {
        service = TestService.start(TestService.Shared.class);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void agentIsAnAuthenticationWithItsScopes() {
        HttpResponse<String> answer = agent.get("/api/thing", bearer(service.token()));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).matches("(reg_[\\w-]+) \\[SCOPE_api.read] \\1");
    }

    @Test
    void personIsWhoLoggedIn() {
        Browser ada = loggedIn();

        assertThat(ada.get("/api/thing").body()).isEqualTo("ada@example.com [ROLE_USER] person");
    }

    @Test
    void refusalsAreThoseOfTheBearerTokenFilter() {
        String token = service.token();
        assertAlike("GET", "/api/thing", "/plain/thing");
        assertAlike("GET", "/api/thing", "/plain/thing", "Accept", "application/json");
        assertAlike("GET", "/api/thing", "/plain/thing", "Accept", "*/*");
        assertAlike("GET", "/api/thing", "/plain/thing", bearer("at_" + "x".repeat(32)));
        assertAlike("GET", "/api/thing", "/plain/thing", bearer("a.foreign.jwt"));
        assertAlike("GET", "/api/thing", "/plain/thing", "Authorization", "Bearer");
        assertAlike("GET", "/api/thing", "/plain/thing", "Authorization", "Bearer a", "Authorization", "Bearer b");
        assertAlike("POST", "/api/thing", "/plain/thing", bearer(token));
        assertAlike("POST", "/api/thing", "/plain/thing");
        assertAlike("GET", "/account", "/plain/other", bearer(token));
        assertThat(agent.send("POST", "/api/thing", "", bearer(token)).statusCode())
                .isEqualTo(403);
    }

    @Test
    void refusalByARuleOfPathsNamesTheScopeToo() {
        assertSame("PUT /api/thing", "POST /plain/thing", bearer(service.token()));
    }

    @Test
    void refusalThatNoScopeWouldHelpNamesNone() {
        HttpResponse<String> answer = agent.get("/api/people", bearer(service.token()));

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.headers().firstValue("WWW-Authenticate").orElseThrow())
                .startsWith("Bearer error=\"insufficient_scope\", resource_metadata=")
                .doesNotContain("scope=\"");
    }

    @Test
    void outageIsA503ThatSaysWhenToComeBack() {
        String token = service.token();
        service.bean(TestService.Switch.class).isOn = true;
        try {
            HttpResponse<String> answer = assertAlike("GET", "/api/thing", "/plain/thing", bearer(token));
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        } finally {
            service.bean(TestService.Switch.class).isOn = false;
        }
    }

    @Test
    void browserWithoutASessionGetsTheLogin() {
        HttpResponse<String> answer =
                agent.get("/api/thing", "Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");

        assertThat(answer.statusCode()).isEqualTo(302);
        assertThat(answer.headers().firstValue("Location").orElseThrow()).endsWith("/login");
        assertThat(agent.get("/account", "Accept", "text/html").statusCode()).isEqualTo(302);
    }

    @Test
    void pathsThatAreNotForAgentsDoNotPointThemAtAToken() {
        HttpResponse<String> answer = agent.get("/account", "Accept", "application/json");

        assertThat(answer.headers().allValues("WWW-Authenticate").toString()).doesNotContain("resource_metadata");
    }

    @Test
    void peopleKeepTheProtectionAgainstForgedRequestsAndAgentsNeedNone() {
        Browser ada = loggedIn();
        String csrf = ada.get("/account").body().split(" ", -1)[1];

        assertThat(ada.post("/api/note", "").statusCode()).isEqualTo(403);
        assertThat(ada.post("/api/note", "", "X-CSRF-TOKEN", csrf).statusCode()).isEqualTo(200);
        assertThat(agent.post("/api/note", "", bearer(service.token())).statusCode())
                .isEqualTo(200);
    }

    @Test
    void badTokenDoesNotEscapeTheProtectionOfASession() {
        Browser ada = loggedIn();

        assertThat(ada.post("/api/note", "", bearer("at_" + "x".repeat(32))).statusCode())
                .isEqualTo(401);
        assertThat(ada.post("/api/note", "", "Authorization", "Basic eA==").statusCode())
                .isEqualTo(403);
        assertThat(agent.post("/api/note", "", "Origin", "https://elsewhere.example")
                        .statusCode())
                .isEqualTo(302);
    }

    @Test
    void tokenBesideASessionIsTheAgents() {
        Browser both = loggedIn();
        both.get("/api/my-session");

        assertThat(both.get("/api/thing", bearer(service.token())).body()).startsWith("reg_");
        assertThat(both.get("/api/session", bearer(service.token())).body()).isEqualTo("true null");
        assertThat(both.get("/api/session").body()).isEqualTo("false a person");
    }

    @Test
    void agentsMakeNoSession() {
        TestService.Parts parts = service.bean(TestService.Parts.class);
        int before = parts.sessions.get();

        for (String path :
                List.of("/api/thing", "/api/session", "/api/people", "/api/fails", "/api/none", "/account")) {
            assertThat(agent.get(path, bearer(service.token())).headers().allValues("Set-Cookie"))
                    .as(path)
                    .isEmpty();
        }
        assertThat(agent.get("/auth.md").headers().allValues("Set-Cookie")).isEmpty();
        assertThat(agent.get("/api/thing").headers().allValues("Set-Cookie")).isEmpty();

        assertThat(parts.sessions.get()).isEqualTo(before);
    }

    @Test
    void principalIsThereOnErrorDispatches() {
        HttpResponse<String> failed = agent.get("/api/fails", bearer(service.token()));
        HttpResponse<String> missing = agent.get("/api/none", bearer(service.token()));

        assertThat(failed.statusCode()).isEqualTo(500);
        assertThat(failed.body()).contains("\"who\":\"reg_");
        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(missing.body()).contains("\"who\":\"reg_");
    }

    @Test
    void principalIsThereOnAsynchronousDispatches() {
        assertThat(agent.get("/api/callable", bearer(service.token())).body()).matches("(reg_[\\w-]+) \\1");
        assertThat(loggedIn().get("/api/callable").body()).isEqualTo("ada@example.com ada@example.com");
    }

    @Test
    void revokedTokenIsDeadAtOnce() {
        String token = service.token();
        assertThat(agent.get("/api/thing", bearer(token)).statusCode()).isEqualTo(200);

        service.bean(AgentAuth.class).revokeToken(Caller.unknown(), token);

        assertThat(agent.get("/api/thing", bearer(token)).statusCode()).isEqualTo(401);
    }

    @Test
    void protocolAnswersForItself() {
        HttpResponse<String> metadata = agent.get("/.well-known/oauth-protected-resource/api/");
        HttpResponse<String> registered =
                agent.post("/agent/identity", "{\"type\":\"anonymous\"}", "Content-Type", "application/json");
        HttpResponse<String> page = agent.get("/agent/identity/claim/view?token=x", "Accept", "text/html");

        assertThat(metadata.statusCode()).isEqualTo(200);
        assertThat(registered.statusCode()).isEqualTo(200);
        assertThat(page.headers().allValues("Content-Security-Policy")).hasSize(1);
        assertThat(page.headers().allValues("X-Frame-Options")).containsExactly("DENY");
        assertThat(page.headers().allValues("Referrer-Policy")).containsExactly("no-referrer");
        assertThat(page.headers().allValues("Cache-Control")).containsExactly("no-store");
        assertThat(agent.get("/oauth2/authorization/some-provider").statusCode())
                .isNotEqualTo(200);
        assertThat(agent.get("/.well-known/security.txt", "Accept", "text/html").statusCode())
                .isEqualTo(302);
    }

    private static Browser loggedIn() {
        Browser ada = service.browser();
        assertThat(ada.logIn("ada@example.com").statusCode()).isEqualTo(302);
        return ada;
    }

    private static String[] bearer(String token) {
        return new String[] {"Authorization", "Bearer " + token};
    }

    private HttpResponse<String> assertAlike(String method, String path, String plain, String... headers) {
        return assertSame(method + " " + path, method + " " + plain, headers);
    }

    /** Spring Security adds headers of its own; ours are the same, and so is all else. */
    private HttpResponse<String> assertSame(String request, String plain, String... headers) {
        HttpResponse<String> answer = send(request, headers);
        HttpResponse<String> expected = send(plain, headers);

        assertThat(answer.statusCode()).as(request + List.of(headers)).isEqualTo(expected.statusCode());
        assertThat(answer.body()).isEqualTo(expected.body());
        for (String name : List.of("WWW-Authenticate", "Content-Type", "Cache-Control", "Pragma", "Retry-After")) {
            assertThat(answer.headers().allValues(name))
                    .as(request + " " + name)
                    .isEqualTo(expected.headers().allValues(name));
        }
        return answer;
    }

    private HttpResponse<String> send(String request, String... headers) {
        String[] parts = request.split(" ", -1);
        return agent.send(parts[0], parts[1], "", headers);
    }
}
