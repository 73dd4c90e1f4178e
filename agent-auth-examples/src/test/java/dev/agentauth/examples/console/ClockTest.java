package dev.agentauth.examples.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.client.http.Http;
import dev.agentauth.client.http.Json;
import dev.agentauth.client.http.Reply;
import dev.agentauth.examples.QuietLogs;
import dev.agentauth.examples.RunningDemo;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(QuietLogs.class)
class ClockTest {
    private static final Instant NOW = Instant.parse("2026-05-04T13:00:00Z");
    private static final String[] OWN_PAGE = {"Sec-Fetch-Site", "same-origin"};

    private final Http http = new Http();
    private RunningDemo demo;

    @BeforeEach
    void startDemo() throws IOException {
        demo = RunningDemo.start(InstantSource.fixed(NOW), Map.of());
    }

    @AfterEach
    void stopDemo() {
        demo.close();
    }

    @Test
    void timeIsToldAndMovedForward() {
        assertThat(http.get(clock(demo)).json().get("now").text()).isEqualTo("2026-05-04T13:00:00Z");
        assertThat(http.get(clock(demo)).json().get("forward_by").number()).isZero();

        Reply moved = move(Duration.ofHours(1));
        move(Duration.ofMinutes(1));

        assertThat(moved.status()).isEqualTo(200);
        assertThat(moved.header("Cache-Control")).contains("no-store");
        assertThat(moved.json().get("now").text()).isEqualTo("2026-05-04T14:00:00Z");
        assertThat(http.get(clock(demo)).json().get("now").text()).isEqualTo("2026-05-04T14:01:00Z");
        assertThat(http.get(clock(demo)).json().get("forward_by").number()).isEqualTo(3660);
    }

    @Test
    void registrationThatNobodyClaimsExpires() {
        String id = http.postJson(demo.issuer() + "/agent/identity", Map.of("type", "anonymous"))
                .json()
                .get("registration_id")
                .text();
        move(Duration.ofDays(2));

        assertThat(http.get(demo.issuer() + "/console/events?registration=" + id)
                        .json()
                        .get("status")
                        .text())
                .isEqualTo("expired");
    }

    @Test
    void sampleProviderAndServiceStayAtOneTimeAndKeysAreGood() {
        move(Duration.ofDays(400));
        String session = demo.provider()
                .signIn("guest-1@example.com")
                .json()
                .get("session")
                .text();
        String idJag = demo.provider()
                .idJag(session, demo.issuer(), null)
                .json()
                .get("id_jag")
                .text();

        Reply registered = http.postJson(
                demo.issuer() + "/agent/identity", Map.of("type", "identity_assertion", "assertion", idJag));

        assertThat(registered.status()).isEqualTo(200);
        Reply token = http.postForm(
                demo.issuer() + "/oauth2/token",
                Map.of(
                        "grant_type",
                        "urn:ietf:params:oauth:grant-type:jwt-bearer",
                        "assertion",
                        registered.json().get("identity_assertion").text()));
        assertThat(token.status()).isEqualTo(200);
    }

    @Test
    void mailIsOfTheTimeThatTheDemoHas() {
        move(Duration.ofDays(1));
        http.postJson(
                demo.issuer() + "/agent/identity",
                Map.of(
                        "type",
                        "identity_assertion",
                        "assertion_type",
                        "verified_email",
                        "assertion",
                        "eve@example.com"));

        assertThat(http.get(demo.issuer() + "/outbox.json")
                        .json()
                        .items()
                        .get(0)
                        .get("sent_at")
                        .text())
                .isEqualTo("2026-05-05T13:00:00Z");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"forward_by\":0}",
                "{\"forward_by\":-1}",
                "{\"forward_by\":\"60\"}",
                "{\"forward_by\":1.5}",
                "{\"forward_by\":1e30}",
                "{\"forward_by\":9223372036854775807}",
                "{\"forward_by\":99999999999999999999}"
            })
    void nothingElseMovesIt(String body) {
        Reply reply = http.post(clock(demo), "application/json", body, OWN_PAGE);

        assertThat(reply.toString()).isEqualTo("400 invalid_request");
        assertThat(http.get(clock(demo)).json().get("forward_by").number()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cross-site", "same-site", "none"})
    void otherSitesDoNotMoveIt(String site) {
        assertThat(http.post(clock(demo), "application/json", hour(), "Sec-Fetch-Site", site)
                        .status())
                .isEqualTo(403);
        assertThat(http.post(clock(demo), "application/json", hour()).status()).isEqualTo(403);
        assertThat(http.post(clock(demo), "text/plain", hour(), OWN_PAGE).status())
                .isEqualTo(415);
        assertThat(http.get(clock(demo)).json().get("forward_by").number()).isZero();
    }

    @Test
    void pageKnowsThatItCanMoveTime() {
        assertThat(http.get(demo.issuer() + "/").body()).contains("data-clock=\"true\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"AGENT_AUTH_BIND=0.0.0.0", "AGENT_AUTH_JDBC_URL=jdbc:h2:mem:clock"})
    void whereOthersLookAtTheTimeItCannotBeMoved(String setting) throws IOException {
        String[] parts = setting.split("=", 2);
        try (RunningDemo shared = RunningDemo.start("", Map.of(parts[0], parts[1]))) {
            assertThat(http.get(shared.issuer() + "/").body()).contains("data-clock=\"false\"");
            assertThat(http.get(clock(shared)).status()).isEqualTo(404);
            assertThat(http.post(clock(shared), "application/json", hour(), OWN_PAGE)
                            .status())
                    .isNotEqualTo(200);
        }
    }

    private Reply move(Duration by) {
        return http.post(clock(demo), "application/json", Json.write(Map.of("forward_by", by.toSeconds())), OWN_PAGE);
    }

    private static String hour() {
        return Json.write(Map.of("forward_by", 3600));
    }

    private static String clock(RunningDemo at) {
        return at.issuer() + "/console/clock";
    }
}
