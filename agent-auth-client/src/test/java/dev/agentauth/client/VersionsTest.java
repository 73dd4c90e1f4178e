package dev.agentauth.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.client.Outcome.Answered;
import dev.agentauth.client.Outcome.LoginRequired;
import dev.agentauth.client.Outcome.NeedsPerson;
import dev.agentauth.client.Outcome.PersonAsked;
import dev.agentauth.client.Outcome.Ready;
import dev.agentauth.client.Outcome.Refused;
import dev.agentauth.client.Outcome.StartOver;
import dev.agentauth.client.Outcome.Step;
import dev.agentauth.client.http.Http;
import dev.agentauth.client.http.HttpStub;
import dev.agentauth.client.http.HttpStub.Canned;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The client against services that speak one version each, and nothing of the others. */
class VersionsTest {
    private static final String UNTIL = "2026-05-04T14:00:00.000Z";
    private static final Instant NOW = Instant.parse("2026-05-04T13:00:00Z");
    private static final Canned PENDING = Canned.json(400, Map.of("error", "authorization_pending"));
    private static final Canned OVER = Canned.json(400, Map.of("error", "invalid_grant"));

    private HttpStub server;
    private String url;
    private final List<Duration> pauses = new ArrayList<>();
    private final List<Credentials> stored = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() throws Exception {
        server = HttpStub.start();
        url = server.url();
        server.answer(
                "/api", Canned.status(401).with("WWW-Authenticate", "Bearer resource_metadata=\"" + url + "/prm\""));
        server.answer(
                "/prm", Canned.json(200, Map.of("resource", url + "/api", "authorization_servers", List.of(url))));
        publishes("identity_types_supported", List.of("anonymous", "service_auth"));
        server.answer("/token", token("at_1"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void productionsMembersAreReadAndItsRequestsAreSent() {
        server.answer("/identity", Canned.json(200, Map.of("id", "reg_1", "claim", claim("clm_1"))));
        server.answer(
                "/claim/complete", Canned.json(200, Map.of("id", "reg_1", "identity", identity("a.b.c", "rt_1"))));
        AgentAuthClient agent = client();

        NeedsPerson asked = (NeedsPerson) agent.registerWithEmail("anna@example.com");
        Ready ready = (Ready) agent.completeClaim("123456");

        assertThat(asked.question().verificationUri()).contains("https://auth.example.com/mail");
        assertThat(server.bodies("/identity").get(0))
                .contains("service_auth")
                .contains("\"login_hint\":\"anna@example.com\"");
        assertThat(server.bodies("/claim/complete").get(0)).contains("\"user_code\":\"123456\"");
        assertThat(ready.credentials().registrationId()).isEqualTo("reg_1");
        assertThat(ready.credentials().assertion()).contains("a.b.c");
        assertThat(ready.credentials().refreshToken()).contains("rt_1");
        assertThat(Credentials.fromJson(ready.credentials().toJson()).toJson())
                .isEqualTo(ready.credentials().toJson());
    }

    @Test
    void productionsClaimOfAnAnonymousRegistration() {
        server.answer(
                "/identity",
                Canned.json(200, Map.of("id", "reg_1", "identity", identity("a.b.c", ""), "claim", claim("clm_1"))));
        server.answer(
                "/claim",
                Canned.json(
                        200,
                        Map.of(
                                "id",
                                "reg_1",
                                "attempt",
                                Map.of("verification_uri", url + "/mail", "expires_at", UNTIL))));
        AgentAuthClient agent = client();
        assertThat(agent.registerAnonymous()).isInstanceOf(Ready.class);

        PersonAsked asked = (PersonAsked) agent.startClaim("anna@example.com");

        assertThat(asked.attemptId()).isEmpty();
        assertThat(asked.expiresAt()).isEqualTo(Instant.parse(UNTIL));
        assertThat(asked.question().verificationUri()).contains(url + "/mail");
        assertThat(server.bodies("/claim").get(0)).contains("\"login_hint\":\"anna@example.com\"");
    }

    @Test
    void flatMembersAreReadAndTheFirstVersionsRequestsAreSent() {
        publishes("identity_assertion", Map.of("assertion_types_supported", List.of("verified_email")));
        server.answer("/identity", flatRegistration());
        server.answer(
                "/claim/complete",
                Canned.json(
                        200,
                        Map.of("registration_id", "reg_1", "identity_assertion", "a.b.c", "assertion_expires", UNTIL)));
        AgentAuthClient agent = client();

        NeedsPerson asked = (NeedsPerson) agent.registerWithEmail("anna@example.com");
        Ready ready = (Ready) agent.completeClaim("123456");

        assertThat(asked.question().userCode()).isEmpty();
        assertThat(server.bodies("/identity").get(0)).contains("verified_email");
        assertThat(server.bodies("/claim/complete").get(0)).contains("\"otp\":\"123456\"");
        assertThat(ready.credentials().assertion()).contains("a.b.c");
        assertThat(ready.credentials().refreshToken()).isEmpty();
    }

    @Test
    void whoeverSignsInNeedsNoName() {
        server.answer("/identity", Canned.json(200, Map.of("id", "reg_1", "claim", claim("clm_1"))));

        assertThat(client().registerForWhoeverSignsIn()).isInstanceOf(NeedsPerson.class);

        assertThat(server.bodies("/identity").get(0)).isEqualTo("{\"type\":\"service_auth\"}");
    }

    @Test
    void pollingKeepsThePaceAndSlowsDownWhenItIsTold() {
        server.answer(
                "/identity",
                Canned.json(
                        200,
                        Map.of(
                                "registration_id",
                                "reg_1",
                                "claim_token",
                                "clm_1",
                                "claim_token_expires",
                                UNTIL,
                                "claim",
                                Map.of("user_code", "246810", "expires_in", 600, "interval", 7))));
        server.answer(
                "/token",
                PENDING,
                Canned.json(400, Map.of("error", "slow_down")),
                PENDING,
                Canned.json(
                        200,
                        Map.of(
                                "access_token", "at_1",
                                "token_type", "Bearer",
                                "expires_in", 60,
                                "identity_assertion", "a.b.c",
                                "assertion_expires", UNTIL)));
        AgentAuthClient agent = client();
        NeedsPerson asked = (NeedsPerson) agent.registerWithEmail("anna@example.com");
        assertThat(asked.question().userCode()).contains("246810");
        assertThat(asked.toString()).doesNotContain("246810");

        Ready ready = (Ready) agent.awaitClaim();

        assertThat(ready.credentials().assertion()).contains("a.b.c");
        assertThat(pauses).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(12), Duration.ofSeconds(12));
        assertThat(server.bodies("/token").get(0))
                .contains("grant_type=urn%3Aworkos%3Aagent-auth%3Agrant-type%3Aclaim")
                .contains("claim_token=clm_1");
    }

    @Test
    void aNoEndsPolling() {
        server.answer("/identity", flatRegistration());
        server.answer("/token", PENDING, Canned.json(400, Map.of("error", "access_denied")));
        AgentAuthClient agent = client();
        agent.registerWithEmail("anna@example.com");

        assertThat(agent.awaitClaim()).isEqualTo(new Refused(400, Optional.of("access_denied")));
    }

    @Test
    void personWhoHasToLogInAgainIsSentToThePlatform() {
        server.answer(
                "/identity",
                Canned.json(401, Map.of("error", "login_required"))
                        .with("WWW-Authenticate", "AgentAuth error=\"login_required\", max_age=\"3600\""));

        assertThat(client().registerWithIdJag("a.b.c")).isEqualTo(new LoginRequired(Optional.of(Duration.ofHours(1))));
    }

    @Test
    void stepUpIsReadFromAnErrorInProductionsNames() {
        server.answer(
                "/identity",
                Canned.json(401, Map.of("error", "interaction_required", "id", "reg_1", "claim", claim("clm_1"))));

        NeedsPerson asked = (NeedsPerson) client().registerWithIdJag("a.b.c");

        assertThat(asked.credentials().claimToken()).contains("clm_1");
    }

    @Test
    void expiredAssertionIsRefreshedAndTheNewTokenIsStoredBeforeItIsUsed() throws Exception {
        AgentAuthClient agent = refreshable();
        server.answer("/token", OVER, token("at_2"));
        server.answer("/api", Canned.json(200, Map.of("ok", true)));

        assertThat(agent.call(get())).isInstanceOf(Answered.class);

        assertThat(stored.get(stored.size() - 1).refreshToken()).contains("rt_2");
        assertThat(server.bodies("/identity").get(1)).contains("\"refresh_token\":\"rt_1\"");
        assertThat(server.bodies("/token")).last().asString().contains("assertion=d.e.f");
        assertThat(server.authorizations("/api")).last().isEqualTo("Bearer at_2");
    }

    @Test
    void threadsThatRefreshAtOnceUseEachTokenOnce() throws Exception {
        AgentAuthClient agent = refreshable();
        server.answer("/token", OVER, token("at_2"));
        server.answer("/api", Canned.json(200, Map.of("ok", true)));
        int threads = 16;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            CountDownLatch ready = new CountDownLatch(threads);
            List<Future<Outcome.OfCall>> calls = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                calls.add(pool.submit(() -> {
                    ready.countDown();
                    ready.await();
                    return agent.call(get());
                }));
            }
            for (Future<Outcome.OfCall> call : calls) {
                assertThat(call.get()).isInstanceOf(Answered.class);
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(server.bodies("/identity").stream().filter(body -> body.contains("rt_1")))
                .hasSize(1);
    }

    @Test
    void refreshTokenThatIsRefusedEndsTheRegistration() {
        AgentAuthClient agent = refreshable();
        server.answer("/token", OVER);
        server.answer("/identity", Canned.json(401, Map.of("error", "invalid_refresh_token")));

        assertThat(agent.call(get())).isEqualTo(new StartOver(Step.REGISTRATION));
        assertThat(agent.credentials()).isEmpty();
    }

    @Test
    void serviceThatIsOutOfReachCostsNoRefreshToken() {
        AgentAuthClient agent = refreshable();
        server.answer("/token", OVER);
        server.answer("/identity", Canned.json(503, Map.of("error", "temporarily_unavailable")));

        assertThat(agent.call(get())).isInstanceOf(Outcome.TryLater.class);
        assertThat(agent.credentials().flatMap(Credentials::refreshToken)).contains("rt_1");
    }

    /** An agent with a refresh token; the next answer at {@code /identity} is that of a refresh. */
    private AgentAuthClient refreshable() {
        server.answer(
                "/identity",
                Canned.json(200, Map.of("id", "reg_1", "identity", identity("a.b.c", "rt_1"))),
                Canned.json(200, Map.of("id", "reg_1", "identity", identity("d.e.f", "rt_2"))));
        AgentAuthClient agent = client();
        assertThat(agent.registerAnonymous()).isInstanceOf(Ready.class);
        return agent;
    }

    private AgentAuthClient client() {
        return AgentAuthClient.builder()
                .http(new Http(Duration.ofSeconds(10), 16 * 1024))
                .clock(() -> NOW)
                .pause(pauses::add)
                .storeIn(stored::add)
                .discover(url + "/api");
    }

    private HttpRequest get() {
        return HttpRequest.newBuilder(URI.create(url + "/api")).build();
    }

    private void publishes(String member, Object value) {
        server.answer(
                "/.well-known/oauth-authorization-server",
                Canned.json(
                        200,
                        Map.of(
                                "issuer",
                                url,
                                "token_endpoint",
                                url + "/token",
                                "agent_auth",
                                Map.of(
                                        "identity_endpoint",
                                        url + "/identity",
                                        "claim_endpoint",
                                        url + "/claim",
                                        member,
                                        value))));
    }

    private static Canned flatRegistration() {
        return Canned.json(
                200, Map.of("registration_id", "reg_1", "claim_token", "clm_1", "claim_token_expires", UNTIL));
    }

    private static Map<String, Object> claim(String token) {
        return Map.of(
                "token",
                token,
                "expires_at",
                UNTIL,
                "attempt",
                Map.of("verification_uri", "https://auth.example.com/mail", "expires_at", UNTIL));
    }

    private static Map<String, Object> identity(String assertion, String refreshToken) {
        return refreshToken.isEmpty()
                ? Map.of("assertion", assertion, "expires_at", UNTIL)
                : Map.of(
                        "assertion",
                        assertion,
                        "expires_at",
                        UNTIL,
                        "refresh_token",
                        Map.of("value", refreshToken, "expires_at", UNTIL));
    }

    private static Canned token(String value) {
        return Canned.json(200, Map.of("access_token", value, "token_type", "Bearer", "expires_in", 60));
    }
}
