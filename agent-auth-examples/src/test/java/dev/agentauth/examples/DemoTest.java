package dev.agentauth.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetupTest;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import dev.agentauth.client.http.Http;
import dev.agentauth.client.http.Json;
import dev.agentauth.client.http.Reply;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(QuietLogs.class)
class DemoTest {
    private final Http http = new Http();
    private final Map<String, String> environment = new HashMap<>();
    private final List<DemoServer> running = new ArrayList<>();
    private String origin;
    private String provider;

    @BeforeEach
    void chooseFreePorts() throws IOException {
        int[] ports = FreePorts.two();
        environment.put("AGENT_AUTH_PORT", String.valueOf(ports[0]));
        environment.put("AGENT_AUTH_DEMO_PROVIDER", String.valueOf(ports[1]));
        environment.put("AGENT_AUTH_AUDIT", "log");
        origin = "http://localhost:" + ports[0];
        provider = "http://localhost:" + ports[1];
    }

    @AfterEach
    void stop() {
        running.forEach(DemoServer::close);
        running.clear();
    }

    @Test
    void sampleAgentWalksEveryFlowTwice() throws Exception {
        start();
        Walked first = walk(origin, provider);
        Walked second = walk(origin + "/", provider + "/");

        assertThat(first.out())
                .endsWith("checks\n")
                .contains("all flows walked: ")
                .contains("401 interaction_required");
        assertThat(first.status()).isZero();
        assertThat(second.out()).endsWith("checks\n").contains("Alice has confirmed this provider in an earlier walk");
        assertThat(second.status()).isZero();
    }

    @Test
    void sampleAgentWalksEveryFlowOfAnIssuerWithAPath() throws Exception {
        environment.put("AGENT_AUTH_ISSUER", origin + "/agents/v1");
        start();
        Walked walked = walk(origin + "/agents/v1", provider);

        assertThat(walked.out()).contains("all flows walked: ");
        assertThat(walked.status()).isZero();
    }

    @Test
    void sampleAgentLeavesOutIdJagsWhereNoProviderIsTrusted() throws Exception {
        environment.put("AGENT_AUTH_DEMO_PROVIDER", "off");
        start();
        Walked walked = walk(origin, provider);

        assertThat(walked.out()).contains("are left out").contains("all flows walked: ");
        assertThat(walked.status()).isZero();
    }

    @Test
    void sampleAgentSaysWhatItExpectedAndWhatItSaw() throws Exception {
        start();
        Walked walked = walk(provider, provider);

        assertThat(walked.out())
                .endsWith("FAILED  GET /api/resource without a token: 401: expected 401, seen 404 invalid_request\n");
        assertThat(walked.status()).isEqualTo(1);
    }

    @Test
    void sampleAgentSaysThatNobodyAnswers() {
        Walked walked = walk(origin, provider);

        assertThat(walked.out()).endsWith("FAILED  no answer from " + origin + "/api/resource\n");
        assertThat(walked.status()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"4711,4711", "on,4000", "off,4000", "'',4000", ",4000"})
    void sampleAgentFindsTheProviderByTheDemosOwnVariable(String setting, String port) {
        assertThat(SampleAgent.defaultProvider(setting)).isEqualTo("http://localhost:" + port);
    }

    @Test
    void sampleAgentWalksEveryFlowOnADatabaseAndAllOfItSurvivesARestart(@TempDir Path folder) throws Exception {
        environment.put("AGENT_AUTH_JDBC_URL", "jdbc:h2:file:" + folder.resolve("db"));
        environment.put("AGENT_AUTH_JDBC_USER", "sa");
        environment.put("AGENT_AUTH_SIGNING_KEYS", folder.resolve("keys.json").toString());
        start();
        assertThat(walk(origin, provider).status()).isZero();
        Json registration = register(Map.of("type", "anonymous")).json();
        String token = accessToken(registration);

        stop();
        start();

        assertThat(call("GET", "/api/resource", token).status()).isEqualTo(200);
        assertThat(exchange(registration).status()).isEqualTo(200);
        Walked walked = walk(origin, provider);
        assertThat(walked.out()).contains("Alice has confirmed this provider in an earlier walk");
        assertThat(walked.status()).isZero();
    }

    @Test
    void metersCountWhatHappens() throws Exception {
        start();
        accessToken(register(Map.of("type", "anonymous")).json());

        Reply meters = http.get(origin + "/meters");
        assertThat(meters.header("Content-Type")).contains("text/plain;charset=utf-8");
        assertThat(meters.body())
                .containsPattern("(?m)^agent.auth.registrations kind=anonymous .*count 1.0$")
                .containsPattern("(?m)^agent.auth.exchanges provider=none count 1.0$");
    }

    @Test
    void databaseThatIsAwayStopsTheStartInOneLine() {
        environment.put("AGENT_AUTH_JDBC_URL", "jdbc:postgresql://localhost:1/x?password=hush");

        assertThat(refusal())
                .startsWith("AGENT_AUTH_JDBC_URL=jdbc:postgresql:... cannot be used: expected a database")
                .doesNotContain("hush")
                .hasLineCount(1);
    }

    @Test
    void documentsAreAtTheInsertedAndTheAppendedPlaces() throws Exception {
        start();
        assertThat(document("/.well-known/oauth-protected-resource/api/")
                        .get("resource")
                        .text())
                .isEqualTo(origin + "/api/");
        assertThat(document("/api/.well-known/oauth-protected-resource")
                        .get("resource")
                        .text())
                .isEqualTo(origin + "/api/");
        assertThat(document("/.well-known/oauth-authorization-server")
                        .get("issuer")
                        .text())
                .isEqualTo(origin);
    }

    @Test
    void documentsOfAnIssuerWithAPathAreAtTheInsertedAndTheAppendedPlaces() throws Exception {
        environment.put("AGENT_AUTH_ISSUER", origin + "/auth");
        start();
        for (String path : new String[] {
            "/.well-known/oauth-protected-resource/auth/api/", "/auth/api/.well-known/oauth-protected-resource"
        }) {
            assertThat(document(path).get("resource").text()).isEqualTo(origin + "/auth/api/");
        }
        for (String path : new String[] {
            "/.well-known/oauth-authorization-server/auth", "/auth/.well-known/oauth-authorization-server"
        }) {
            assertThat(document(path).get("issuer").text()).isEqualTo(origin + "/auth");
        }
        assertThat(http.get(origin + "/auth/").body()).contains(origin + "/auth/auth.md");
        assertThat(http.get(origin + "/auth/outbox").status()).isEqualTo(200);
    }

    @Test
    void nothingOfTheApiIsOpenButItsMetadata() throws Exception {
        start();
        assertThat(http.get(origin + "/api/resource").header("WWW-Authenticate"))
                .contains("Bearer resource_metadata=\"" + origin + "/.well-known/oauth-protected-resource/api/\"");
        for (String path : new String[] {"/api", "/api/", "/api/other", "/api/resource/more"}) {
            assertThat(http.get(origin + path).status()).isEqualTo(401);
        }
        Reply registration = register(Map.of("type", "anonymous"));
        String token = accessToken(registration.json());
        assertThat(call("GET", "/api/resource", token).status()).isEqualTo(200);
        assertThat(call("DELETE", "/api/resource", token).status()).isEqualTo(403);
        assertThat(call("GET", "/api/other", token).status()).isEqualTo(403);
    }

    @Test
    void homePageLinksToWhatThereIs() throws Exception {
        start();
        Reply home = http.get(origin + "/");

        assertThat(home.status()).isEqualTo(200);
        assertThat(home.header("Content-Security-Policy").orElse(""))
                .startsWith("default-src 'none'")
                .contains("frame-ancestors 'none'");
        assertThat(home.body())
                .contains(origin + "/auth.md", origin + "/outbox", provider)
                .contains("/.well-known/oauth-authorization-server", "/.well-known/oauth-protected-resource/api/")
                .contains("data-local=\"true\"", "data-mail=\"outbox\"");
        Reply post = http.postForm(origin + "/", Map.of());
        assertThat(post.status()).isEqualTo(405);
        assertThat(post.header("Allow")).contains("GET, HEAD");
    }

    @Test
    void homePageOfAPublicIssuerTellsNothingOfRegistrations() throws Exception {
        environment.put("AGENT_AUTH_ISSUER", "https://demo.example");
        start();
        String id = register(Map.of("type", "anonymous"))
                .json()
                .get("registration_id")
                .text();

        assertThat(http.get(origin + "/").body()).contains("data-local=\"false\"", "data-mail=\"nowhere\"");
        assertThat(http.get(origin + "/console/events?registration=" + id).status())
                .isEqualTo(404);
    }

    @Test
    void outboxShowsMailToPeopleAndToPrograms() throws Exception {
        start();
        assertThat(http.get(origin + "/outbox").body()).contains("There is none yet.");
        String id = registerWithEmail("o'neil&co@example.com")
                .json()
                .get("registration_id")
                .text();

        Json mail = http.get(origin + "/outbox.json").json().items().get(0);
        String link = mail.get("link").text();
        assertThat(mail.get("to").text()).isEqualTo("o'neil&co@example.com");
        assertThat(mail.get("subject").text()).contains(DemoServer.NAME);
        assertThat(mail.get("registration_id").text()).isEqualTo(id);
        assertThat(mail.get("sent_at").text()).matches("[0-9T:.-]+Z");
        assertThat(mail.get("text").text()).contains(link);
        assertThat(link).startsWith(origin + "/agent/identity/claim/view?token=cvt_");
        Reply page = http.get(origin + "/outbox");
        assertThat(page.body())
                .contains("o&#39;neil&amp;co@example.com")
                .contains("<a href=\"" + link + "\" rel=\"noreferrer\">")
                .doesNotContain("o'neil");
        for (Reply reply : List.of(page, http.get(origin + "/outbox.json"))) {
            assertThat(reply.header("Cache-Control")).contains("no-store");
            assertThat(reply.header("X-Content-Type-Options")).contains("nosniff");
        }
        assertThat(page.header("Content-Security-Policy").orElse("")).startsWith("default-src 'none'");
    }

    @Test
    void outboxIsNotThereOnAnAddressForTheWorld() throws Exception {
        environment.put("AGENT_AUTH_BIND", "0.0.0.0");
        start();
        assertThat(registerWithEmail("emma@example.com").status()).isEqualTo(200);
        assertThat(http.get(origin + "/auth.md").status()).isEqualTo(200);
        assertThat(http.get(origin + "/outbox").status()).isEqualTo(404);
        assertThat(http.get(origin + "/outbox.json").status()).isEqualTo(404);
        assertThat(http.get(origin + "/").body()).doesNotContain("/outbox");
    }

    @Test
    void outboxIsNotThereWhereMailIsReallySent() throws Exception {
        GreenMail smtp = new GreenMail(ServerSetupTest.SMTP.dynamicPort());
        smtp.start();
        environment.put("AGENT_AUTH_SMTP", "smtp://127.0.0.1:" + smtp.getSmtp().getPort());
        try {
            start();
            assertThat(registerWithEmail("emma@example.com").status()).isEqualTo(200);

            assertThat(smtp.getReceivedMessages()).hasSize(1);
            assertThat(GreenMailUtil.getBody(smtp.getReceivedMessages()[0]))
                    .contains(origin + "/agent/identity/claim/view");
            assertThat(http.get(origin + "/outbox").status()).isEqualTo(404);
            assertThat(http.get(origin + "/outbox.json").status()).isEqualTo(404);
        } finally {
            smtp.stop();
        }
    }

    @Test
    void mailServerThatIsDownIsAnswered503() throws Exception {
        environment.put("AGENT_AUTH_SMTP", "smtp://127.0.0.1:" + FreePorts.two()[0]);
        start();
        Reply reply = registerWithEmail("emma@example.com");

        assertThat(reply.toString()).isEqualTo("503 temporarily_unavailable");
        assertThat(reply.header("Retry-After")).isPresent();
    }

    @Test
    void outboxIsNotThereUnderAForeignName() throws Exception {
        start();
        int port = Integer.parseInt(environment.get("AGENT_AUTH_PORT"));

        assertThat(RawHttp.status(port, "/outbox.json", "localhost:" + port)).isEqualTo(200);
        assertThat(RawHttp.status(port, "/outbox.json", "127.0.0.1")).isEqualTo(200);
        assertThat(RawHttp.status(port, "/outbox.json", "rebound.example")).isEqualTo(404);
        assertThat(RawHttp.status(port, "/outbox", "localhost.example:" + port)).isEqualTo(404);
    }

    @Test
    void restartWithTheSameSigningKeysKeepsOldAssertionsVerifiable(@TempDir Path folder) throws Exception {
        environment.put("AGENT_AUTH_SIGNING_KEYS", folder.resolve("keys.json").toString());
        start();
        String assertion = register(Map.of("type", "anonymous"))
                .json()
                .get("identity_assertion")
                .text();
        JWKSet before = jwks();

        stop();
        start();

        SignedJWT jwt = SignedJWT.parse(assertion);

        assertThat(jwks()).isEqualTo(before);
        assertThat(jwt.verify(new ECDSAVerifier(
                        jwks().getKeyByKeyId(jwt.getHeader().getKeyID()).toECKey())))
                .isTrue();
    }

    @Test
    void restartWithoutSigningKeysPublishesAnotherKey() throws Exception {
        start();
        JWKSet before = jwks();

        stop();
        start();

        assertThat(jwks()).isNotEqualTo(before);
    }

    @Test
    void signingKeysThatAreNoneStopTheStart(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("keys.json"), "{}");
        environment.put("AGENT_AUTH_SIGNING_KEYS", file.toString());

        assertThat(refusal())
                .startsWith("AGENT_AUTH_SIGNING_KEYS=" + file + " ")
                .hasLineCount(1);

        environment.put(
                "AGENT_AUTH_SIGNING_KEYS",
                folder.resolve("no/such/folder/keys.json").toString());
        assertThat(refusal()).startsWith("AGENT_AUTH_SIGNING_KEYS=");
    }

    @Test
    void portThatIsTakenStopsTheStartAndLeavesNothingBehind() throws Exception {
        start();
        Map<String, String> taken = Map.copyOf(environment);
        int[] others = FreePorts.two();

        environment.put("AGENT_AUTH_DEMO_PROVIDER", String.valueOf(others[0]));
        assertThat(refusal()).startsWith("AGENT_AUTH_PORT=" + taken.get("AGENT_AUTH_PORT") + " ");

        environment.put("AGENT_AUTH_PORT", String.valueOf(others[1]));
        environment.put("AGENT_AUTH_DEMO_PROVIDER", taken.get("AGENT_AUTH_DEMO_PROVIDER"));
        assertThat(refusal()).startsWith("AGENT_AUTH_DEMO_PROVIDER=" + taken.get("AGENT_AUTH_DEMO_PROVIDER") + " ");

        environment.put("AGENT_AUTH_DEMO_PROVIDER", String.valueOf(others[0]));
        start();
        assertThat(http.get("http://localhost:" + others[1] + "/auth.md").status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"strict,5", "on,250"})
    void rateLimitGrantsItsFigureAndNoMore(String setting, int granted) throws Exception {
        environment.put("AGENT_AUTH_RATE_LIMITS", setting);
        start();
        for (int i = 0; i < granted; i++) {
            assertThat(register(Map.of("type", "anonymous")).status()).isEqualTo(200);
        }
        Reply oneMore = register(Map.of("type", "anonymous"));
        assertThat(oneMore.toString()).isEqualTo("429 rate_limited");
        assertThat(oneMore.header("Retry-After")).isPresent();
    }

    @Test
    void rateLimitsCanBeSwitchedOff() throws Exception {
        environment.put("AGENT_AUTH_RATE_LIMITS", "off");
        start();
        for (int i = 0; i < 251; i++) {
            assertThat(register(Map.of("type", "anonymous")).status()).isEqualTo(200);
        }
    }

    @Test
    void lifetimesAreThoseOfTheEnvironment() throws Exception {
        environment.put("AGENT_AUTH_ACCESS_TOKEN_TTL", "77");
        start();
        Json registration = register(Map.of("type", "anonymous")).json();

        Reply token = exchange(registration);

        assertThat(token.json().get("expires_in").number()).isEqualTo(77);
        assertThat(http.get(origin + "/auth.md").body()).contains("\"expires_in\":77");
    }

    @ParameterizedTest
    @ValueSource(strings = {"AGENT_AUTH_PORT=eighty", "AGENT_AUTH_ISSUER=http://demo.example"})
    void wrongSettingEndsTheProcessWithOneLine(String setting) throws Exception {
        String[] parts = setting.split("=", 2);
        environment.put(parts[0], parts[1]);
        Process demo = process();

        String out = read(demo);

        assertThat(demo.waitFor()).isEqualTo(2);
        assertThat(out).hasLineCount(1).startsWith(setting + " cannot be used: expected ");
    }

    @Test
    void processGreetsAnswersAndStopsWhenTold() throws Exception {
        Process demo = process();
        try (BufferedReader in = demo.inputReader(StandardCharsets.UTF_8)) {
            StringBuilder greeting = new StringBuilder();
            for (String line = in.readLine(); line != null && !line.startsWith("Stop with"); line = in.readLine()) {
                greeting.append(line).append('\n');
            }
            assertThat(greeting)
                    .contains(origin + "/auth.md", origin + "/outbox", provider)
                    .contains("dev.agentauth.examples.SampleAgent " + origin + " " + provider);
            assertThat(http.get(origin + "/auth.md").status()).isEqualTo(200);

            demo.toHandle().destroy();

            assertThat(demo.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(in.lines()).isEmpty();
        } finally {
            demo.destroyForcibly();
        }
    }

    @Test
    void greetingSaysWherePeopleSignIn() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Map<String, String> environment = Map.of("AGENT_AUTH_CEREMONY", "sign-in");

        Demo.greet(DemoConfig.of(environment), "x.jar", new PrintStream(out, true, StandardCharsets.UTF_8));

        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("http://localhost:8000/sign-in")
                .doesNotContain("Walk every flow");
    }

    @Test
    void greetingWarnsWhereMailGoesNowhere() throws Exception {
        environment.put("AGENT_AUTH_BIND", "0.0.0.0");
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        Demo.greet(DemoConfig.of(environment), "x.jar", new PrintStream(out, true, StandardCharsets.UTF_8));

        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("mail       goes nowhere")
                .doesNotContain("/outbox");
    }

    private void start() throws WrongSettingException {
        running.add(DemoServer.start(DemoConfig.of(environment), InstantSource.system()));
    }

    private String refusal() {
        return catchThrowableOfType(WrongSettingException.class, this::start).getMessage();
    }

    private Process process() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Demo.class.getName())
                .redirectErrorStream(true);
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static String read(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private record Walked(int status, String out) {}

    private static Walked walk(String service, String provider) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int status = SampleAgent.run(service, provider, new PrintStream(out, true, StandardCharsets.UTF_8));
        return new Walked(status, out.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n"));
    }

    private Reply register(Map<String, String> request) {
        return http.postJson(origin + "/agent/identity", request);
    }

    private Reply registerWithEmail(String address) {
        return register(Map.of("type", "identity_assertion", "assertion_type", "verified_email", "assertion", address));
    }

    private Reply exchange(Json registration) {
        return http.postForm(
                origin + "/oauth2/token",
                Map.of(
                        "grant_type",
                        "urn:ietf:params:oauth:grant-type:jwt-bearer",
                        "assertion",
                        registration.get("identity_assertion").text()));
    }

    private String accessToken(Json registration) {
        return exchange(registration).json().get("access_token").text();
    }

    private Reply call(String method, String path, String token) {
        return http.send(method, origin + path, BodyPublishers.noBody(), "Authorization", "Bearer " + token);
    }

    private Json document(String path) {
        Reply reply = http.get(origin + path);
        assertThat(reply.status()).isEqualTo(200);
        return reply.json();
    }

    private JWKSet jwks() throws Exception {
        return JWKSet.parse(http.get(origin + "/.well-known/jwks.json").body());
    }
}
