package dev.agentauth.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.client.http.Http;
import dev.agentauth.client.http.Reply;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A demo that calls itself public, on a loopback address: it stands behind a proxy. Most proxies send the name that they
 * call it by, which is a loopback name, so neither the address nor the name tells them from its own machine.
 */
@SuppressWarnings("try") // the demo only has to run
@ExtendWith(QuietLogs.class)
class F23_PublicIssuerTest {

    @ParameterizedTest
    @ValueSource(strings = {"/outbox", "/outbox.json", "/meters", "/operator", "/operator/news.json", "/console/clock"})
    void t63_whatIsForOwnEyesIsNotThereBehindAProxyThatSpeaksFromThisMachine(String path) throws Exception {
        int[] ports = FreePorts.two();
        Http http = new Http();
        try (DemoServer local = start(ports, "http://localhost:" + ports[0])) {
            assertThat(http.get("http://localhost:" + ports[0] + path).status()).isEqualTo(200);
        }
        try (DemoServer exposed = start(ports, "https://demo.example")) {
            assertThat(http.get("http://localhost:" + ports[0] + path).status()).isEqualTo(404);
            assertThat(http.get("http://127.0.0.1:" + ports[0] + path).status()).isEqualTo(404);
        }
    }

    @Test
    void theFirstPageDoesNotNameIt() throws Exception {
        int[] ports = FreePorts.two();
        try (DemoServer exposed = start(ports, "https://demo.example")) {
            Reply page = new Http().get("http://localhost:" + ports[0] + "/");

            assertThat(page.body())
                    .doesNotContain("/outbox", "/meters", "/operator")
                    .contains("data-local=\"false\"");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, http://localhost:8000, true",
        "127.0.0.1, https://localhost/path, true",
        "127.0.0.1, http://127.0.0.1:8000, true",
        "::1, http://[::1]:8000, true",
        "127.0.0.1, https://demo.example, false",
        "127.0.0.1, https://localhost.example, false",
        "0.0.0.0, http://localhost:8000, false",
        "::, http://localhost:8000, false"
    })
    void localIsAnAddressAndAnIssuerOfThisMachine(String bind, String issuer, boolean local) throws Exception {
        DemoConfig config = DemoConfig.of(Map.of("AGENT_AUTH_BIND", bind, "AGENT_AUTH_ISSUER", issuer));

        assertThat(config.isLocal()).isEqualTo(local);
        assertThat(config.showsOutbox()).isEqualTo(local);
    }

    @Test
    void theGreetingSaysThatMailGoesNowhere() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        Demo.greet(
                DemoConfig.of(Map.of("AGENT_AUTH_ISSUER", "https://demo.example")),
                "",
                new PrintStream(out, true, StandardCharsets.UTF_8));

        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("goes nowhere", "set AGENT_AUTH_SMTP")
                .doesNotContain("/outbox");
    }

    private static DemoServer start(int[] ports, String issuer) throws Exception {
        return DemoServer.start(
                DemoConfig.of(Map.of(
                        "AGENT_AUTH_PORT", String.valueOf(ports[0]),
                        "AGENT_AUTH_DEMO_PROVIDER", String.valueOf(ports[1]),
                        "AGENT_AUTH_ISSUER", issuer)),
                InstantSource.system());
    }
}
