package dev.agentauth.examples.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import dev.agentauth.client.http.Http;
import dev.agentauth.client.http.Json;
import dev.agentauth.client.http.Reply;
import dev.agentauth.examples.FreePorts;
import dev.agentauth.examples.QuietLogs;
import dev.agentauth.examples.RawHttp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(QuietLogs.class)
class SampleProviderTest {
    private static final Instant NOW = Instant.parse("2026-05-04T13:00:00.250Z");

    private final Http http = new Http();
    private final List<Integer> requested = new CopyOnWriteArrayList<>();
    private SampleProvider provider;
    private int port;
    private String url;
    private Instant now = NOW;

    @BeforeEach
    void start() throws IOException {
        port = FreePorts.two()[0];
        url = "http://localhost:" + port;
        provider = startFor();
    }

    /** Starts it for some services. */
    private SampleProvider startFor(String... services) throws IOException {
        return SampleProvider.start(
                InetAddress.getLoopbackAddress(), port, Set.of(services), "localhost"::equals, () -> now);
    }

    private void startAnewFor(String... services) throws IOException {
        provider.close();
        provider = startFor(services);
    }

    @AfterEach
    void stop() {
        provider.close();
    }

    @Test
    void idJagSaysWhatServicesCheck() throws Exception {
        String session = signIn("alice@example.com");
        now = NOW.plusSeconds(30);

        SignedJWT jwt = verified(idJag(session, "https://service.example", Map.of()));

        assertThat(jwt.getHeader().getType().getType()).isEqualTo("oauth-id-jag+jwt");
        assertThat(jwt.getHeader().getAlgorithm().getName()).isEqualTo("ES256");
        JWTClaimsSet claims = jwt.getJWTClaimsSet();
        assertThat(claims.getIssuer()).isEqualTo(url);
        assertThat(claims.getSubject()).matches("usr_[0-9a-f]{24}");
        assertThat(claims.getAudience()).containsExactly("https://service.example");
        assertThat(claims.getStringClaim("client_id")).isEqualTo(url);
        assertThat(claims.getIssueTime()).isEqualTo(seconds("2026-05-04T13:00:30Z"));
        assertThat(claims.getExpirationTime()).isEqualTo(seconds("2026-05-04T13:05:30Z"));
        assertThat(claims.getDateClaim("auth_time")).isEqualTo(seconds("2026-05-04T13:00:00Z"));
        assertThat(claims.getStringClaim("email")).isEqualTo("alice@example.com");
        assertThat(claims.getBooleanClaim("email_verified")).isTrue();
        assertThat(claims.getStringClaim("agent_platform")).isNotEmpty();
        assertThat(claims.getStringClaim("agent_context_id")).startsWith("ctx_").doesNotContain(session);
        assertThat(claims.getClaims()).doesNotContainKeys("scope", "resource");
    }

    @Test
    void idJagsOfOnePersonDifferInTheirIdAlone() throws Exception {
        SignedJWT first = verified(idJag(signIn("bob@example.com"), "https://service.example", Map.of()));
        SignedJWT second = verified(idJag(signIn("bob@example.com"), "https://service.example", Map.of()));
        SignedJWT other = verified(idJag(signIn("guest-1@example.com"), "https://service.example", Map.of()));

        assertThat(second.getJWTClaimsSet().getSubject())
                .isEqualTo(first.getJWTClaimsSet().getSubject());
        assertThat(second.getJWTClaimsSet().getJWTID())
                .isNotEqualTo(first.getJWTClaimsSet().getJWTID());
        assertThat(other.getJWTClaimsSet().getSubject())
                .isNotEqualTo(first.getJWTClaimsSet().getSubject());
    }

    @Test
    void idJagNarrowsWhenItIsAskedTo() throws Exception {
        JWTClaimsSet claims = verified(idJag(
                        signIn("alice@example.com"),
                        "https://service.example",
                        Map.of("scope", "api.read", "resource", "https://service.example/api/")))
                .getJWTClaimsSet();

        assertThat(claims.getStringClaim("scope")).isEqualTo("api.read");
        assertThat(claims.getStringClaim("resource")).isEqualTo("https://service.example/api/");
    }

    @Test
    void publishedKeysHaveNoPrivateHalf() throws Exception {
        JWKSet published = jwks();

        assertThat(published.getKeys()).hasSize(1);
        JWK key = published.getKeys().get(0);
        assertThat(key.isPrivate()).isFalse();
        assertThat(key.getKeyID()).isEqualTo(key.computeThumbprint().toString());
        assertThat(key.getKeyUse().identifier()).isEqualTo("sig");
    }

    @Test
    void publishedKeysMayBeKeptForAWhile() {
        Reply reply = http.get(url + "/.well-known/jwks.json");

        assertThat(reply.header("Cache-Control")).contains("public, max-age=300");
        assertThat(reply.header("Content-Type").orElse("")).startsWith("application/json");
    }

    @Test
    void signOutSendsALogoutTokenToTheServiceThatWasTold() throws Exception {
        List<String> received = new CopyOnWriteArrayList<>();
        HttpServer service = service(received, 200);
        try {
            String audience = "http://localhost:" + service.getAddress().getPort();
            startAnewFor(audience);
            String session = signIn("alice@example.com");
            JWTClaimsSet idJag = verified(idJag(session, audience, Map.of())).getJWTClaimsSet();

            Json answer = post("/signout", Map.of("session", session), 200);

            assertThat(answer.get("delivered").number()).isEqualTo(200);
            assertThat(answer.get("deliveries").get(audience).number()).isEqualTo(200);
            assertThat(received).hasSize(1);
            assertThat(received.get(0)).startsWith("application/logout+jwt ");
            SignedJWT logout = verified(received.get(0).split(" ", 2)[1]);
            assertThat(logout.getHeader().getType().getType()).isEqualTo("logout+jwt");
            JWTClaimsSet claims = logout.getJWTClaimsSet();
            assertThat(claims.getIssuer()).isEqualTo(url);
            assertThat(claims.getSubject()).isEqualTo(idJag.getSubject());
            assertThat(claims.getAudience()).containsExactly(audience);
            assertThat(claims.getIssueTime()).isEqualTo(idJag.getIssueTime());
            assertThat(claims.getJSONObjectClaim("events"))
                    .containsOnlyKeys("https://schemas.workos.com/events/agent/auth/identity/assertion/revoked");
            assertThat(claims.getClaims()).doesNotContainKey("nonce");
        } finally {
            service.stop(0);
        }
    }

    @Test
    void signOutTellsTheStatusOfAServiceThatRefusesOrIsNotThere() throws Exception {
        HttpServer service = service(new CopyOnWriteArrayList<>(), 503);
        try {
            String refusing = "http://localhost:" + service.getAddress().getPort();
            String absent = "http://localhost:" + FreePorts.two()[0];
            startAnewFor(refusing, absent, "not a url");
            String session = signIn("alice@example.com");
            idJag(session, refusing, Map.of());
            idJag(session, absent, Map.of());
            idJag(session, "not a url", Map.of());

            Json answer = post("/signout", Map.of("session", session), 200);

            assertThat(answer.get("deliveries").get(refusing).number()).isEqualTo(503);
            assertThat(answer.get("deliveries").get("not a url").number()).isEqualTo(504);
            assertThat(answer.get("delivered").number()).isIn(503L, 504L);
        } finally {
            service.stop(0);
        }
    }

    @Test
    void metadataThatNamesAnotherIssuerGetsNoLogoutToken() throws Exception {
        List<String> received = new CopyOnWriteArrayList<>();
        HttpServer service = service(received, 200);
        try {
            String audience = "http://127.0.0.1:" + service.getAddress().getPort();
            startAnewFor(audience);
            String session = signIn("alice@example.com");
            idJag(session, audience, Map.of());

            Json answer = post("/signout", Map.of("session", session), 200);

            assertThat(answer.get("delivered").number()).isEqualTo(504);
            assertThat(received).isEmpty();
        } finally {
            service.stop(0);
        }
    }

    @Test
    void f24_signOutSendsNothingToAServiceThatItIsNotStartedFor() throws Exception {
        List<String> received = new CopyOnWriteArrayList<>();
        List<String> configured = new CopyOnWriteArrayList<>();
        HttpServer stranger = service(received, 200);
        HttpServer service = service(configured, 200);
        try {
            String audience = "http://localhost:" + service.getAddress().getPort();
            startAnewFor(audience);
            String session = signIn("alice@example.com");
            idJag(session, "http://localhost:" + stranger.getAddress().getPort(), Map.of());
            idJag(session, audience, Map.of());

            Json answer = post("/signout", Map.of("session", session), 200);

            assertThat(received).isEmpty();
            assertThat(requested).doesNotContain(stranger.getAddress().getPort());
            assertThat(configured).hasSize(1);
            assertThat(answer.get("delivered").number()).isEqualTo(200);
            assertThat(answer.get("deliveries")
                            .get("http://localhost:" + stranger.getAddress().getPort())
                            .isPresent())
                    .isFalse();
        } finally {
            stranger.stop(0);
            service.stop(0);
        }
    }

    @Test
    void f24_nothingIsAnsweredUnderAForeignName() throws Exception {
        for (String path : List.of("/", "/.well-known/jwks.json")) {
            assertThat(RawHttp.status(port, path, "localhost:" + port)).isEqualTo(200);
            assertThat(RawHttp.status(port, path, "rebound.example:" + port)).isEqualTo(404);
        }
        for (String path : List.of("/signin", "/id-jag", "/signout")) {
            assertThat(RawHttp.post(port, path, "localhost:" + port)).isEqualTo(400);
            assertThat(RawHttp.post(port, path, "rebound.example")).isEqualTo(404);
            assertThat(RawHttp.post(port, path, "localhost.example")).isEqualTo(404);
        }
    }

    @Test
    void signOutWithoutAnyIdJagDeliversNothing() {
        Json answer = post("/signout", Map.of("session", signIn("alice@example.com")), 200);

        assertThat(answer.get("delivered").isPresent()).isFalse();
    }

    @Test
    void sessionEndsWithItsSignOut() {
        String session = signIn("alice@example.com");
        post("/signout", Map.of("session", session), 200);

        assertThat(post("/signout", Map.of("session", session), 401)
                        .get("error")
                        .text())
                .isEqualTo("unknown_session");
        assertThat(post("/id-jag", Map.of("session", session, "audience", "x"), 401)
                        .get("error")
                        .text())
                .isEqualTo("unknown_session");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "carol@example.com",
                "alice@example.org",
                "Alice@example.com",
                "guest-@example.com",
                "guest-A@example.com",
                "guest-1@example.com\n",
                "alice@example.com,bob@example.com",
                ""
            })
    void nobodyElseCanSignIn(String user) {
        assertThat(post("/signin", Map.of("user", user), 400).get("error").text())
                .isEqualTo("unknown_user");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "\"alice@example.com\"",
                "{}",
                "{\"user\":null}",
                "{\"user\":[\"alice@example.com\"]}"
            })
    void malformedRequestIsRefused(String body) {
        assertThat(http.post(url + "/signin", "application/json", body).toString())
                .isEqualTo("400 invalid_request");
    }

    @Test
    void requestThatAnotherSitesFormCouldSendIsRefused() {
        String body = "{\"user\":\"alice@example.com\"}";

        assertThat(http.post(url + "/signin", "text/plain", body).toString()).isEqualTo("400 invalid_request");
        assertThat(http.post(url + "/signin", "application/json", body).status())
                .isEqualTo(200);
    }

    @Test
    void hugeBodyAndHugeAudienceAreRefused() {
        String session = signIn("alice@example.com");

        assertThat(http.post(
                                url + "/signin",
                                "application/json",
                                " ".repeat(20_000) + "{\"user\":\"alice@example.com\"}")
                        .toString())
                .isEqualTo("400 invalid_request");
        assertThat(post("/id-jag", Map.of("session", session, "audience", "x".repeat(1025)), 400)
                        .get("error")
                        .text())
                .isEqualTo("invalid_request");
        post("/id-jag", Map.of("session", session, "audience", "x".repeat(1024)), 200);
    }

    @Test
    void homePageExplainsUnderAPolicyThatAllowsNothing() {
        Reply home = http.get(url + "/");

        assertThat(home.status()).isEqualTo(200);
        assertThat(home.body()).contains(url + "/signin", "alice@example.com", "bob@example.com");
        assertThat(home.header("Content-Security-Policy").orElse("")).startsWith("default-src 'none'");
    }

    @Test
    void otherPathsAndMethodsAreRefused() {
        assertThat(http.get(url + "/signin").status()).isEqualTo(404);
        assertThat(http.postJson(url + "/nothing", Map.of()).status()).isEqualTo(404);
        Reply put = http.send("PUT", url + "/signin", BodyPublishers.noBody());
        assertThat(put.status()).isEqualTo(405);
        assertThat(put.header("Allow")).contains("GET, HEAD, POST");
    }

    private String signIn(String user) {
        return post("/signin", Map.of("user", user), 200).get("session").text();
    }

    private String idJag(String session, String audience, Map<String, String> more) {
        Map<String, String> request = new java.util.HashMap<>(more);
        request.put("session", session);
        request.put("audience", audience);
        return post("/id-jag", request, 200).get("id_jag").text();
    }

    private Json post(String path, Map<String, String> body, int status) {
        Reply reply = http.postJson(url + path, body);
        assertThat(reply.status()).isEqualTo(status);
        return reply.json();
    }

    private SignedJWT verified(String token) throws Exception {
        SignedJWT jwt = SignedJWT.parse(token);
        ECKey key = jwks().getKeyByKeyId(jwt.getHeader().getKeyID()).toECKey();
        assertThat(jwt.verify(new ECDSAVerifier(key))).isTrue();
        return jwt;
    }

    private JWKSet jwks() throws Exception {
        return JWKSet.parse(http.get(url + "/.well-known/jwks.json").body());
    }

    /** A service that is found by its metadata and takes logout tokens. */
    private HttpServer service(List<String> received, int status) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        String issuer = "http://localhost:" + server.getAddress().getPort();
        server.createContext("/.well-known/oauth-authorization-server", exchange -> {
            requested.add(server.getAddress().getPort());
            byte[] metadata = Json.write(Map.of(
                            "issuer", issuer, "agent_auth", Map.of("revocation_uri", issuer + "/agent/auth/revoke")))
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, metadata.length);
            exchange.getResponseBody().write(metadata);
            exchange.close();
        });
        server.createContext("/agent/auth/revoke", exchange -> {
            received.add(exchange.getRequestHeaders().getFirst("Content-Type") + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII));
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static Date seconds(String time) {
        return Date.from(Instant.parse(time));
    }
}
