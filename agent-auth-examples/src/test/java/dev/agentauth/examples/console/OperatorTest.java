package dev.agentauth.examples.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.client.http.Http;
import dev.agentauth.client.http.Json;
import dev.agentauth.client.http.Reply;
import dev.agentauth.examples.QuietLogs;
import dev.agentauth.examples.RunningDemo;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(QuietLogs.class)
class OperatorTest {
    private static final List<String> PATHS =
            List.of("/operator", "/operator/news.json", "/operator/registration.json?id=reg_1");

    private final Http http = new Http();
    private RunningDemo demo;

    @BeforeEach
    void startDemo() throws IOException {
        demo = RunningDemo.start("", Map.of());
    }

    @AfterEach
    void stopDemo() {
        demo.close();
    }

    @Test
    void newsAreWhatHasHappenedSince() {
        register();
        Json first = http.get(demo.issuer() + "/operator/news.json").json();
        register();
        Json second = http.get(demo.issuer() + "/operator/news.json?after="
                        + first.get("recorded").number())
                .json();

        assertThat(second.get("events").items())
                .extracting(event -> event.get("event").text())
                .containsExactly("registration.created", "assertion.issued");
        assertThat(second.get("stages").get("registered").number()).isEqualTo(2);
        assertThat(second.get("stages").get("completed").number()).isZero();
    }

    @Test
    void registrationHasItsStateItsOwnerAndItsHistoryAndNoSecret() {
        Json registered = register();
        String id = registered.get("registration_id").text();

        Reply reply = http.get(demo.issuer() + "/operator/registration.json?id=" + id);

        assertThat(reply.header("Cache-Control")).contains("no-store");
        assertThat(reply.json().get("status").text()).isEqualTo("unclaimed");
        assertThat(reply.json().get("owner").isPresent()).isFalse();
        assertThat(reply.json().get("epoch").number()).isZero();
        assertThat(reply.json().get("events").items()).hasSize(2);
        assertThat(reply.body())
                .doesNotContain(
                        registered.get("claim_token").text(),
                        registered.get("identity_assertion").text());
        assertThat(http.get(demo.issuer() + "/operator/registration.json?id=reg_nobody")
                        .status())
                .isEqualTo(404);
        assertThat(http.get(demo.issuer() + "/operator/registration.json").status())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "x", "", "1.5", "9999999999999999999"})
    void afterIsANumberOfEvents(String after) {
        assertThat(http.get(demo.issuer() + "/operator/news.json?after=" + after)
                        .toString())
                .isEqualTo("400 invalid_request");
    }

    @Test
    void consoleLinksToIt() {
        assertThat(http.get(demo.issuer() + "/").body()).contains("href=\"" + demo.issuer() + "/operator\"");
    }

    @Test
    void onAnAddressForTheWorldItIsNotThere() throws IOException {
        try (RunningDemo open = RunningDemo.start("", Map.of("AGENT_AUTH_BIND", "0.0.0.0"))) {
            for (String path : PATHS) {
                assertThat(http.get(open.issuer() + path).status()).isEqualTo(404);
            }
            assertThat(http.get(open.issuer() + "/").body()).doesNotContain("/operator");
        }
    }

    private Json register() {
        return http.postJson(demo.issuer() + "/agent/identity", Map.of("type", "anonymous"))
                .json();
    }
}
