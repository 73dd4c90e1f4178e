package dev.agentauth.examples.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.client.http.Http;
import dev.agentauth.client.http.Json;
import dev.agentauth.client.http.Reply;
import dev.agentauth.examples.QuietLogs;
import dev.agentauth.examples.RunningDemo;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(QuietLogs.class)
class ConsoleTest {
    private static final String GUEST = "{\"user\":\"guest@example.com\"}";
    private static final String[] SAME_ORIGIN = {"Sec-Fetch-Site", "same-origin"};

    private static RunningDemo demo;

    private final Http http = new Http();

    @BeforeAll
    static void startDemo() throws IOException {
        demo = RunningDemo.start("", Map.of());
    }

    @AfterAll
    static void stopDemo() {
        demo.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/console/protocol", "/outbox", "/operator"})
    void everyPageHasTheColoursThatItsStylesName(String path) {
        assertThat(http.get(demo.issuer() + path).body()).contains("palette.css\">");
    }

    @ParameterizedTest
    @CsvSource({
        "/,                           text/html",
        "/console/protocol,           text/html",
        "/console/clock.js,           text/javascript",
        "/console/code.js,            text/javascript",
        "/console/console.css,        text/css",
        "/console/console.js,         text/javascript",
        "/console/flows-claim.js,     text/javascript",
        "/console/flows-edge.js,      text/javascript",
        "/console/flows-provider.js,  text/javascript",
        "/console/flows-token.js,     text/javascript",
        "/console/flows.js,           text/javascript",
        "/console/icon.svg,           image/svg+xml",
        "/console/machine.js,         text/javascript",
        "/console/mail-page.js,       text/javascript",
        "/console/mail.css,           text/css",
        "/console/outbox.js,          text/javascript",
        "/console/palette.css,        text/css",
        "/console/person.js,          text/javascript",
        "/console/picture.js,         text/javascript",
        "/console/request.js,         text/javascript",
        "/console/rights.js,          text/javascript",
        "/console/saved.js,           text/javascript",
        "/console/sequence.css,       text/css",
        "/console/sequence.js,        text/javascript",
        "/console/server.js,          text/javascript",
        "/console/shared-steps.js,    text/javascript",
        "/console/snippets.js,        text/javascript",
        "/console/steps.js,           text/javascript",
        "/console/surfaces.css,       text/css",
        "/console/tabs.js,            text/javascript",
        "/console/terms.js,           text/javascript",
        "/console/tokens.js,          text/javascript",
        "/console/upcoming.js,        text/javascript",
        "/console/walk.css,           text/css",
        "/console/wire.js,            text/javascript"
    })
    void fileHasItsTypeUnderTheStrictPolicyAndIsAskedForAnew(String path, String type) {
        Reply file = http.get(demo.issuer() + path);

        assertThat(file.status()).isEqualTo(200);
        assertThat(file.header("Content-Type").orElse("")).startsWith(type);
        assertThat(file.header("Content-Security-Policy"))
                .contains("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
                        + " frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
        assertThat(file.header("X-Frame-Options")).contains("DENY");
        assertThat(file.header("Referrer-Policy")).contains("no-referrer");
        assertThat(file.header("X-Content-Type-Options")).contains("nosniff");
        assertThat(file.header("Cache-Control")).contains("no-cache");
        String tag = file.header("ETag").orElseThrow();
        Reply same = http.get(demo.issuer() + path, "If-None-Match", tag);
        assertThat(same.status()).isEqualTo(304);
        assertThat(same.body()).isEmpty();
        assertThat(http.get(demo.issuer() + path, "If-None-Match", "\"another\"")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void pageHoldsNeitherScriptNorStyleAndNoPlaceholder() {
        assertThat(http.get(demo.issuer() + "/").body())
                .doesNotContain("<style", " style=", "javascript:")
                .doesNotContainPattern("<script(?! type=\"module\" src=\"console/console.js\"></script>)")
                .doesNotContainPattern("\\bon[a-z]+=")
                .doesNotContainPattern("@[a-z]+@")
                .contains("data-issuer=\"" + demo.issuer() + "\"", "data-provider=\"" + demo.providerIssuer() + "\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/console", "/console/", "/console/index.html", "/console/other.js", "/console/Console.class"})
    void nothingElseIsServed(String path) {
        assertThat(http.get(demo.issuer() + path).status()).isEqualTo(404);
    }

    @Test
    void filesAndPageAreReadOnly() {
        for (String path : new String[] {"/", "/console/console.js", "/console/events"}) {
            Reply reply = http.postForm(demo.issuer() + path, Map.of());
            assertThat(reply.status()).isEqualTo(405);
            assertThat(reply.header("Allow")).contains("GET, HEAD");
        }
        assertThat(http.get(demo.issuer() + "/console/provider/signin").status())
                .isEqualTo(405);
    }

    @Test
    void everythingIsBelowThePathOfTheIssuer() throws IOException {
        try (RunningDemo below = RunningDemo.start("/agents/v1", Map.of())) {
            assertThat(http.get(below.issuer() + "/").body()).contains("data-issuer=\"" + below.issuer() + "\"");
            for (String path : new String[] {"/console/console.css", "/console/console.js"}) {
                assertThat(http.get(below.issuer() + path).status()).isEqualTo(200);
            }
            assertThat(http.get(events(below, register(below))).status()).isEqualTo(200);
            assertThat(relay(below, "signin", GUEST, SAME_ORIGIN).status()).isEqualTo(200);
        }
    }

    @Test
    void eventsAreThoseOfOneRegistrationWithItsStateAndWithoutSecrets() {
        Json registration = http.postJson(demo.issuer() + "/agent/identity", Map.of("type", "anonymous"))
                .json();
        String id = registration.get("registration_id").text();
        register(demo);

        Reply reply = http.get(events(demo, id));

        assertThat(reply.header("Cache-Control")).contains("no-store");
        assertThat(reply.json().get("status").text()).isEqualTo("unclaimed");
        assertThat(reply.json().get("kind").text()).isEqualTo("anonymous");
        assertThat(reply.json().get("epoch").number()).isZero();
        assertThat(reply.json().get("events").items())
                .hasSize(2)
                .allSatisfy(
                        event -> assertThat(event.get("registration_id").text()).isEqualTo(id))
                .extracting(event -> event.get("event").text())
                .containsExactly("registration.created", "assertion.issued");
        assertThat(reply.body())
                .doesNotContain(
                        registration.get("claim_token").text(),
                        registration.get("identity_assertion").text());
    }

    @Test
    void stateMovesWithTheRegistration() {
        Json registration = http.postJson(
                        demo.issuer() + "/agent/identity",
                        Map.of(
                                "type",
                                "identity_assertion",
                                "assertion_type",
                                "verified_email",
                                "assertion",
                                "eve@example.com"))
                .json();
        String id = registration.get("registration_id").text();
        assertThat(state(id)).isEqualTo("pending_claim");

        Json mail = http.get(demo.issuer() + "/outbox.json").json().items().get(0);
        http.postJson(
                demo.issuer() + "/agent/identity/claim/attempt/reject",
                Map.of("claim_attempt_token", mail.get("link").text().replaceFirst(".*token=", "")));

        assertThat(state(id)).isEqualTo("revoked");
    }

    @Test
    void eventsOfNobodyAreNotFound() {
        assertThat(http.get(events(demo, "reg_nobody")).status()).isEqualTo(404);
        assertThat(http.get(demo.issuer() + "/console/events").status()).isEqualTo(404);
    }

    @Test
    void eventsAreNotThereUnderAForeignName() throws IOException {
        String path = "/console/events?registration=" + register(demo);

        assertThat(raw("GET", path, "localhost", "")).isEqualTo(200);
        assertThat(raw("GET", path, "127.0.0.1", "")).isEqualTo(200);
        assertThat(raw("GET", path, "rebound.example", "")).isEqualTo(404);
        assertThat(raw("GET", path, "localhost.example", "")).isEqualTo(404);
    }

    @Test
    void onAPublicAddressThereIsThePageAndNothingMore() throws IOException {
        try (RunningDemo open = RunningDemo.start("", Map.of("AGENT_AUTH_BIND", "0.0.0.0"))) {
            assertThat(http.get(open.issuer() + "/").body()).contains("data-local=\"false\"", "data-mail=\"nowhere\"");
            assertThat(http.get(events(open, register(open))).status()).isEqualTo(404);
            assertThat(relay(open, "signin", GUEST, SAME_ORIGIN).status()).isEqualTo(405);
        }
    }

    @Test
    void whereMailIsReallySentThePageDoesNotLookForIt() throws IOException {
        try (RunningDemo mailing = RunningDemo.start("", Map.of("AGENT_AUTH_SMTP", "smtp://127.0.0.1:1"))) {
            assertThat(http.get(mailing.issuer() + "/").body()).contains("data-local=\"true\"", "data-mail=\"smtp\"");
        }
    }

    @Test
    void relayPassesOnWhatTheConsoleSays() {
        Reply signedIn = relay(demo, "signin", GUEST, SAME_ORIGIN);
        String session = signedIn.json().get("session").text();
        Reply vouched = relay(
                demo,
                "id-jag",
                Json.write(Map.of("session", session, "audience", demo.issuer())),
                "Origin",
                demo.issuer());
        Reply registered = http.postJson(
                demo.issuer() + "/agent/identity",
                Map.of(
                        "type",
                        "identity_assertion",
                        "assertion",
                        vouched.json().get("id_jag").text()));
        Reply signedOut = relay(demo, "signout", Json.write(Map.of("session", session)), SAME_ORIGIN);

        assertThat(registered.status()).isIn(200, 401);
        assertThat(signedOut.json().get("delivered").number()).isEqualTo(200);
        assertThat(relay(demo, "signout", Json.write(Map.of("session", session)), SAME_ORIGIN)
                        .status())
                .isEqualTo(401);
        assertThat(signedIn.header("Cache-Control")).contains("no-store");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cross-site", "same-site", "none"})
    void relayRefusesOtherSites(String site) {
        assertThat(relay(demo, "signin", GUEST, "Sec-Fetch-Site", site).toString())
                .isEqualTo("403 invalid_request");
        assertThat(relay(demo, "signin", GUEST, "Sec-Fetch-Site", site, "Origin", demo.issuer())
                        .status())
                .isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "https://evil.example", "http://localhost", "http://localhost:1"})
    void relayRefusesOtherOrigins(String origin) {
        assertThat(relay(demo, "signin", GUEST, "Origin", origin).status()).isEqualTo(403);
    }

    @Test
    void relayRefusesWhatNoPageSends() {
        assertThat(relay(demo, "signin", GUEST).status()).isEqualTo(403);
    }

    @Test
    void relayRefusesForeignNames() throws IOException {
        String fetch = "Sec-Fetch-Site: same-origin\r\nContent-Type: application/json\r\n";

        assertThat(raw("POST", "/console/provider/signin", "localhost", fetch)).isEqualTo(400);
        assertThat(raw("POST", "/console/provider/signin", "rebound.example", fetch))
                .isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource({
        "text/plain,415",
        "application/x-www-form-urlencoded,415",
        "application/jsonp,415",
        "application/json;charset=utf-8,200"
    })
    void relayTakesJsonAlone(String type, int status) {
        assertThat(http.post(url("signin"), type, GUEST, SAME_ORIGIN).status()).isEqualTo(status);
    }

    @Test
    void relayTakesNoMoreThanTheProvider() {
        assertThat(relay(demo, "signin", " ".repeat(16 * 1024 + 1), SAME_ORIGIN).status())
                .isEqualTo(413);
        for (String name : new String[] {"", "other", "../signin", "%2e%2e/signin", "signin/"}) {
            assertThat(relay(demo, name, GUEST, SAME_ORIGIN).status()).isNotEqualTo(200);
        }
    }

    @Test
    void withoutTheSampleProviderThereIsNoRelay() throws IOException {
        for (Map<String, String> settings : List.of(
                Map.of("AGENT_AUTH_DEMO_PROVIDER", "off"), Map.of("AGENT_AUTH_PROVIDERS", "https://other.example"))) {
            try (RunningDemo alone = RunningDemo.start("", settings)) {
                assertThat(http.get(alone.issuer() + "/").body()).contains("data-provider=\"\"");
                assertThat(relay(alone, "signin", GUEST, SAME_ORIGIN).status()).isEqualTo(405);
            }
        }
    }

    private String register(RunningDemo at) {
        return http.postJson(at.issuer() + "/agent/identity", Map.of("type", "anonymous"))
                .json()
                .get("registration_id")
                .text();
    }

    private String state(String id) {
        return http.get(events(demo, id)).json().get("status").text();
    }

    private static String events(RunningDemo at, String id) {
        return at.issuer() + "/console/events?registration=" + id;
    }

    private Reply relay(RunningDemo at, String name, String body, String... headers) {
        return http.post(at.issuer() + "/console/provider/" + name, "application/json", body, headers);
    }

    private static String url(String name) {
        return demo.issuer() + "/console/provider/" + name;
    }

    /** A request, with an empty object as its body, under a Host that an HTTP client would not send. */
    private static int raw(String method, String path, String host, String headers) throws IOException {
        int port = URI.create(demo.issuer()).getPort();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            String request = method + " " + path + " HTTP/1.1\r\nHost: " + host + ":" + port + "\r\n" + headers
                    + "Content-Length: 2\r\nConnection: close\r\n\r\n{}";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return Integer.parseInt(answer.split(" ", 3)[1]);
        }
    }
}
