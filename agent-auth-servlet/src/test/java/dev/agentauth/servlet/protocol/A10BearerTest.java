package dev.agentauth.servlet.protocol;

import static dev.agentauth.servlet.protocol.Client.form;
import static dev.agentauth.servlet.protocol.Client.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentauth.spi.RegistrationStore;
import dev.agentauth.spi.TokenStore;
import dev.agentauth.spi.UserDirectory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A10. Using the token at the resource")
final class A10BearerTest extends ProtocolTest {
    private static final String THINGS = "/api/things";

    /** A token of an anonymous registration that nobody has claimed: {@code things.read}. */
    private String readToken() {
        return token(registerAnonymously().assertion());
    }

    /** A token of a claimed registration: all scopes. */
    private String adminToken() {
        Registered agent = registerAnonymously();
        claim(agent, ADA);
        return token(agent.assertion());
    }

    private Answer with(String token, String method, String path) {
        return client().send(method, path, new byte[0], "Authorization", "Bearer " + token);
    }

    private Answer rawGet(String... authorizationLines) {
        List<String> lines = new ArrayList<>(List.of("GET " + THINGS + " HTTP/1.1", "Host: localhost"));
        lines.addAll(List.of(authorizationLines));
        return service().raw.send(lines.toArray(new String[0]));
    }

    private String resourceMetadata() {
        return service().root() + "/.well-known/oauth-protected-resource/api";
    }

    private Answer isUnauthenticated(Answer answer) {
        answer.isCredentialError(401, "invalid_token").isNotStored();
        assertThat(Challenge.of(answer))
                .isEqualTo(new Challenge("Bearer", Map.of("resource_metadata", resourceMetadata())));
        return answer;
    }

    private Answer isInvalidToken(Answer answer) {
        answer.isCredentialError(401, "invalid_token").isNotStored();
        assertThat(Challenge.of(answer))
                .isEqualTo(new Challenge(
                        "Bearer", Map.of("resource_metadata", resourceMetadata(), "error", "invalid_token")));
        return answer;
    }

    @Nested
    @DisplayName("Authorization: Bearer <token> (the scheme in any case; one header, else 400 invalid_request)")
    final class Header {

        @ParameterizedTest
        @ValueSource(strings = {"Bearer", "bearer", "BEARER", "bEaReR"})
        void schemeInAnyCaseIsAccepted(String scheme) {
            assertThat(rawGet("Authorization: " + scheme + " " + readToken())
                            .hasStatus(200)
                            .string("path"))
                    .isEqualTo("/things");
        }

        @Test
        void blanksAroundTheHeadersValueAreNotPartOfIt() {
            rawGet("Authorization: \t Bearer " + readToken() + " \t").hasStatus(200);
            rawGet("AUTHORIZATION:Bearer " + readToken()).hasStatus(200);
        }

        @Test
        void twoHeadersAre400WhateverStandsInThem() {
            String good = "Authorization: Bearer " + readToken();
            rawGet(good).hasStatus(200);

            for (String second :
                    List.of(good, "Authorization: Basic eDp5", "Authorization: Bearer x", "authorization: DPoP x")) {
                for (List<String> both : List.of(List.of(good, second), List.of(second, good))) {
                    rawGet(both.toArray(new String[0])).isCredentialError(400, "invalid_request");
                }
            }
        }

        @Test
        void tokenInQueryOrFormIsNotLookedAt() {
            String token = adminToken();
            String parameter = form("access_token", token);

            isUnauthenticated(client().get(THINGS + "?" + parameter));
            isUnauthenticated(client().postForm(THINGS, parameter));
            isUnauthenticated(client().get(THINGS, "Cookie", "access_token=" + token));
            isUnauthenticated(client().get(THINGS, "Proxy-Authorization", "Bearer " + token));
            client().postForm(THINGS, parameter, "Authorization", "Bearer " + token)
                    .hasStatus(200);
        }
    }

    @Nested
    @DisplayName(
            "Missing or another scheme: 401 WWW-Authenticate: Bearer resource_metadata=\"<URL of the PRM at its inserted path>\"")
    final class Missing {

        @Test
        void withoutTheHeaderTheChallengeNamesNoError() {
            isUnauthenticated(client().get(THINGS));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "Basic eDp5",
                    "DPoP abc",
                    "Token abc",
                    "Bearerx abc",
                    "Bearer-x abc",
                    "x",
                    "Basic a, Bearer b"
                })
        void withAnotherSchemeTheChallengeNamesNoError(String value) {
            isUnauthenticated(rawGet("Authorization: " + value));
        }

        @Test
        void resourceMetadataLeadsToTheDocumentOfThisResource() {
            String url = Challenge.of(client().get(THINGS)).parameters().get("resource_metadata");

            assertThat(new Client(url).get("").hasStatus(200).string("resource"))
                    .isEqualTo(service().resource());
        }

        @Test
        void challengeDoesNotFollowTheHostHeader() {
            Answer answer = service()
                    .raw
                    .send("GET " + THINGS + " HTTP/1.1", "Host: evil.example", "X-Forwarded-Host: evil.example");

            isUnauthenticated(answer);
        }
    }

    @Nested
    @DisplayName("Malformed, unknown, expired, revoked: the same with error=\"invalid_token\"")
    final class Invalid {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "Bearer",
                    "Bearer x",
                    "Bearer at_",
                    "Bearer at_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                    "Bearer at_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                    "Bearer =",
                    "Bearer \"at_x\"",
                    "Bearer token=at_x",
                    "Bearer a b",
                    "Bearer ../../etc/passwd",
                    "Bearer %61%74_x",
                    "Bearer {}",
                    "Bearer \u00e4"
                })
        void malformedOrUnknown(String value) {
            isInvalidToken(rawGet("Authorization: " + value));
        }

        @Test
        @DisplayName("T43: no odd form of a good token is accepted, and none fails or is echoed")
        void oddFormsOfAGoodTokenAreRefused() {
            String token = readToken();
            rawGet("Authorization: Bearer " + token).hasStatus(200);

            for (String odd : List.of(
                    "Bearer\t" + token,
                    "Bearer \t" + token,
                    "Bearer:" + token,
                    "Bearer=" + token,
                    "Bearer," + token,
                    "Bearer" + token,
                    "Bearer Bearer " + token,
                    "Bearer " + token + ",",
                    "Bearer " + token + ", Bearer " + token,
                    "Bearer " + token + ",realm=x",
                    "Bearer " + token + " x",
                    "Bearer " + token + ";x=y",
                    "Bearer " + token + "=",
                    "Bearer " + token + "%20",
                    "Bearer " + token + ".",
                    "Bearer \"" + token + "\"",
                    "Bearer <" + token + ">",
                    "Bearer token=" + token,
                    "Bearer " + token.toLowerCase(java.util.Locale.ROOT),
                    "Bearer " + token.toUpperCase(java.util.Locale.ROOT),
                    "Bearer " + token.substring(0, token.length() - 1),
                    "Bearer " + token.substring(3),
                    "Bearer at_" + token,
                    "Bearer " + token + token,
                    "Bearer " + "A".repeat(6000),
                    "Basic " + token,
                    "Negotiate, Bearer " + token,
                    "\u00a0Bearer " + token,
                    token)) {
                Answer answer = rawGet("Authorization: " + odd);
                assertThat(answer.status()).as(odd).isEqualTo(401);
                answer.isCredentialError(401, "invalid_token");
                assertThat(Challenge.of(answer).parameters())
                        .as(odd)
                        .containsEntry("resource_metadata", resourceMetadata());
                assertThat(answer.toString()).as(odd).doesNotContainIgnoringCase(token.substring(3));
            }
        }

        @Test
        void noOtherKindOfSecretIsAnAccessToken() {
            Registered agent = registerAnonymously();
            String attempt = invite(agent, ADA);
            String code = reveal(attempt);

            for (String wrong :
                    List.of(agent.assertion(), agent.claimToken(), attempt, code, agent.id(), idJag().compact())) {
                isInvalidToken(client().callApi(wrong));
            }
            client().callApi(token(agent.assertion())).hasStatus(200);
        }

        @Test
        void expiresExactlyAtItsHour() {
            String token = readToken();

            service().clock.advance(Duration.ofHours(1).minusMillis(1));
            client().callApi(token).hasStatus(200);
            service().clock.advance(Duration.ofMillis(1));
            isInvalidToken(client().callApi(token));
        }

        @Test
        void revokedTokenAndNoOther() {
            Registered agent = registerAnonymously();
            String token = token(agent.assertion());
            String other = token(agent.assertion());
            client().revoke(token).hasStatus(200);

            isInvalidToken(client().callApi(token));
            client().callApi(other).hasStatus(200);
        }

        @Test
        void tokenOfARevokedRegistration() {
            Registered agent = registerAnonymously();
            String token = token(agent.assertion());
            client().callApi(token).hasStatus(200);
            service().auth.revokeRegistration(agent.id());

            isInvalidToken(client().callApi(token));
        }

        @Test
        void tokenOfAnEarlierEpoch() {
            Registered agent = registerIdJag(idJag());
            String before = token(agent.assertion());
            String logout = logoutOf("person-1").compact();
            service().clock.advance(Duration.ofSeconds(1));
            String later = registerIdJag(idJag()).assertion();
            client().callApi(before).hasStatus(200);
            client().logout(logout).hasStatus(200);

            isInvalidToken(client().callApi(before));
            client().exchange(later).isCredentialError(400, "invalid_grant");
            client().callApi(token(registerIdJag(idJag()).assertion())).hasStatus(200);
        }
    }

    @Nested
    @DisplayName("Scope too small: 403 with error=\"insufficient_scope\", scope, resource_metadata")
    final class Scope {

        @Test
        void namesTheScopeThatIsMissing() {
            Answer answer = with(readToken(), "POST", THINGS).isCredentialError(403, "insufficient_scope");

            assertThat(Challenge.of(answer))
                    .isEqualTo(new Challenge(
                            "Bearer",
                            Map.of(
                                    "error",
                                    "insufficient_scope",
                                    "scope",
                                    ProtocolService.WRITE,
                                    "resource_metadata",
                                    resourceMetadata())));
        }

        @Test
        void eachMethodAndPathHasItsOwnScope() {
            Registered agent = registerAnonymously();
            claim(agent, ADA);
            String read = token(agent.assertion(), "scope", ProtocolService.READ);
            String write = token(agent.assertion(), "scope", ProtocolService.WRITE);
            String admin = token(agent.assertion(), "scope", ProtocolService.ADMIN);

            assertThat(Stream.of(read, write, admin)
                            .map(token -> with(token, "GET", THINGS).status()))
                    .containsExactly(200, 403, 403);
            assertThat(Stream.of(read, write, admin)
                            .map(token -> with(token, "POST", THINGS).status()))
                    .containsExactly(403, 200, 403);
            assertThat(Stream.of(read, write, admin)
                            .map(token -> with(token, "DELETE", THINGS).status()))
                    .containsExactly(403, 403, 200);
            assertThat(Stream.of(read, write, admin)
                            .map(token -> with(token, "GET", THINGS + "/secret").status()))
                    .containsExactly(403, 403, 200);
        }

        @Test
        void claimWidensTheTokenInHand() {
            Registered agent = registerAnonymously();
            String token = token(agent.assertion());
            with(token, "POST", THINGS).isCredentialError(403, "insufficient_scope");
            claim(agent, ADA);

            with(token, "POST", THINGS).hasStatus(200);
        }

        @Test
        void badTokenIs401AlsoWhereTheScopeWouldBeTooSmall() {
            isInvalidToken(with("at_x", "DELETE", THINGS));
            isUnauthenticated(client().send("DELETE", THINGS, new byte[0]));
        }
    }

    @Nested
    @DisplayName("Store down: 503")
    final class StoreDown {

        @ParameterizedTest
        @ValueSource(classes = {TokenStore.class, RegistrationStore.class, UserDirectory.class})
        void goodTokenIs503UntilTheStoreIsBack(Class<?> port) {
            String token = adminToken();
            service().wiretap.down(port);

            client().callApi(token)
                    .isCredentialError(503, "temporarily_unavailable")
                    .isNotStored();

            service().wiretap.up();
            client().callApi(token).hasStatus(200);
        }

        @Test
        void requestWithoutATokenNeedsNoStore() {
            service().wiretap.down(TokenStore.class);

            isUnauthenticated(client().get(THINGS));
            client().get("/api/open/door").hasStatus(200);
        }
    }

    @Nested
    @DisplayName("The request then carries registration id, user id (if any), scopes, provider identity (if any)")
    final class Carries {

        @Test
        void unclaimedAnonymous() {
            Registered agent = registerAnonymously();
            JsonNode seen =
                    client().callApi(token(agent.assertion())).hasStatus(200).json();

            assertThat(seen.path("registration_id").textValue()).isEqualTo(agent.id());
            assertThat(seen.path("remote_user").textValue()).isEqualTo(agent.id());
            assertThat(seen.path("scopes").toString()).isEqualTo("[\"things.read\"]");
            assertThat(seen.has("user_id")).isFalse();
            assertThat(seen.has("provider_iss")).isFalse();
        }

        @Test
        void claimedAnonymous() {
            Registered agent = registerAnonymously();
            claim(agent, ADA);
            String owner =
                    service().users.findByVerifiedEmail(ADA).orElseThrow().id();
            JsonNode seen =
                    client().callApi(token(agent.assertion())).hasStatus(200).json();

            assertThat(seen.path("registration_id").textValue()).isEqualTo(agent.id());
            assertThat(seen.path("user_id").textValue()).isEqualTo(owner);
            assertThat(seen.path("remote_user").textValue()).isEqualTo(owner);
            assertThat(seen.path("scopes").toString()).isEqualTo("[\"things.read\",\"things.write\",\"things.admin\"]");
            assertThat(seen.has("provider_iss")).isFalse();
        }

        @Test
        void narrowedTokenCarriesNoMoreThanItsScopes() {
            Registered agent = registerAnonymously();
            claim(agent, ADA);
            String token = token(agent.assertion(), "scope", ProtocolService.READ + " " + ProtocolService.ADMIN);

            assertThat(client().callApi(token).json().path("scopes").toString())
                    .isEqualTo("[\"things.read\",\"things.admin\"]");
        }

        @Test
        void providersAgent() {
            Registered agent = registerIdJag(idJag().subject("s-7").claim("tenant", "t-1"));
            JsonNode seen =
                    client().callApi(token(agent.assertion())).hasStatus(200).json();

            assertThat(seen.path("user_id").textValue())
                    .isEqualTo(service()
                            .users
                            .findByVerifiedEmail(ADA)
                            .orElseThrow()
                            .id());
            assertThat(seen.path("provider_iss").textValue())
                    .isEqualTo(provider().issuer());
            assertThat(seen.path("provider_sub").textValue()).isEqualTo("s-7");
            assertThat(seen.path("provider_aud").textValue())
                    .isEqualTo(service().issuer());
            assertThat(seen.path("provider_tenant").textValue()).isEqualTo("t-1");
        }

        @Test
        void openPathCarriesNobodyEvenWithAToken() {
            JsonNode seen =
                    with(readToken(), "GET", "/api/open/door").hasStatus(200).json();

            assertThat(seen.has("registration_id")).isFalse();
            assertThat(seen.path("remote_user").isNull()).isTrue();
        }
    }

    @Nested
    @DisplayName("Scope rules match the path as the container decoded it (no //, ;x=, %2e way around them)")
    final class Paths {
        private static final String SECRET = "/things/secret";

        /** Spellings of, or ways to, the path that only {@code things.admin} opens. */
        static Stream<String> corpus() {
            return Stream.of(
                    "/api/things/secret",
                    "/api/things/%73ecret",
                    "/api/thing%73/secret",
                    "/%61pi/things/secret",
                    "//api/things/secret",
                    "/api//things/secret",
                    "/api/things//secret",
                    "/api/things/secret//",
                    "/api/things///secret",
                    "/api/things/secret;a=b",
                    "/api/things;a=b/secret",
                    "/api;a=b/things/secret",
                    "/;a=b/api/things/secret",
                    "/api/;/things/secret",
                    "/api/things/;/secret",
                    "/api/things/;a=b/secret",
                    "/api/things/secret;",
                    "/api/things/secret%3b",
                    "/api/things/secret%3Ba=b",
                    "/api/things/./secret",
                    "/api/things/x/../secret",
                    "/api/things/%2e/secret",
                    "/api/things/%2E/secret",
                    "/api/things/x/%2e%2e/secret",
                    "/api/things/x/.%2e/secret",
                    "/api/things/x/..;/secret",
                    "/api/things/x/..;a=b/secret",
                    "/api/things/x/%2e%2e;/secret",
                    "/api/things%2fsecret",
                    "/api/things%2Fsecret",
                    "/api/things/%2fsecret",
                    "/api/things/secret%2f",
                    "/api/things/secret%2f.",
                    "/api/things/secret/%2e",
                    "/api/things/secret/x/%2e%2e",
                    "/api/things/%252e/secret",
                    "/api/things/%2573ecret",
                    "/api/things/secret%00",
                    "/api/things/secret%0a",
                    "/api/things/secret%0d%0a",
                    "/api/things/secret%09",
                    "/api/things/secret%7f",
                    "/api/things/secret%5c",
                    "/api/things%5csecret",
                    "/api\\things\\secret",
                    "/api/things\\secret",
                    "/api/things/x/..\\secret",
                    "/api/open/../things/secret",
                    "/api/open/%2e%2e/things/secret",
                    "/api/open/..;/things/secret",
                    "/api/open;/../things/secret",
                    "/api/open/%2e%2e%2fthings%2fsecret",
                    "/api/open/..%2fthings/secret",
                    "/api/open/..%5cthings%5csecret",
                    "/api/open//../things/secret",
                    "/api/things/secret%c0%af",
                    "/api/things/%c0%aesecret",
                    "/api/things/%u0073ecret",
                    "/api/things/secret?x=/api/open/y",
                    "/api/things/secret?;/api/open/y",
                    "/api/things/secret#/api/open/x",
                    "http://127.0.0.1/api/things/secret",
                    "http://evil.example/api/open/../things/secret",
                    "http://evil.example//api//things/secret");
        }

        private Answer get(String target, String... headers) {
            List<String> lines = new ArrayList<>(List.of("GET " + target + " HTTP/1.1", "Host: 127.0.0.1"));
            lines.addAll(List.of(headers));
            return service().raw.send(lines.toArray(new String[0]));
        }

        @ParameterizedTest
        @MethodSource("corpus")
        @DisplayName("T56: no spelling leads a small token, or none, to what needs a greater one")
        void noWayAround(String target) {
            for (Answer answer : List.of(get(target), get(target, "Authorization: Bearer " + readToken()))) {
                assertThat(answer.status()).as("%s: %s", target, answer).isBetween(400, 404);
                assertThat(answer.text()).doesNotContain("\"path\"");
            }
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "/api/things/secret",
                    "/api/things/%73ecret",
                    "/api/things/secret?x=y",
                    "http://127.0.0.1/api/things/secret"
                })
        void plainSpellingsAreOpenToWhoeverMay(String target) {
            assertThat(get(target, "Authorization: Bearer " + adminToken())
                            .hasStatus(200)
                            .string("path"))
                    .isEqualTo(SECRET);
        }

        @ParameterizedTest
        @MethodSource("corpus")
        void noSpellingReachesTheApiUnderAPathThatTheRulesDidNotSee(String target) {
            Answer answer = get(target, "Authorization: Bearer " + adminToken());

            if (answer.status() == 200) {
                assertThat(answer.string("path")).isEqualTo(SECRET);
            } else {
                assertThat(answer.status()).as("%s: %s", target, answer).isBetween(400, 404);
            }
        }

        @Test
        void ruleForAPathAndAllBelowItEndsAtTheSlash() {
            String token = readToken();

            assertThat(Stream.of("/api/things", "/api/things/", "/api/things/1", "/api/things/1/2")
                            .map(path -> with(token, "GET", path).status()))
                    .containsOnly(200);
            assertThat(Stream.of("/api/thingsx", "/api/thing", "/api/Things", "/api/things.json")
                            .map(path -> with(token, "GET", path).status()))
                    .containsOnly(403);
        }
    }

    @Nested
    @DisplayName("HEAD as GET; a path without a rule is refused")
    final class Rules {

        @Test
        void headIsAskedForWhatGetIsAskedFor() {
            String read = readToken();

            assertThat(with(read, "HEAD", THINGS).hasStatus(200).text()).isEmpty();
            assertThat(with(read, "HEAD", THINGS + "/secret").status()).isEqualTo(403);
            assertThat(with(adminToken(), "HEAD", THINGS + "/secret").status()).isEqualTo(200);
            assertThat(client().head("/api/open/door").status()).isEqualTo(200);
            assertThat(client().head("/api/other").status()).isEqualTo(401);
        }

        @Test
        void refusedHeadHasTheChallengeAndNoBody() {
            Answer answer = client().head(THINGS).hasStatus(401);

            assertThat(answer.text()).isEmpty();
            assertThat(Challenge.of(answer).parameters()).containsEntry("resource_metadata", resourceMetadata());
        }

        @ParameterizedTest
        @ValueSource(strings = {"/api", "/api/", "/api/other", "/api/error-page", "/api/opened", "/api/async/x"})
        void pathWithoutARuleIsRefusedToEverybody(String path) {
            assertThat(client().get(path).hasStatus(401).text()).doesNotContain("\"path\"");
            assertThat(with(adminToken(), "GET", path).hasStatus(403).text()).doesNotContain("\"path\"");
        }

        @ParameterizedTest
        @ValueSource(strings = {"PUT", "PATCH", "OPTIONS", "PURGE", "PROPFIND", "get", "Get", "GETX", "CONNECT"})
        void methodWithoutARuleIsRefusedToEverybody(String method) {
            Answer nobody = service().raw.send(method + " " + THINGS + " HTTP/1.1", "Host: localhost");
            Answer admin = service()
                    .raw
                    .send(
                            method + " " + THINGS + " HTTP/1.1",
                            "Host: localhost",
                            "Authorization: Bearer " + adminToken());

            for (Answer answer : List.of(nobody, admin)) {
                assertThat(answer.status()).as("%s", answer).isBetween(400, 405);
                assertThat(answer.text()).doesNotContain("\"path\"");
            }
        }

        @Test
        void methodOverrideDoesNotChooseAnotherRule() {
            String read = readToken();

            assertThat(client().send(
                                    "POST",
                                    THINGS,
                                    utf8("x"),
                                    "X-HTTP-Method-Override",
                                    "GET",
                                    "Authorization",
                                    "Bearer " + read)
                            .status())
                    .isEqualTo(403);
        }
    }

    @Nested
    @DisplayName("Async and error dispatches keep the principal")
    final class Dispatches {

        @Test
        void asyncDispatch() {
            Registered agent = registerAnonymously();
            Answer answer = with(token(agent.assertion()), "GET", "/api/async").hasStatus(200);

            assertThat(answer.string("dispatch")).isEqualTo("ASYNC");
            assertThat(answer.string("remote_user")).isEqualTo(agent.id());
            assertThat(answer.string("registration_id")).isEqualTo(agent.id());
        }

        @Test
        void errorDispatch() {
            Registered agent = registerAnonymously();
            Answer answer = with(token(agent.assertion()), "GET", "/api/fail").hasStatus(418);

            assertThat(answer.string("dispatch")).isEqualTo("ERROR");
            assertThat(answer.string("path")).isEqualTo("/error-page");
            assertThat(answer.string("remote_user")).isEqualTo(agent.id());
            assertThat(answer.string("registration_id")).isEqualTo(agent.id());
        }

        @Test
        void neitherIsReachedWithoutAToken() {
            isUnauthenticated(client().get("/api/async"));
            isUnauthenticated(client().get("/api/fail"));
        }

        @Test
        void principalOfOneRequestIsNotThatOfTheNextOnTheSameConnection() {
            Registered agent = registerAnonymously();
            with(token(agent.assertion()), "GET", "/api/async").hasStatus(200);

            isUnauthenticated(client().get("/api/async"));
            assertThat(client().get("/api/open/door").json().has("registration_id"))
                    .isFalse();
        }
    }
}
