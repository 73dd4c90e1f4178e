package dev.agentauth.servlet.protocol;

import static dev.agentauth.servlet.protocol.Client.form;
import static dev.agentauth.servlet.protocol.Client.json;
import static dev.agentauth.servlet.protocol.Client.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentauth.servlet.protocol.Endpoint.Kind;
import dev.agentauth.spi.AuditSink;
import dev.agentauth.spi.InstallationException;
import dev.agentauth.spi.RegistrationStore;
import dev.agentauth.spi.ReplayStore;
import dev.agentauth.spi.TokenStore;
import dev.agentauth.spi.User;
import dev.agentauth.spi.UserDirectory;
import dev.agentauth.testkit.FakeProvider.Trouble;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.logging.Logger;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows of the table of threats that go across endpoints; each group is named after its row. */
@DisplayName("Threats")
final class ThreatsTest extends ProtocolTest {

    @Nested
    @DisplayName("T17: no secret of one registration does anything to another, nor in the place of another kind")
    final class T17 {

        /** All that there is to know of one registration in the middle of its ceremony. */
        private final class Known {
            final Registered agent = registerAnonymously();
            final String link;
            final String code;
            final String accessToken = token(agent.assertion());

            Known(String address) {
                link = invite(agent, address);
                code = reveal(link);
            }

            Map<String, String> secrets() {
                Map<String, String> secrets = new LinkedHashMap<>();
                secrets.put("id", agent.id());
                secrets.put("claim token", agent.claimToken());
                secrets.put("attempt token", link);
                secrets.put("code", code);
                secrets.put("assertion", agent.assertion());
                secrets.put("access token", accessToken);
                return secrets;
            }
        }

        @Test
        void eachPlaceTakesItsOwnKindAlone() {
            Known known = new Known(ADA);
            Map<String, Function<String, Answer>> places = new LinkedHashMap<>();
            places.put("claim token", secret -> client().startClaim(secret, ADA));
            places.put("attempt token", secret -> client().challenge(secret));
            places.put("assertion", secret -> client().exchange(secret));
            places.put("access token", secret -> client().callApi(secret));

            places.forEach((kind, place) -> known.secrets().forEach((name, secret) -> {
                int status = place.apply(secret).status();
                if (name.equals(kind)) {
                    assertThat(status).as("%s as %s", name, kind).isEqualTo(200);
                } else {
                    assertThat(status).as("%s as %s", name, kind).isIn(400, 401, 410);
                }
            }));
        }

        @Test
        void noOtherKindRejectsRevokesOrShowsAnything() {
            Known known = new Known(ADA);
            known.secrets().forEach((name, secret) -> {
                if (!name.equals("attempt token")) {
                    client().reject(secret).isIdentityError(410, "claim_superseded");
                    client().view(secret).hasStatus(404);
                }
                if (!name.equals("access token")) {
                    assertThat(client().revoke(secret).status())
                            .as(name)
                            .isEqualTo(name.equals("assertion") ? 400 : 200);
                }
                if (!name.equals("claim token")) {
                    client().complete(secret, known.code).isIdentityError(401, "invalid_claim_token");
                }
            });

            client().callApi(known.accessToken).hasStatus(200);
            client().view(known.link).hasStatus(200);
            client().complete(known.agent.claimToken(), known.code).hasStatus(200);
        }

        @Test
        void codeAndClaimTokenOfTwoRegistrationsDoNotGoTogether() {
            Known mine = new Known(ADA);
            Known yours = differentCodeFrom(mine);

            client().complete(yours.agent.claimToken(), mine.code).isIdentityError(401, "otp_invalid");
            client().complete(mine.agent.claimToken(), yours.code).isIdentityError(401, "otp_invalid");
            assertThat(client().exchange(mine.agent.assertion()).string("scope"))
                    .isEqualTo(ProtocolService.READ);
            assertThat(client().exchange(yours.agent.assertion()).string("scope"))
                    .isEqualTo(ProtocolService.READ);
            client().complete(mine.agent.claimToken(), mine.code).hasStatus(200);
        }

        @Test
        void whateverIsDoneWithAllOfOneTheOtherIsAsBefore() {
            Known mine = new Known(ADA);
            Known yours = differentCodeFrom(mine);
            client().complete(mine.agent.claimToken(), mine.code).hasStatus(200);
            client().revoke(mine.accessToken).hasStatus(200);
            service().auth.revokeRegistration(mine.agent.id());

            client().callApi(yours.accessToken).hasStatus(200);
            assertThat(client().exchange(yours.agent.assertion()).string("scope"))
                    .isEqualTo(ProtocolService.READ);
            client().view(yours.link).hasStatus(200);
            client().complete(yours.agent.claimToken(), yours.code).hasStatus(200);
        }

        private Known differentCodeFrom(Known mine) {
            Known yours = new Known(BOB);
            while (yours.code.equals(mine.code)) {
                yours = new Known(BOB);
            }
            return yours;
        }
    }

    @Nested
    @DisplayName("T22, T49: every secret ever issued, searched in all output: none is found")
    final class T49 {

        @Test
        void flowsFailuresAndHostileInputLogNoSecret() {
            service().users.add(User.of("u1", BOB));
            Registered agent = registerAnonymously();
            claim(agent, ADA);
            String token = token(agent.assertion());
            client().callApi(token).hasStatus(200);
            completeMailed(stepUp(idJag().subject("s-1").email(BOB)));
            client().registerIdJag(
                            idJag().subject("s-2").email("carol@example.com").compact())
                    .hasStatus(200);
            client().reject(invite(registerAnonymously(), "dora@example.com")).hasStatus(200);
            failEverythingOnce(agent, token);
            service().auth.health();
            service().auth.purge();

            assertThat(Secrets.count()).isGreaterThan(25);
            assertThat(Output.text()).contains("answered 503").contains("was not accepted");
            assertThat(Secrets.foundIn(Output.text() + service().audit.events()))
                    .isEmpty();
        }

        private void failEverythingOnce(Registered agent, String token) {
            for (Class<?> port : List.of(
                    RegistrationStore.class,
                    TokenStore.class,
                    UserDirectory.class,
                    ReplayStore.class,
                    AuditSink.class)) {
                Registered fresh = registerAnonymously();
                String link = invite(fresh, "erin@example.com");
                String code = reveal(link);
                service().wiretap.down(port);
                client().registerAnonymously();
                client().registerEmail("frank@example.com");
                client().registerIdJag(idJag().subject("s-3")
                        .email("grace@example.com")
                        .compact());
                client().startClaim(fresh.claimToken(), "heidi@example.com");
                client().view(link);
                client().challenge(link);
                client().complete(fresh.claimToken(), code);
                client().exchange(agent.assertion());
                client().callApi(token);
                client().revoke(token);
                client().logout(logoutOf("s-9").compact());
                service().wiretap.up();
            }
            service().mail.down(true);
            client().registerEmail("ivan@example.com").hasStatus(503);
            service().mail.down(false);
            provider().trouble(Trouble.FAILING);
            service().clock.advance(Duration.ofDays(2));
            client().registerIdJag(idJag().email("judy@example.com").compact());
            service().wiretap.before("insert", () -> {
                throw new IllegalArgumentException("planted, and nobody expects it");
            });
            client().registerAnonymously().hasStatus(503);
            service().wiretap.before("insert", () -> {
                throw new InstallationException("planted, with words of the database", new IllegalStateException());
            });
            client().registerAnonymously().hasStatus(500);
            service().wiretap.up();
        }

        @Test
        @DisplayName("the search finds what is there")
        void searchFindsAPlantedSecret() {
            Registered agent = registerAnonymously();
            Logger.getLogger("dev.agentauth.planted").fine("claim token: " + agent.claimToken());
            System.err.println("planted: " + agent.assertion());

            assertThat(Secrets.foundIn(Output.text())).containsExactlyInAnyOrder(agent.claimToken(), agent.assertion());
            Output.clear();
        }
    }

    @Nested
    @DisplayName(
            "T23: Host, X-Forwarded-Host and absolute-form targets do not reach the mailed link, nor any URL of an answer")
    final class T23 {
        private static final String EVIL = "evil.example";

        @Test
        void fiftyFormsOneLink() {
            List<String> hosts = List.of(
                    EVIL,
                    EVIL + ":80",
                    EVIL + ".",
                    "EVIL.example",
                    "a." + EVIL,
                    "x",
                    "localhost",
                    "127.0.0.1:1",
                    "[::1]",
                    "user@" + EVIL);
            int sent = 0;
            int mailed = 0;
            for (String host : hosts) {
                for (String target : List.of(
                        "/agent/identity",
                        "/agent/identity?host=" + EVIL,
                        "http://" + host + "/agent/identity",
                        "https://" + host + "/agent/identity",
                        "http://" + EVIL + ":8080/agent/identity")) {
                    String address = "person" + sent++ + "@example.com";
                    byte[] body = utf8(json(
                            "type", "identity_assertion", "assertion_type", "verified_email", "assertion", address));
                    Answer answer = service()
                            .raw
                            .sendWithBody(
                                    body,
                                    "POST " + target + " HTTP/1.1",
                                    "Host: " + host,
                                    "X-Forwarded-Host: " + EVIL,
                                    "X-Forwarded-Proto: https",
                                    "X-Forwarded-Port: 444",
                                    "X-Forwarded-Server: " + EVIL,
                                    "X-Forwarded-Prefix: /" + EVIL,
                                    "X-Original-URL: http://" + EVIL + "/",
                                    "X-Rewrite-URL: http://" + EVIL + "/",
                                    "X-Host: " + EVIL,
                                    "Forwarded: host=" + EVIL + ";proto=https",
                                    "Origin: http://" + EVIL,
                                    "Referer: http://" + EVIL + "/",
                                    "Content-Type: application/json",
                                    "Content-Length: " + body.length);
                    assertThat(answer.status()).as("%s %s", host, target).isIn(200, 400);
                    // What Jetty itself refuses, such as a target that contradicts Host, never reaches the servlet.
                    if (answer.status() == 200) {
                        mailed++;
                        assertThat(answer.toString()).doesNotContainIgnoringCase(EVIL);
                        assertThat(answer.string("claim_url"))
                                .isEqualTo(service().issuer() + "/agent/identity/claim");
                    }
                }
            }

            assertThat(mailed).isGreaterThanOrEqualTo(30);
            assertThat(service().mail.links())
                    .hasSize(mailed)
                    .allSatisfy(mail -> assertThat(mail.link())
                            .matches(java.util.regex.Pattern.quote(
                                            service().issuer() + "/agent/identity/claim/view?token=")
                                    + "cvt_[A-Za-z0-9_-]{32}"));
        }

        @Test
        void documentsAndPageAreTheSameWhateverTheHost() {
            String link = invite(registerAnonymously(), ADA);
            for (String path : Stream.concat(
                            Endpoint.documents().map(endpoint -> endpoint.path),
                            Stream.of(Endpoint.VIEW.path + "?token=" + link))
                    .toList()) {
                Answer plain = client().get(path).hasStatus(200);
                Answer poisoned = service()
                        .raw
                        .send(
                                "GET " + path + " HTTP/1.1",
                                "Host: " + EVIL,
                                "X-Forwarded-Host: " + EVIL,
                                "X-Forwarded-Proto: https");
                assertThat(poisoned.hasStatus(200).text()).isEqualTo(plain.text());
                assertThat(poisoned.toString()).doesNotContain(EVIL);
            }
        }
    }

    @Nested
    @DisplayName("T38: the store fails at a revocation: 503, never 200")
    final class T38 {

        @ParameterizedTest
        @ValueSource(strings = {"find", "delete"})
        void tokenRevocationWhoseStoreFailsIs503AndARepeatEndsTheToken(String method) {
            Registered agent = registerAnonymously();
            String token = token(agent.assertion());
            service().wiretap.before(method, Wiretap.failure());
            client().revoke(token)
                    .isCredentialError(503, "temporarily_unavailable")
                    .isNotStored();

            service().wiretap.up();
            client().callApi(token).hasStatus(200);
            client().revoke(token).hasStatus(200);
            client().callApi(token).isCredentialError(401, "invalid_token");
        }

        @Test
        void answerThatTheStoreLostIs503AndARepeatIs200() {
            String token = token(registerAnonymously().assertion());
            service().wiretap.after("delete", Wiretap.failure());
            client().revoke(token).isCredentialError(503, "temporarily_unavailable");

            service().wiretap.up();
            client().revoke(token).hasStatus(200);
            client().callApi(token).isCredentialError(401, "invalid_token");
        }

        @Test
        void unknownTokenIs503TooSoThatNothingIsToldApart() {
            service().wiretap.down(TokenStore.class);

            client().revoke("at_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").isCredentialError(503, "temporarily_unavailable");
        }

        @ParameterizedTest
        @ValueSource(strings = {"seen", "raise", "findByProviderInAnyTenant", "replace", "recordFirst"})
        void logoutWhoseStoreFailsAtAnyStepIs503AndTheSameOneRepeatedEndsAll(String method) {
            Registered agent = registerIdJag(idJag());
            String token = token(agent.assertion());
            String logout = logoutOf("person-1").compact();
            service().wiretap.before(method, Wiretap.failure());
            client().logout(logout)
                    .isCredentialError(503, "temporarily_unavailable")
                    .isNotStored();

            service().wiretap.up();
            client().logout(logout).hasStatus(200);
            client().callApi(token).isCredentialError(401, "invalid_token");
            client().exchange(agent.assertion()).isCredentialError(400, "invalid_grant");
        }

        @ParameterizedTest
        @ValueSource(strings = {"raise", "findByProviderInAnyTenant", "replace", "recordFirst"})
        void logoutWhoseStoreFailsAfterAnyStepIs503AndTheSameOneRepeatedEndsAll(String method) {
            Registered agent = registerIdJag(idJag());
            String logout = logoutOf("person-1").compact();
            service().wiretap.after(method, Wiretap.failure());
            client().logout(logout).isCredentialError(503, "temporarily_unavailable");

            service().wiretap.up();
            client().logout(logout).hasStatus(200);
            client().exchange(agent.assertion()).isCredentialError(400, "invalid_grant");
        }
    }

    @Nested
    @DisplayName("T44: nothing of a request gets into a header of its answer")
    final class T44 {
        private static final String CANARY = "canary\r\nX-Injected: canary\"\\";

        @ParameterizedTest
        @EnumSource(Endpoint.class)
        void bodyAndQuery(Endpoint endpoint) {
            List<String> bodies = switch (endpoint.kind) {
                case JSON -> reflectionBodies(endpoint.required(), true);
                case FORM ->
                    reflectionBodies(
                            List.of("grant_type", "assertion", "scope", "resource", "token", "token_type_hint"), false);
                case JWT ->
                    List.of(
                            CANARY,
                            logoutOf(CANARY).claim("iss", CANARY).compact(),
                            logoutOf(CANARY).header("kid", CANARY).compact());
                case GET -> List.of();
            };
            bodies.forEach(body -> isClean(endpoint.post(client(), body)));
            for (String query :
                    List.of("?" + form("token", CANARY), "?" + form(CANARY, CANARY), "?%0d%0aX-Injected:%20canary")) {
                isClean(client().send(endpoint.kind == Kind.GET ? "GET" : "POST", endpoint.path + query, new byte[0]));
            }
        }

        private List<String> reflectionBodies(List<String> names, boolean isJson) {
            List<String> bodies = new ArrayList<>();
            String good = isJson ? "" : registerAnonymously().assertion();
            for (String name : names) {
                bodies.add(isJson ? json(name, CANARY) : form(name, CANARY));
            }
            if (isJson) {
                Map<String, Object> all = new LinkedHashMap<>();
                names.forEach(name -> all.put(name, CANARY));
                bodies.add(Answer.JSON.valueToTree(all).toString());
                bodies.add(json("type", "identity_assertion", "assertion", CANARY));
                bodies.add(json("type", "identity_assertion", "assertion_type", "verified_email", "assertion", CANARY));
            } else {
                bodies.add(form("grant_type", Client.JWT_BEARER, "assertion", good, "scope", CANARY));
                bodies.add(form("grant_type", Client.JWT_BEARER, "assertion", good, "resource", CANARY));
            }
            return bodies;
        }

        @Test
        void idJagsClaims() {
            for (String claim : List.of(
                    "iss",
                    "sub",
                    "aud",
                    "jti",
                    "client_id",
                    "email",
                    "tenant",
                    "resource",
                    "scope",
                    "agent_platform")) {
                isClean(client().registerIdJag(idJag().claim(claim, CANARY).compact()));
            }
            isClean(client().registerIdJag(idJag().header("kid", CANARY).compact()));
            isClean(client().registerIdJag(idJag().header("typ", CANARY).compact()));
        }

        @Test
        void pathAndHeadersAtTheApiAndElsewhere() {
            for (String path : List.of(
                    "/%0d%0aX-Injected:%20canary",
                    "/api/things/%0d%0aX-Injected:%20canary", "/canary", "/api/canary\"")) {
                isClean(service()
                        .raw
                        .send(
                                "GET " + path + " HTTP/1.1",
                                "Host: canary.example",
                                "Authorization: Bearer canary",
                                "Origin: https://canary.example"));
            }
        }

        private static void isClean(Answer answer) {
            assertThat(answer.status()).as("%s", answer).isBetween(200, 499);
            assertThat(answer.headers().toString())
                    .doesNotContainIgnoringCase("canary")
                    .doesNotContainIgnoringCase("x-injected");
        }
    }

    @Nested
    @DisplayName("T45: * on public documents only, never with credentials, whatever the origin")
    final class T45 {

        @ParameterizedTest
        @EnumSource(Endpoint.class)
        void originMatrix(Endpoint endpoint) {
            List<List<String>> origins = List.of(
                    List.of(),
                    List.of("Origin", "https://evil.example"),
                    List.of("Origin", "null"),
                    List.of("Origin", service().issuer()),
                    List.of(
                            "Origin",
                            "https://evil.example",
                            "Access-Control-Request-Method",
                            "POST",
                            "Access-Control-Request-Headers",
                            "authorization"));
            for (List<String> origin : origins) {
                for (String method : List.of("GET", "HEAD", "POST", "OPTIONS")) {
                    Answer answer = client().send(method, endpoint.path, new byte[0], origin.toArray(new String[0]));
                    boolean isPublic =
                            answer.status() == 200 && Endpoint.documents().anyMatch(endpoint::equals);
                    assertThat(answer.headers("Access-Control-Allow-Origin"))
                            .as("%s %s from %s", method, endpoint, origin)
                            .isEqualTo(isPublic ? List.of("*") : List.of());
                    assertThat(answer.headers().keySet())
                            .noneMatch(name ->
                                    name.startsWith("access-control-") && !name.equals("access-control-allow-origin"));
                }
            }
        }

        @Test
        void goodRequestsToWhatIsNotPublicHaveNoneEither() {
            String[] evil = {"Origin", "https://evil.example"};
            Registered agent = Registered.of(client().postJson("/agent/identity", json("type", "anonymous"), evil)
                    .hasStatus(200));
            String link = invite(agent, ADA);
            for (Answer answer : List.of(
                    client().postJson("/agent/identity", json("type", "anonymous"), evil),
                    client().get(Endpoint.VIEW.path + "?token=" + link, evil),
                    client().postForm(
                                    "/oauth2/token",
                                    form("grant_type", Client.JWT_BEARER, "assertion", agent.assertion()),
                                    evil),
                    client().postForm("/oauth2/revoke", form("token", "x"), evil),
                    client().get(
                                    "/api/things",
                                    "Authorization",
                                    "Bearer " + token(agent.assertion()),
                                    "Origin",
                                    "https://evil.example"))) {
                assertThat(answer.hasStatus(200).headers().keySet())
                        .noneMatch(name -> name.startsWith("access-control-"));
            }
        }
    }

    @Nested
    @DisplayName(
            "T46: oversize, wrong type, chunked lies, gzip, verbs, method override: no 5xx, and the service goes on")
    final class T46 {

        private Stream<byte[]> tricks(Endpoint endpoint) {
            String good = endpoint.goodBody(ThreatsTest.this);
            int length = utf8(good).length;
            String start = "POST " + endpoint.path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
            String typed = start + "Content-Type: " + endpoint.contentType() + "\r\n";
            String chunked = typed + "Transfer-Encoding: chunked\r\n\r\n";
            String chunk = Integer.toHexString(length) + "\r\n" + good + "\r\n";
            return Stream.of(
                            typed + "\r\n",
                            typed + "Content-Length: 0\r\n\r\n",
                            typed + "Content-Length: " + (length + 10) + "\r\n\r\n" + good,
                            typed + "Content-Length: " + (length - 10) + "\r\n\r\n" + good,
                            typed + "Content-Length: -1\r\n\r\n" + good,
                            typed + "Content-Length: +" + length + "\r\n\r\n" + good,
                            typed + "Content-Length: x\r\n\r\n" + good,
                            typed + "Content-Length: 99999999999999999999\r\n\r\n" + good,
                            typed + "Content-Length: 2147483648\r\n\r\n" + good,
                            typed + "Content-Length: 65537\r\n\r\n" + "x".repeat(65537),
                            typed + "Content-Length: 65537\r\n\r\n" + good,
                            typed + "Content-Length: " + length + "\r\nContent-Length: 3\r\n\r\n" + good,
                            typed + "Content-Length: " + length + ", " + length + "\r\n\r\n" + good,
                            typed + "Content-Length: " + length + "\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk
                                    + "0\r\n\r\n",
                            chunked + chunk,
                            chunked + "0\r\n\r\n",
                            chunked + "x\r\n" + good,
                            chunked + "-5\r\n" + good,
                            chunked + "ffffffffffffffff\r\n" + good,
                            chunked + "7fffffff\r\n" + good,
                            chunked + Integer.toHexString(length - 3) + "\r\n" + good + "\r\n0\r\n\r\n",
                            chunked + Integer.toHexString(length + 3) + "\r\n" + good + "\r\n0\r\n\r\n",
                            chunked + "20000\r\n" + "x".repeat(0x20000) + "\r\n0\r\n\r\n",
                            chunked + chunk + "0\r\nX-Trailer: x\r\n\r\n",
                            chunked + "1;ext=\"\r\nx\r\n0\r\n\r\n",
                            typed + "Content-Encoding: br\r\nContent-Length: " + length + "\r\n\r\n" + good,
                            typed + "Content-Encoding: gzip, gzip\r\nContent-Length: " + length + "\r\n\r\n" + good,
                            start + "Content-Length: " + length + "\r\n\r\n" + good,
                            start + "Content-Type: \r\nContent-Length: " + length + "\r\n\r\n" + good,
                            start + "Content-Type: ;;;\r\nContent-Length: " + length + "\r\n\r\n" + good,
                            start + "Content-Type: a/b; charset=nonsense\r\nContent-Length: " + length + "\r\n\r\n"
                                    + good,
                            start + "Content-Type: " + endpoint.contentType() + "; charset=utf-16\r\nContent-Length: "
                                    + length + "\r\n\r\n" + good,
                            start + "Content-Type: multipart/form-data\r\nContent-Length: " + length + "\r\n\r\n"
                                    + good,
                            typed.replace("POST", "GET") + "Content-Length: " + length + "\r\n\r\n" + good,
                            typed.replace("POST", "post") + "Content-Length: " + length + "\r\n\r\n" + good,
                            typed.replace("POST", "PO ST") + "Content-Length: " + length + "\r\n\r\n" + good,
                            typed.replace("POST", "X".repeat(300)) + "Content-Length: " + length + "\r\n\r\n" + good,
                            typed.replace("POST", "BREW") + "X-HTTP-Method-Override: POST\r\nContent-Length: " + length
                                    + "\r\n\r\n" + good,
                            typed.replace("HTTP/1.1", "HTTP/1.0") + "Content-Length: " + length + "\r\n\r\n" + good,
                            typed.replace("Host: localhost\r\n", "") + "Content-Length: " + length + "\r\n\r\n" + good,
                            typed.replace("localhost", "a b") + "Content-Length: " + length + "\r\n\r\n" + good,
                            typed + "X: \u0000\r\nContent-Length: " + length + "\r\n\r\n" + good,
                            typed + "X\r\nContent-Length: " + length + "\r\n\r\n" + good,
                            typed + " folded\r\nContent-Length: " + length + "\r\n\r\n" + good,
                            typed + "Cookie: " + "x".repeat(20_000) + "\r\nContent-Length: " + length + "\r\n\r\n"
                                    + good,
                            typed + "Content-Length: " + length + "\r\nExpect: 100-continue\r\n\r\n" + good,
                            typed + "Content-Length: " + length
                                    + "\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n" + good,
                            typed.replace(endpoint.path, endpoint.path + "?" + "x".repeat(20_000)) + "\r\n",
                            typed.replace(endpoint.path, endpoint.path + "?%") + "\r\n",
                            typed.replace(endpoint.path, endpoint.path + "%00") + "\r\n",
                            typed.replace(endpoint.path, endpoint.path + "/%2e%2e") + "\r\n",
                            typed.replace(endpoint.path, endpoint.path + ";jsessionid=x") + "\r\n")
                    .map(text -> text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        }

        @ParameterizedTest
        @MethodSource("dev.agentauth.servlet.protocol.Endpoint#posts")
        void noTrickIsAServerError(Endpoint endpoint) {
            List<byte[]> tricks = tricks(endpoint).toList();
            for (byte[] trick : tricks) {
                Answer answer = service().raw.sendBytes(trick);
                assertThat(answer.status()).as("%s%n%s", shown(trick), answer).isLessThan(500);
            }

            endpoint.post(client(), endpoint.goodBody(ThreatsTest.this)).hasStatus(endpoint.ok());
        }

        @ParameterizedTest
        @MethodSource("dev.agentauth.servlet.protocol.Endpoint#posts")
        void compressedBodyIsNeverUnpacked(Endpoint endpoint) {
            byte[] good = utf8(endpoint.goodBody(ThreatsTest.this));
            String[] headers = {"Content-Type", endpoint.contentType(), "Content-Encoding", "gzip"};

            Answer answer = client().send("POST", endpoint.path, zipped(good), headers);
            endpoint.isError(answer, endpoint.kind == Kind.FORM ? 400 : 415, "invalid_request");
            client().send("POST", endpoint.path, good, "Content-Type", endpoint.contentType())
                    .hasStatus(endpoint.ok());
        }

        @Test
        void bombIsRefusedLikeAnyCompressedBody() {
            byte[] bomb = zipped(new byte[50 << 20]);

            client().send("POST", "/agent/identity", bomb, "Content-Type", Client.JSON_TYPE, "Content-Encoding", "gzip")
                    .isIdentityError(415, "invalid_request");
        }

        private static String shown(byte[] request) {
            return new String(request, 0, Math.min(request.length, 400), java.nio.charset.StandardCharsets.ISO_8859_1);
        }

        private static byte[] zipped(byte[] bytes) {
            ByteArrayOutputStream zipped = new ByteArrayOutputStream();
            try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
                out.write(bytes);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return zipped.toByteArray();
        }
    }

    @Nested
    @DisplayName(
            "T50: a provider that is removed, a user who is deactivated: refused at every use, for as long as that lasts")
    final class T50 {

        private void providerIs(boolean trusted) {
            if (trusted) {
                service().trustOnly(provider().trusted());
            } else {
                service().trustOnly();
            }
        }

        private void userIs(boolean active) {
            service()
                    .users
                    .setActive(
                            service()
                                    .users
                                    .findByVerifiedEmail(ADA)
                                    .orElseThrow()
                                    .id(),
                            active);
        }

        @Test
        void removedProviderWithAClaimedRegistration() {
            Registered agent = registerIdJag(idJag());
            String token = token(agent.assertion());
            providerIs(false);

            client().callApi(token).isCredentialError(401, "invalid_token");
            client().exchange(agent.assertion()).isCredentialError(400, "invalid_grant");
            client().registerIdJag(idJag().compact()).isIdentityError(400, "invalid_issuer");
            client().logout(logoutOf("person-1").compact()).isCredentialError(400, "invalid_issuer");
            assertThat(service()
                            .registrations
                            .findByUser(service()
                                    .users
                                    .findByVerifiedEmail(ADA)
                                    .orElseThrow()
                                    .id()))
                    .hasSize(1);

            providerIs(true);
            client().callApi(token).hasStatus(200);
            client().exchange(agent.assertion()).hasStatus(200);
            assertThat(registerIdJag(idJag()).id()).isEqualTo(agent.id());
        }

        @Test
        void removedProviderWithAPendingStepUp() {
            service().users.add(User.of("u1", ADA));
            Registered agent = stepUp(idJag());
            String link = service().mail.newestToken();
            String code = reveal(link);
            providerIs(false);

            client().view(link).hasStatus(410);
            client().challenge(link).isIdentityError(410, "claim_expired");
            client().complete(agent.claimToken(), code).isIdentityError(410, "claim_expired");

            providerIs(true);
            assertThat(stepUp(idJag()).id()).isEqualTo(agent.id());
            client().view(link).hasStatus(200);
            client().challenge(link).hasStatus(200);
        }

        @Test
        void inactiveUserWithEachKindOfRegistration() {
            Registered byProvider = registerIdJag(idJag());
            Registered anonymous = registerAnonymously();
            Registered later = registerAnonymously();
            String code = reveal(invite(later, ADA));
            List<String> assertions = List.of(byProvider.assertion(), anonymous.assertion());
            claimWithoutEndingOthers(anonymous);
            List<String> usable = service()
                                    .registrations
                                    .findById(byProvider.id())
                                    .orElseThrow()
                                    .revokedAt()
                            == null
                    ? assertions
                    : List.of(anonymous.assertion());
            List<String> tokens =
                    usable.stream().map(assertion -> token(assertion)).toList();
            userIs(false);

            tokens.forEach(token -> client().callApi(token).isCredentialError(401, "invalid_token"));
            usable.forEach(assertion -> client().exchange(assertion).isCredentialError(400, "invalid_grant"));
            client().registerIdJag(idJag().compact()).isIdentityError(403, "user_not_found");
            client().complete(later.claimToken(), code).isIdentityError(410, "claim_expired");

            userIs(true);
            tokens.forEach(token -> client().callApi(token).hasStatus(200));
            usable.forEach(assertion -> client().exchange(assertion).hasStatus(200));
            client().complete(later.claimToken(), code).hasStatus(200);
        }

        private void claimWithoutEndingOthers(Registered agent) {
            service()
                    .origins
                    .forget(service()
                            .users
                            .findByVerifiedEmail(ADA)
                            .orElseThrow()
                            .id());
            claim(agent, ADA);
        }

        @Test
        void inactiveUserWithAPendingStepUp() {
            service().users.add(User.of("u1", ADA));
            Registered agent = stepUp(idJag());
            String link = service().mail.newestToken();
            String code = reveal(link);
            userIs(false);

            client().registerIdJag(idJag().compact()).isIdentityError(403, "user_not_found");
            client().view(link).hasStatus(410);
            client().challenge(link).isIdentityError(410, "claim_expired");
            client().complete(agent.claimToken(), code).isIdentityError(410, "claim_expired");

            userIs(true);
            client().complete(agent.claimToken(), code).hasStatus(200);
        }

        @Test
        void inactiveUserWithAnEmailRegistration() {
            service().users.add(User.of("u1", ADA));
            Registered agent = registerEmail(ADA);
            String code = reveal(service().mail.newestToken());
            userIs(false);
            client().complete(agent.claimToken(), code).isIdentityError(410, "claim_expired");

            userIs(true);
            client().complete(agent.claimToken(), code).hasStatus(200);
        }

        @Test
        @DisplayName("the answer to an address does not tell that its user is inactive")
        void addressOfAnInactiveUserIsAnsweredLikeAnyOther() {
            service().users.add(User.of("u1", ADA));
            userIs(false);

            assertThat(client().registerEmail(ADA).hasStatus(200).members())
                    .isEqualTo(client().registerEmail(BOB).hasStatus(200).members());
        }

        @Test
        void whatIsOffForOneIsOnForTheOthers() {
            Registered agent = registerIdJag(idJag());
            dev.agentauth.testkit.FakeProvider other = closing(service().anotherProvider());
            Registered others = Registered.of(client().registerIdJag(
                            other.idJag(service().issuer()).email(BOB).compact())
                    .hasStatus(200));
            service().trustOnly(other.trusted());

            client().exchange(agent.assertion()).isCredentialError(400, "invalid_grant");
            client().exchange(others.assertion()).hasStatus(200);
        }
    }

    @Nested
    @DisplayName("T55: no member or parameter beyond the protocol's does anything")
    final class T55 {
        private static final Map<String, Object> INTERNAL = Map.ofEntries(
                Map.entry("id", "reg_mine"),
                Map.entry("registration_id", "reg_mine"),
                Map.entry("registrationId", "reg_mine"),
                Map.entry("kind", "provider"),
                Map.entry("registration_type", "agent-provider"),
                Map.entry("status", "claimed"),
                Map.entry("user_id", "u1"),
                Map.entry("userId", "u1"),
                Map.entry("stepUpUserId", "u1"),
                Map.entry("sub", "u1"),
                Map.entry("claimed", true),
                Map.entry("claimedAt", "2026-01-01T00:00:00.000Z"),
                Map.entry("claimed_at", "2026-01-01T00:00:00.000Z"),
                Map.entry("revokedAt", "2026-01-01T00:00:00.000Z"),
                Map.entry("expires_at", "2099-01-01T00:00:00.000Z"),
                Map.entry("claim_token_expires", "2099-01-01T00:00:00.000Z"),
                Map.entry("epoch", 7),
                Map.entry("version", 7),
                Map.entry("guesses", 0),
                Map.entry("scope", "things.admin"),
                Map.entry("scopes", List.of("things.admin")),
                Map.entry("pre_claim_scopes", List.of("things.admin")),
                Map.entry("post_claim_scopes", List.of("things.admin")),
                Map.entry("ceiling", List.of("things.admin")),
                Map.entry("provider", Map.of("iss", "https://evil.example", "sub", "u1")),
                Map.entry("claim", Map.of("token", "mine")),
                Map.entry("recipient", "eve@example.com"),
                Map.entry("email_verified", true),
                Map.entry("active", true),
                Map.entry("lifetime", 999999),
                Map.entry("expires_in", 999999));

        private Answer post(String path, String json) {
            try {
                ObjectNode object = (ObjectNode) Answer.JSON.readTree(json);
                INTERNAL.forEach((name, value) -> {
                    if (!object.has(name)) {
                        object.set(name, Answer.JSON.valueToTree(value));
                    }
                });
                return client().postJson(path, object.toString());
            } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
                throw new IllegalArgumentException(e);
            }
        }

        @Test
        void everyJsonEndpointDoesWhatItWouldHaveDone() {
            service().users.add(User.of("u1", BOB));
            Answer registered = post("/agent/identity", json("type", "anonymous"))
                    .isOkWith(
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
            Registered agent = Registered.of(registered);
            assertThat(agent.id()).isNotEqualTo("reg_mine");
            assertThat(registered.string("registration_type")).isEqualTo("anonymous");
            assertThat(registered.strings("pre_claim_scopes")).containsExactly(ProtocolService.READ);
            assertThat(registered.time("claim_token_expires"))
                    .isEqualTo(ProtocolService.START.plus(Duration.ofDays(1)));
            assertThat(claimsOf(agent.assertion()).path("epoch").longValue()).isZero();
            assertThat(client().exchange(agent.assertion()).string("scope")).isEqualTo(ProtocolService.READ);

            post("/agent/identity/claim", json("claim_token", agent.claimToken(), "email", ADA))
                    .hasStatus(200);
            assertThat(service().mail.newest().recipient()).isEqualTo(ADA);
            assertThat(service().mail.newest().registrationId()).isEqualTo(agent.id());
            Answer challenged = post(
                            "/agent/identity/claim/attempt/challenge",
                            json("claim_attempt_token", service().mail.newestToken()))
                    .hasStatus(200);
            assertThat(challenged.time("expires_at")).isEqualTo(ProtocolService.START.plus(Duration.ofMinutes(10)));
            String code = challenged.string("challenge");
            assertThat(client().exchange(agent.assertion()).string("scope")).isEqualTo(ProtocolService.READ);
            post("/agent/identity/claim/complete", json("claim_token", agent.claimToken(), "otp", other(code)))
                    .isIdentityError(401, "otp_invalid");
            post("/agent/identity/claim/complete", json("claim_token", agent.claimToken(), "otp", code))
                    .hasStatus(200);
            assertThat(client().callApi(token(agent.assertion())).string("user_id"))
                    .isEqualTo(service()
                            .users
                            .findByVerifiedEmail(ADA)
                            .orElseThrow()
                            .id());
        }

        @Test
        void registeringWithAnAddressOrAnIdJagToo() {
            Answer byEmail = post(
                            "/agent/identity",
                            json("type", "identity_assertion", "assertion_type", "verified_email", "assertion", ADA))
                    .isOkWith(
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
            assertThat(byEmail.string("registration_type")).isEqualTo("email-verification");
            assertThat(service().mail.newest().recipient()).isEqualTo(ADA);

            service().users.add(User.of("u1", BOB));
            post(
                            "/agent/identity",
                            json(
                                    "type",
                                    "identity_assertion",
                                    "assertion",
                                    idJag().email(BOB).compact()))
                    .isInteractionRequired();
        }

        @Test
        void tokenEndpointToo() {
            Registered agent = registerAnonymously();
            StringBuilder extra = new StringBuilder();
            INTERNAL.forEach((name, value) -> {
                if (!name.equals("scope")) {
                    extra.append('&').append(form(name, String.valueOf(value)));
                }
            });
            Answer answer = client().token(
                            form("grant_type", Client.JWT_BEARER, "assertion", agent.assertion()) + extra)
                    .isOkWith("access_token", "token_type", "expires_in", "scope");

            assertThat(answer.string("scope")).isEqualTo(ProtocolService.READ);
            assertThat(answer.json().path("expires_in").intValue()).isEqualTo(3600);
            assertThat(client().callApi(answer.string("access_token")).string("registration_id"))
                    .isEqualTo(agent.id());
        }

        @Test
        void idJagsClaimsToo() {
            service().users.add(User.of("u1", BOB));
            Registered agent = registerIdJag(idJag().claim("user_id", "u1")
                    .claim("registration_id", "reg_mine")
                    .claim("epoch", 7)
                    .claim("status", "claimed")
                    .claim("scopes", List.of("everything")));

            assertThat(agent.id()).isNotEqualTo("reg_mine");
            assertThat(claimsOf(agent.assertion()).path("epoch").longValue()).isZero();
            assertThat(client().callApi(token(agent.assertion())).string("user_id"))
                    .isNotEqualTo("u1");
        }
    }

    @Nested
    @DisplayName("T65: every 401 has a challenge; store down is 503 in the endpoint's envelope")
    final class T65 {

        @Test
        void every401HasAChallengeOfItsSurface() {
            service().users.add(User.of("u1", BOB));
            Registered agent = registerAnonymously();
            String code = reveal(invite(agent, ADA));
            List<Answer> identity = List.of(
                    client().startClaim("clm_x", ADA),
                    client().complete("clm_x", code),
                    client().complete(agent.claimToken(), other(code)),
                    client().registerIdJag(idJag().email(BOB).compact()));
            List<Answer> resource = List.of(
                    client().get("/api/things"),
                    client().head("/api/things"),
                    client().get("/api/nowhere"),
                    client().send("PUT", "/api/things", new byte[0]),
                    client().callApi("at_x"));

            for (Answer answer : identity) {
                assertThat(Challenge.of(answer.hasStatus(401)))
                        .isEqualTo(new Challenge("AgentAuth", Map.of("error", answer.string("error"))));
            }
            for (Answer answer : resource) {
                assertThat(Challenge.of(answer.hasStatus(401)).scheme()).isEqualTo("Bearer");
                assertThat(Challenge.of(answer).parameters()).containsKey("resource_metadata");
            }
        }

        @Test
        @DisplayName("the credential surface answers no 401 at all")
        void credentialSurfaceHasNo401() {
            for (Answer answer : List.of(
                    client().exchange("a.b.c"),
                    client().postForm("/oauth2/token", "", "Authorization", "Basic eDp5"),
                    client().postForm("/oauth2/revoke", "", "Authorization", "Bearer x"),
                    client().logout(logoutOf("x").signature(new byte[64]).compact()))) {
                answer.hasStatus(400);
                assertThat(answer.headers("WWW-Authenticate")).isEmpty();
            }
        }

        static Stream<Arguments> storesOfEndpoints() {
            return Stream.of(
                    Arguments.of(Endpoint.REGISTER, RegistrationStore.class),
                    Arguments.of(Endpoint.CLAIM, RegistrationStore.class),
                    Arguments.of(Endpoint.CHALLENGE, RegistrationStore.class),
                    Arguments.of(Endpoint.REJECT, RegistrationStore.class),
                    Arguments.of(Endpoint.COMPLETE, RegistrationStore.class),
                    Arguments.of(Endpoint.TOKEN, RegistrationStore.class),
                    Arguments.of(Endpoint.REVOKE, TokenStore.class),
                    Arguments.of(Endpoint.LOGOUT, ReplayStore.class),
                    Arguments.of(Endpoint.EVENTS, ReplayStore.class));
        }

        @ParameterizedTest
        @MethodSource("storesOfEndpoints")
        void storeDownIs503InTheEndpointsEnvelopeAndNotKept(Endpoint endpoint, Class<?> store) {
            String good = endpoint.goodBody(ThreatsTest.this);
            service().wiretap.down(store);

            endpoint.isError(endpoint.post(client(), good), 503, "temporarily_unavailable")
                    .isNotStored();

            service().wiretap.up();
            endpoint.post(client(), good).hasStatus(endpoint.ok());
        }

        @Test
        void documentsNeedNoStore() {
            List.of(RegistrationStore.class, TokenStore.class, ReplayStore.class, UserDirectory.class)
                    .forEach(store -> service().wiretap.down(store));

            Endpoint.documents().forEach(endpoint -> client().get(endpoint.path).hasStatus(200));
        }

        @Test
        void pageAndApiAre503Too() {
            Registered agent = registerAnonymously();
            String token = token(agent.assertion());
            String link = invite(agent, ADA);
            service().wiretap.down(RegistrationStore.class);

            assertThat(client().view(link).hasStatus(503).header("Retry-After")).matches("[1-9]\\d*");
            client().callApi(token).isCredentialError(503, "temporarily_unavailable");
            service().wiretap.up();
            client().view(link).hasStatus(200);
            client().callApi(token).hasStatus(200);
        }
    }
}
