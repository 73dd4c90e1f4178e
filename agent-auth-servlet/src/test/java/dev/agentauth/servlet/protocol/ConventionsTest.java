package dev.agentauth.servlet.protocol;

import static dev.agentauth.servlet.protocol.Client.form;
import static dev.agentauth.servlet.protocol.Client.json;
import static dev.agentauth.servlet.protocol.Client.utf8;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.servlet.protocol.Endpoint.Kind;
import dev.agentauth.spi.LogoutMarks;
import dev.agentauth.spi.ProviderKeys;
import dev.agentauth.spi.RegistrationStore;
import dev.agentauth.spi.ReplayStore;
import dev.agentauth.spi.TokenStore;
import dev.agentauth.spi.UserDirectory;
import dev.agentauth.testkit.FakeProvider.Trouble;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Conventions for every endpoint")
final class ConventionsTest extends ProtocolTest {
    private static final int LIMIT = 64 * 1024;

    static Stream<Arguments> jsonMembers() {
        return Endpoint.jsons()
                .flatMap(endpoint -> endpoint.required().stream().map(member -> Arguments.of(endpoint, member)));
    }

    @Nested
    @DisplayName(
            "JSON is UTF-8; duplicate members are refused; unknown members are ignored; null is an ill-typed member")
    final class Json {
        private static final String ENDPOINTS = "dev.agentauth.servlet.protocol.Endpoint#jsons";

        @ParameterizedTest
        @MethodSource(ENDPOINTS)
        void otherEncodingThanUtf8IsRefused(Endpoint endpoint) {
            String good = endpoint.goodBody(ConventionsTest.this);
            String umlaut = good.replaceFirst("\\{", "{\"note\":\"\u00fc\",");

            for (byte[] wrong : List.of(umlaut.getBytes(ISO_8859_1), umlaut.getBytes(UTF_16), utf8("\uFEFF" + good))) {
                endpoint.isError(
                        client().send("POST", endpoint.path, wrong, "Content-Type", Client.JSON_TYPE),
                        400,
                        "invalid_request");
            }
            endpoint.post(client(), umlaut).hasStatus(endpoint.ok());
        }

        @ParameterizedTest
        @MethodSource("dev.agentauth.servlet.protocol.ConventionsTest#jsonMembers")
        void duplicateMemberIsRefused(Endpoint endpoint, String member) {
            String good = endpoint.goodBody(ConventionsTest.this);
            String value = good.replaceFirst(".*\"" + member + "\":(\"[^\"]*\").*", "$1");
            String duplicate = good.replaceFirst("\\{", "{\"" + member + "\":" + value + ",");

            endpoint.isError(endpoint.post(client(), duplicate), 400, "invalid_request");
            endpoint.post(client(), good).hasStatus(endpoint.ok());
        }

        @ParameterizedTest
        @MethodSource(ENDPOINTS)
        void duplicateOfAnUnknownOrNestedMemberIsRefusedToo(Endpoint endpoint) {
            String good = endpoint.goodBody(ConventionsTest.this);

            for (String extra : List.of("\"x\":1,\"x\":1,", "\"x\":{\"y\":1,\"y\":2},", "\"x\":1,\"\\u0078\":1,")) {
                endpoint.isError(
                        endpoint.post(client(), good.replaceFirst("\\{", "{" + extra.replace("\\", "\\\\"))),
                        400,
                        "invalid_request");
            }
            endpoint.post(client(), good).hasStatus(endpoint.ok());
        }

        @ParameterizedTest
        @MethodSource(ENDPOINTS)
        void unknownMembersAreIgnoredClientIdAndRequestedCredentialTypeToo(Endpoint endpoint) {
            String good = endpoint.goodBody(ConventionsTest.this);
            String more = good.replaceFirst(
                    "\\{",
                    "{\"client_id\":\"me\",\"requested_credential_type\":\"api_key\",\"x\":null,\"y\":[{\"z\":[1.5e3]}],");

            endpoint.post(client(), more).hasStatus(endpoint.ok());
        }

        @ParameterizedTest
        @MethodSource("dev.agentauth.servlet.protocol.ConventionsTest#jsonMembers")
        void nullAndOtherTypesAreIllTyped(Endpoint endpoint, String member) {
            String good = endpoint.goodBody(ConventionsTest.this);
            String pattern = "\"" + member + "\":\"[^\"]*\"";

            for (String wrong : List.of("null", "1", "true", "[]", "{}", "[\"anonymous\"]")) {
                endpoint.isError(
                        endpoint.post(client(), good.replaceFirst(pattern, "\"" + member + "\":" + wrong)),
                        400,
                        "invalid_request");
            }
            endpoint.post(client(), good).hasStatus(endpoint.ok());
        }

        @ParameterizedTest
        @MethodSource("dev.agentauth.servlet.protocol.ConventionsTest#jsonMembers")
        void missingMemberIsRefused(Endpoint endpoint, String member) {
            String good = endpoint.goodBody(ConventionsTest.this);
            String without =
                    good.replaceFirst("\"" + member + "\":\"[^\"]*\",?", "").replace(",}", "}");

            endpoint.isError(endpoint.post(client(), without), 400, "invalid_request");
            endpoint.post(client(), good).hasStatus(endpoint.ok());
        }

        @ParameterizedTest
        @MethodSource(ENDPOINTS)
        void whatIsNoObjectIsRefused(Endpoint endpoint) {
            for (String wrong :
                    List.of("", " ", "null", "[]", "\"x\"", "1", "{", "{}{}", "{} x", "{'type':'anonymous'}")) {
                endpoint.isError(endpoint.post(client(), wrong), 400, "invalid_request");
            }
        }
    }

    @Nested
    @DisplayName("Timestamps are ISO-8601 UTC with milliseconds; expires_in is whole seconds")
    final class Times {

        @ParameterizedTest
        @ValueSource(strings = {"2026-05-04T13:00:00Z", "2026-05-04T13:00:00.007Z", "2026-12-31T23:59:59.999999Z"})
        void everyTimestampHasMillisecondsAndAZ(String start) {
            startService(options -> options.startingAt(Instant.parse(start)));
            Instant now = Instant.parse(start).truncatedTo(java.time.temporal.ChronoUnit.MILLIS);

            Answer registered = client().registerAnonymously().hasStatus(200);
            assertThat(registered.time("claim_token_expires")).isEqualTo(now.plus(Duration.ofHours(24)));
            assertThat(registered.time("assertion_expires"))
                    .isBetween(now.plus(Duration.ofHours(1)).minusSeconds(1), now.plus(Duration.ofHours(1)));

            Answer started =
                    client().startClaim(registered.string("claim_token"), ADA).hasStatus(200);
            assertThat(started.time("expires_at")).isEqualTo(now.plus(Duration.ofMinutes(10)));

            Answer challenged = client().challenge(service().mail.newestToken()).hasStatus(200);
            assertThat(challenged.time("expires_at")).isEqualTo(now.plus(Duration.ofMinutes(10)));
        }

        @Test
        void fullHourStillHasItsMilliseconds() {
            assertThat(client().registerAnonymously().string("claim_token_expires"))
                    .isEqualTo("2026-05-05T13:00:00.000Z");
        }

        @Test
        void expiresInIsAWholeNumberEvenWhereTheTimeLeftIsNone() {
            Registered agent = registerAnonymously();
            service().clock.advance(Duration.ofHours(23).plusMillis(1));
            // The assertion has expired by now, so this one is of a registration that is young enough.
            Registered young = registerAnonymously();
            assertThat(client().exchange(young.assertion())
                            .json()
                            .path("expires_in")
                            .isIntegralNumber())
                    .isTrue();
            client().exchange(agent.assertion()).isCredentialError(400, "invalid_grant");
        }
    }

    @Nested
    @DisplayName("Bodies are limited to 64 KiB on every endpoint: 413")
    final class Size {
        private static final String ENDPOINTS = "dev.agentauth.servlet.protocol.Endpoint#posts";

        private String padded(Endpoint endpoint, int size) {
            String good = endpoint.goodBody(ConventionsTest.this);
            return switch (endpoint.kind) {
                case JSON -> good + " ".repeat(size - good.length());
                case FORM -> good + "&pad=" + "x".repeat(size - good.length() - 5);
                case JWT -> good + "A".repeat(size - good.length());
                case GET -> throw new IllegalStateException();
            };
        }

        @ParameterizedTest
        @MethodSource(ENDPOINTS)
        void exactly64KiBAreRead(Endpoint endpoint) {
            Answer answer = endpoint.post(client(), padded(endpoint, LIMIT));

            if (endpoint.kind == Kind.JWT) {
                endpoint.isError(answer, 400, "invalid_request");
            } else {
                answer.hasStatus(endpoint.ok());
            }
        }

        @ParameterizedTest
        @MethodSource(ENDPOINTS)
        void oneByteMoreIs413(Endpoint endpoint) {
            endpoint.isError(endpoint.post(client(), padded(endpoint, LIMIT + 1)), 413, "invalid_request");
        }

        @ParameterizedTest
        @MethodSource(ENDPOINTS)
        void oneByteMoreIs413AlsoWithoutAContentLength(Endpoint endpoint) {
            endpoint.isError(
                    client().sendChunked(
                                    "POST",
                                    endpoint.path,
                                    utf8(padded(endpoint, LIMIT + 1)),
                                    "Content-Type",
                                    endpoint.contentType()),
                    413,
                    "invalid_request");
            client().sendChunked(
                            "POST",
                            Endpoint.REGISTER.path,
                            utf8(padded(Endpoint.REGISTER, LIMIT)),
                            "Content-Type",
                            Client.JSON_TYPE)
                    .hasStatus(200);
        }
    }

    @Nested
    @DisplayName(
            "A JSON or JWT endpoint with another content type: 415. A form endpoint with another or no content type: 400")
    final class ContentTypes {

        static Stream<Arguments> wrongForJson() {
            return Stream.of(
                            "text/plain",
                            "application/x-www-form-urlencoded",
                            "application/jsonp",
                            "application/json-patch+json",
                            "application/vnd.api+json",
                            "text/json",
                            "application/jwt",
                            "*/*",
                            "application/xml; application/json")
                    .flatMap(type -> Endpoint.jsons().map(endpoint -> Arguments.of(endpoint, type)));
        }

        @ParameterizedTest
        @MethodSource("wrongForJson")
        void jsonEndpointWithAnotherTypeIs415(Endpoint endpoint, String type) {
            endpoint.isError(
                    client().send("POST", endpoint.path, utf8("{\"type\":\"anonymous\"}"), "Content-Type", type),
                    415,
                    "invalid_request");
        }

        @ParameterizedTest
        @MethodSource("dev.agentauth.servlet.protocol.Endpoint#jsons")
        void jsonEndpointWithoutATypeIs415(Endpoint endpoint) {
            endpoint.isError(
                    client().send("POST", endpoint.path, utf8("{\"type\":\"anonymous\"}")), 415, "invalid_request");
        }

        @ParameterizedTest
        @MethodSource("dev.agentauth.servlet.protocol.Endpoint#jsons")
        void jsonTypeMayHaveAnyCaseAndParameters(Endpoint endpoint) {
            client().send(
                            "POST",
                            endpoint.path,
                            utf8(endpoint.goodBody(ConventionsTest.this)),
                            "Content-Type",
                            "Application/JSON ; charset=utf-8")
                    .hasStatus(200);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"application/json", "application/jwt", "text/plain", "application/secevent+jwt", "logout+jwt"
                })
        void jwtEndpointWithAnotherTypeIs415(String type) {
            Answer answer = client().send(
                            "POST", Endpoint.LOGOUT.path, utf8(logoutOf("x").compact()), "Content-Type", type);

            answer.isCredentialError(415, "invalid_request");
        }

        @Test
        void jwtEndpointWithoutATypeIs415() {
            client().send("POST", Endpoint.LOGOUT.path, utf8(logoutOf("x").compact()))
                    .isCredentialError(415, "invalid_request");
        }

        static Stream<Arguments> wrongForForms() {
            return Stream.of(
                            "application/json",
                            "text/plain",
                            "multipart/form-data; boundary=x",
                            "x-www-form-urlencoded")
                    .flatMap(type -> Endpoint.forms().map(endpoint -> Arguments.of(endpoint, type)));
        }

        @ParameterizedTest
        @MethodSource("wrongForForms")
        void formEndpointWithAnotherTypeIs400(Endpoint endpoint, String type) {
            String good = endpoint.goodBody(ConventionsTest.this);

            client().send("POST", endpoint.path, utf8(good), "Content-Type", type)
                    .isCredentialError(400, "invalid_request");
            endpoint.post(client(), good).hasStatus(endpoint.ok());
        }

        @ParameterizedTest
        @MethodSource("dev.agentauth.servlet.protocol.Endpoint#forms")
        void formEndpointWithoutATypeIs400(Endpoint endpoint) {
            client().send("POST", endpoint.path, utf8(endpoint.goodBody(ConventionsTest.this)))
                    .isCredentialError(400, "invalid_request");
        }

        @ParameterizedTest
        @MethodSource("dev.agentauth.servlet.protocol.Endpoint#forms")
        void formTypeMayHaveAnyCaseAndParameters(Endpoint endpoint) {
            client().send(
                            "POST",
                            endpoint.path,
                            utf8(endpoint.goodBody(ConventionsTest.this)),
                            "Content-Type",
                            "Application/X-WWW-Form-URLEncoded; charset=UTF-8")
                    .hasStatus(200);
        }
    }

    @Nested
    @DisplayName("Another method: 405 with Allow; HEAD goes wherever GET goes")
    final class Methods {

        static Stream<Arguments> wrongMethods() {
            return Stream.of(Endpoint.values())
                    .flatMap(endpoint -> Stream.of(
                                    "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PURGE")
                            .filter(method -> !endpoint.allowed().contains(method))
                            .map(method -> Arguments.of(method, endpoint)));
        }

        @ParameterizedTest
        @MethodSource("wrongMethods")
        void anotherMethodIs405WithAllow(String method, Endpoint endpoint) {
            Answer answer = client().send(method, endpoint.path, new byte[0], "Content-Type", Client.JSON_TYPE);

            assertThat(new TreeSet<>(List.of(answer.header("Allow").split(" *, *"))))
                    .isEqualTo(new TreeSet<>(endpoint.allowed()));
            if (method.equals("HEAD")) {
                assertThat(answer.hasStatus(405).text()).isEmpty();
            } else {
                endpoint.isError(answer, 405, "invalid_request");
            }
        }

        @ParameterizedTest
        @MethodSource("dev.agentauth.servlet.protocol.Endpoint#posts")
        void methodOverrideIsNotListenedTo(Endpoint endpoint) {
            Answer answer = client().send(
                            "PUT",
                            endpoint.path + "?_method=POST",
                            utf8(endpoint.goodBody(ConventionsTest.this)),
                            "Content-Type",
                            endpoint.contentType(),
                            "X-HTTP-Method-Override",
                            "POST");

            endpoint.isError(answer, 405, "invalid_request");
        }

        @ParameterizedTest
        @MethodSource("dev.agentauth.servlet.protocol.Endpoint#gets")
        void headIsAnsweredLikeGetWithoutTheBody(Endpoint endpoint) {
            String query = endpoint == Endpoint.VIEW ? "?token=" + invite(registerAnonymously(), ADA) : "";
            Answer get = client().get(endpoint.path + query).hasStatus(200);
            Answer head = client().head(endpoint.path + query).hasStatus(200);

            assertThat(head.text()).isEmpty();
            Map<String, List<String>> expected = new java.util.TreeMap<>(get.headers());
            Map<String, List<String>> seen = new java.util.TreeMap<>(head.headers());
            expected.remove("date");
            seen.remove("date");
            assertThat(seen).isEqualTo(expected);
            assertThat(get.text()).isNotEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "?token=", "?token=cvt_unknown"})
        void headOfAPageThatIsAnErrorHasTheSameStatus(String query) {
            Answer get = client().get(Endpoint.VIEW.path + query);
            Answer head = client().head(Endpoint.VIEW.path + query);

            assertThat(head.status()).isEqualTo(get.status()).isIn(400, 404);
            assertThat(head.text()).isEmpty();
        }
    }

    @Nested
    @DisplayName("Envelopes")
    final class Envelopes {

        @Test
        @DisplayName("identity surface {error, message}")
        void identitySurface() {
            client().register("{}").isIdentityError(400, "invalid_request");
            client().startClaim("clm_x", ADA).isIdentityError(401, "invalid_claim_token");
            client().challenge("cvt_x").isIdentityError(410, "claim_superseded");
            client().reject("cvt_x").isIdentityError(410, "claim_superseded");
            client().complete("clm_x", "123456").isIdentityError(401, "invalid_claim_token");
        }

        @Test
        @DisplayName("credential surface and A7 {error, error_description}")
        void credentialSurfaceAndLogout() {
            client().token("").isCredentialError(400, "invalid_request");
            client().postForm("/oauth2/revoke", "").isCredentialError(400, "invalid_request");
            client().logout("x").isCredentialError(400, "invalid_request");
        }

        @Test
        @DisplayName("bodies of 401 interaction_required carry both message and error_description")
        void interactionRequiredCarriesBoth() {
            service().users.add(dev.agentauth.spi.User.of("u1", ADA));

            client().registerIdJag(idJag().email(ADA).compact()).isInteractionRequired();
        }

        @Test
        @DisplayName("every 401 of the identity surface carries WWW-Authenticate: AgentAuth error=\"<code>\"")
        void every401HasItsChallenge() {
            service().users.add(dev.agentauth.spi.User.of("u1", BOB));
            Registered agent = registerAnonymously();
            String code = reveal(invite(agent, ADA));

            assertThat(Stream.of(
                                    client().startClaim("clm_x", ADA),
                                    client().complete("clm_x", code),
                                    client().complete(agent.claimToken(), other(code)),
                                    client().registerIdJag(idJag().email(BOB).compact()))
                            .map(answer -> answer.hasStatus(401).header("WWW-Authenticate")))
                    .containsExactly(
                            "AgentAuth error=\"invalid_claim_token\"",
                            "AgentAuth error=\"invalid_claim_token\"",
                            "AgentAuth error=\"otp_invalid\"",
                            "AgentAuth error=\"interaction_required\"");
        }

        @Test
        @DisplayName("a path that leads nowhere is a 404 in JSON, and echoes nothing")
        void unknownPathIs404() {
            for (String path : List.of(
                    "/",
                    "/nowhere",
                    "/agent",
                    "/agent/identity/",
                    "/agent/identity/claims",
                    "/agent/identity/claim/attempt",
                    "/oauth2",
                    "/oauth2/tokens",
                    "/.well-known/openid-configuration",
                    "/AUTH.md",
                    "/Agent/Identity")) {
                Answer answer = client().postJson(path, json("type", "anonymous"));
                assertThat(answer.hasStatus(404).isJson().string("error")).isEqualTo("invalid_request");
                assertThat(client().get(path).hasStatus(404).text()).doesNotContain("nowhere");
            }
        }
    }

    @Nested
    @DisplayName("Error text never echoes input or a library's words")
    final class Echo {
        private static final String CANARY = "canary7391";

        @ParameterizedTest
        @MethodSource("dev.agentauth.servlet.protocol.Endpoint#posts")
        void nothingOfTheBodyComesBackInAnError(Endpoint endpoint) {
            List<String> bodies = switch (endpoint.kind) {
                case JSON ->
                    Stream.concat(
                                    endpoint.required().stream().map(member -> json(member, CANARY)),
                                    Stream.of(
                                            CANARY,
                                            "{\"" + CANARY,
                                            "{\"" + CANARY + "\":1,\"" + CANARY + "\":2}",
                                            json("type", "identity_assertion", "assertion", CANARY),
                                            json("type", "identity_assertion", "assertion_type", CANARY),
                                            json("claim_token", CANARY, "email", CANARY, "otp", CANARY),
                                            json("claim_token", CANARY, "email", ADA, "otp", "123456")))
                            .toList();
                case FORM ->
                    List.of(
                            form("grant_type", CANARY, "assertion", CANARY),
                            form("grant_type", Client.JWT_BEARER, "assertion", CANARY),
                            form(
                                    "grant_type",
                                    Client.JWT_BEARER,
                                    "assertion",
                                    registerAnonymously().assertion(),
                                    "scope",
                                    CANARY),
                            form(
                                    "grant_type",
                                    Client.JWT_BEARER,
                                    "assertion",
                                    registerAnonymously().assertion(),
                                    "resource",
                                    CANARY),
                            form("token", CANARY + "." + CANARY + "." + CANARY),
                            form("token", CANARY, "token", CANARY),
                            CANARY + "=%zz" + CANARY);
                case JWT ->
                    List.of(
                            CANARY,
                            logoutOf(CANARY).claim("iss", "https://" + CANARY).compact(),
                            logoutOf(CANARY).header("kid", CANARY).compact(),
                            logoutOf(CANARY).header("typ", CANARY).compact(),
                            logoutOf(CANARY).claim("events", CANARY).compact());
                case GET -> throw new IllegalStateException();
            };
            for (String body : bodies) {
                Answer answer = endpoint.post(client(), body);
                assertThat(answer.status()).as("%s", body).isBetween(400, 499);
                assertThat(answer.toString()).as("%s", body).doesNotContainIgnoringCase(CANARY);
                endpoint.isError(answer, answer.status(), answer.string(endpoint == Endpoint.EVENTS ? "err" : "error"));
            }
        }

        @ParameterizedTest
        @EnumSource(Endpoint.class)
        void nothingOfPathQueryOrHeadersComesBack(Endpoint endpoint) {
            for (String path : List.of(endpoint.path + "/" + CANARY, endpoint.path + "?" + CANARY + "=" + CANARY)) {
                Answer answer = client().send(
                                "PUT",
                                path,
                                new byte[0],
                                "Content-Type",
                                "application/" + CANARY,
                                "Origin",
                                "https://" + CANARY,
                                "X-Request-Id",
                                CANARY,
                                "Cookie",
                                "a=" + CANARY,
                                "Authorization",
                                "Basic " + CANARY);
                assertThat(answer.status()).isIn(404, 405);
                assertThat(answer.toString()).doesNotContain(CANARY);
            }
        }
    }

    @Nested
    @DisplayName(
            "Store, mail or a provider's keys out of reach: 503 with Retry-After and temporarily_unavailable, nothing half-made; the same request may be repeated")
    final class OutOfReach {

        static Stream<Arguments> storesBehindEndpoints() {
            return Stream.of(
                    Arguments.of(Endpoint.REGISTER, RegistrationStore.class),
                    Arguments.of(Endpoint.CLAIM, RegistrationStore.class),
                    Arguments.of(Endpoint.CHALLENGE, RegistrationStore.class),
                    Arguments.of(Endpoint.REJECT, RegistrationStore.class),
                    Arguments.of(Endpoint.COMPLETE, RegistrationStore.class),
                    Arguments.of(Endpoint.COMPLETE, UserDirectory.class),
                    Arguments.of(Endpoint.TOKEN, RegistrationStore.class),
                    Arguments.of(Endpoint.TOKEN, TokenStore.class),
                    Arguments.of(Endpoint.REVOKE, TokenStore.class),
                    Arguments.of(Endpoint.LOGOUT, RegistrationStore.class),
                    Arguments.of(Endpoint.LOGOUT, ReplayStore.class),
                    Arguments.of(Endpoint.LOGOUT, LogoutMarks.class),
                    Arguments.of(Endpoint.LOGOUT, ProviderKeys.class),
                    Arguments.of(Endpoint.EVENTS, RegistrationStore.class),
                    Arguments.of(Endpoint.EVENTS, ReplayStore.class),
                    Arguments.of(Endpoint.EVENTS, LogoutMarks.class),
                    Arguments.of(Endpoint.EVENTS, ProviderKeys.class));
        }

        @ParameterizedTest
        @MethodSource("storesBehindEndpoints")
        void portDownIs503AndTheSameRequestSucceedsAfterwards(Endpoint endpoint, Class<?> port) {
            String good = endpoint.goodBody(ConventionsTest.this);
            service().wiretap.down(port);

            endpoint.isError(endpoint.post(client(), good), 503, "temporarily_unavailable");

            service().wiretap.up();
            endpoint.post(client(), good).hasStatus(endpoint.ok());
        }

        @ParameterizedTest
        @ValueSource(
                classes = {
                    RegistrationStore.class,
                    ReplayStore.class,
                    LogoutMarks.class,
                    UserDirectory.class,
                    ProviderKeys.class
                })
        void idJagWithAPortDownIs503AndAFreshOneSucceedsAfterwards(Class<?> port) {
            service().wiretap.down(port);
            client().registerIdJag(idJag().compact()).isIdentityError(503, "temporarily_unavailable");

            service().wiretap.up();
            client().registerIdJag(idJag().compact()).hasStatus(200);
        }

        @Test
        void idJagWithTheProvidersKeysOutOfReachIs503AndTheSameOneSucceedsAfterwards() {
            String presented = idJag().compact();
            provider().trouble(Trouble.FAILING);
            client().registerIdJag(presented).isIdentityError(503, "temporarily_unavailable");

            provider().trouble(Trouble.NONE);
            service().clock.advance(Duration.ofMinutes(3));
            client().registerIdJag(presented).hasStatus(200);
        }

        @ParameterizedTest
        @ValueSource(classes = {RegistrationStore.class, UserDirectory.class})
        void exchangeForAUserWithAPortDownIs503(Class<?> port) {
            Registered agent = registerAnonymously();
            claim(agent, ADA);
            service().wiretap.down(port);

            client().exchange(agent.assertion()).isCredentialError(503, "temporarily_unavailable");

            service().wiretap.up();
            client().exchange(agent.assertion()).hasStatus(200);
        }

        @Test
        void pageWithTheStoreDownIs503() {
            String link = invite(registerAnonymously(), ADA);
            service().wiretap.down(RegistrationStore.class);

            assertThat(client().view(link).hasStatus(503).header("Retry-After")).matches("[1-9]\\d*");

            service().wiretap.up();
            client().view(link).hasStatus(200);
        }

        @Test
        void emailRegistrationWithTheMailDownIs503AndARepeatMailsAnew() {
            service().mail.down(true);
            client().registerEmail(ADA).isIdentityError(503, "temporarily_unavailable");
            assertThat(service().mail.links()).isEmpty();

            service().mail.down(false);
            client().registerEmail(ADA).hasStatus(200);
            assertThat(service().mail.links()).hasSize(1);
        }

        @Test
        void claimWithTheMailDownIs503LeavesNoAttemptAndARepeatMailsAnew() {
            Registered agent = registerAnonymously();
            service().mail.down(true);
            client().startClaim(agent.claimToken(), ADA).isIdentityError(503, "temporarily_unavailable");
            client().complete(agent.claimToken(), "123456").isIdentityError(400, "otp_not_generated");

            service().mail.down(false);
            String code = reveal(invite(agent, ADA));
            client().complete(agent.claimToken(), code).hasStatus(200);
            assertThat(service().mail.links()).hasSize(1);
        }

        @Test
        void stepUpWithTheMailDownIs503AndAFreshIdJagMailsAnew() {
            service().users.add(dev.agentauth.spi.User.of("u1", ADA));
            service().mail.down(true);
            client().registerIdJag(idJag().compact()).isIdentityError(503, "temporarily_unavailable");

            service().mail.down(false);
            Registered agent = stepUp(idJag());
            completeMailed(agent);
            assertThat(service().mail.links()).hasSize(1);
        }

        @Test
        void writeThatFailsHalfWayLeavesNothingThatCounts() {
            Registered agent = registerAnonymously();
            String code = reveal(invite(agent, ADA));
            service().wiretap.before("replace", Wiretap.failure());
            client().complete(agent.claimToken(), code).isIdentityError(503, "temporarily_unavailable");
            assertThat(client().exchange(agent.assertion()).string("scope")).isEqualTo(ProtocolService.READ);

            service().wiretap.up();
            client().complete(agent.claimToken(), code).hasStatus(200);
        }

        @Test
        void noPartOfASecretIsIn503() {
            service().wiretap.before("insert", Wiretap.failure());
            Set<String> members = client().registerAnonymously().hasStatus(503).members();

            assertThat(members)
                    .containsExactlyInAnyOrder("error", "code", "message", "error_description", "retry_after");
        }
    }

    @Nested
    @DisplayName("A rule that names no code means invalid_request")
    final class RulesWithoutACode {

        @Test
        void suchAsTheLifetimeOfAnIdJagAndTheNonceOfALogout() {
            client().registerIdJag(idJag().expiresAt(ProtocolService.START.plusSeconds(3601))
                            .compact())
                    .isIdentityError(400, "invalid_request");
            client().logout(logoutOf("x").claim("nonce", "n").compact()).isCredentialError(400, "invalid_request");
        }
    }
}
