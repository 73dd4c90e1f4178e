package dev.agentauth.servlet.protocol;

import static dev.agentauth.servlet.protocol.Client.JWT_BEARER;
import static dev.agentauth.servlet.protocol.Client.encode;
import static dev.agentauth.servlet.protocol.Client.form;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.keys.RotatingSigningKeys;
import dev.agentauth.spi.TokenStore;
import dev.agentauth.testkit.MovableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A5. POST /oauth2/token")
final class A5TokenTest extends ProtocolTest {
    private static final String TOKEN = "/oauth2/token";
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private static Answer assertNotCached(Answer answer) {
        assertThat(answer.header("Pragma")).isEqualTo("no-cache");
        return answer.isNotStored();
    }

    private String good() {
        return form("grant_type", JWT_BEARER, "assertion", registerAnonymously().assertion());
    }

    @Nested
    @DisplayName("T33: application/x-www-form-urlencoded in the body alone")
    final class Form {

        @Test
        @DisplayName("parameters in the query do not count")
        void queryDoesNotCount() {
            String good = good();

            client().send("POST", TOKEN + "?" + good, new byte[0], "Content-Type", Client.FORM_TYPE)
                    .isCredentialError(400, "invalid_request");
            client().postForm(TOKEN + "?" + good, "grant_type=" + encode(JWT_BEARER))
                    .isCredentialError(400, "invalid_request");
            client().postForm(TOKEN + "?assertion=x&grant_type=y&scope=z&resource=q", good)
                    .hasStatus(200);
            client().postForm(TOKEN + "?" + good, good).hasStatus(200);
        }

        @ParameterizedTest
        @ValueSource(strings = {"&scope=", "&scope", "&resource=", "&resource", "&scope=&resource=", "&", "&&"})
        @DisplayName("a parameter without a value counts as absent")
        void emptyParameterIsAbsent(String more) {
            client().token(good() + more).hasStatus(200);
        }

        @Test
        @DisplayName("… a required one too")
        void emptyRequiredParameterIsMissing() {
            client().token("grant_type=&assertion=x").isCredentialError(400, "invalid_request");
            client().token(form("grant_type", JWT_BEARER, "assertion", "")).isCredentialError(400, "invalid_request");
            client().token("grant_type=" + encode(JWT_BEARER) + "&assertion").isCredentialError(400, "invalid_request");
        }

        @Test
        @DisplayName("unknown parameters and any client authentication are ignored")
        void unknownParametersAndClientAuthenticationAreIgnored() {
            String more = "&"
                    + form(
                            "client_id",
                            "me",
                            "client_secret",
                            "s",
                            "client_assertion",
                            "x.y.z",
                            "client_assertion_type",
                            "jwt",
                            "requested_token_type",
                            "t",
                            "x",
                            "1",
                            "x",
                            "2",
                            "code",
                            "c",
                            "Scope",
                            ProtocolService.ADMIN);

            client().postForm(TOKEN, good() + more, "Authorization", "Basic bWU6c2VjcmV0")
                    .hasStatus(200);
            client().postForm(TOKEN, good(), "Authorization", "Bearer at_x").hasStatus(200);
        }

        @Test
        @DisplayName("a known one of another grant, too")
        void repeatedParameterOfAnotherGrant() {
            Registered agent = registerAnonymously();
            client().exchange(agent.assertion(), "claim_token", "clm_x", "claim_token", "clm_x")
                    .isCredentialError(400, "invalid_request");
        }

        @ParameterizedTest
        @ValueSource(strings = {"grant_type", "assertion", "scope"})
        @DisplayName("a known one given twice is invalid_request")
        void repeatedParameter(String name) {
            Registered agent = registerAnonymously();
            String value = switch (name) {
                case "grant_type" -> JWT_BEARER;
                case "assertion" -> agent.assertion();
                default -> ProtocolService.READ;
            };
            String once = form("grant_type", JWT_BEARER, "assertion", agent.assertion(), "scope", ProtocolService.READ);

            client().token(once).hasStatus(200);
            client().token(once + "&" + form(name, value)).isCredentialError(400, "invalid_request");
            client().token(once + "&" + form(name, "other")).isCredentialError(400, "invalid_request");
            client().token(form(name, "other") + "&" + once).isCredentialError(400, "invalid_request");
            String escaped = "%" + Integer.toHexString(name.charAt(0)) + name.substring(1);
            client().token(once + "&" + escaped + "=" + encode(value)).isCredentialError(400, "invalid_request");
        }

        @Test
        @DisplayName("… except resource (RFC 8707)")
        void resourceMayBeRepeated() {
            String resource = service().resource();

            client().token(good() + "&" + form("resource", resource, "resource", resource))
                    .hasStatus(200);
        }

        @Test
        @DisplayName("a missing grant_type or assertion is invalid_request")
        void missingParameter() {
            client().token("").isCredentialError(400, "invalid_request");
            client().token(form("grant_type", JWT_BEARER)).isCredentialError(400, "invalid_request");
            client().token(form("assertion", registerAnonymously().assertion()))
                    .isCredentialError(400, "invalid_request");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "client_credentials",
                    "refresh_token",
                    "authorization_code",
                    "password",
                    "urn:ietf:params:oauth:grant-type:token-exchange",
                    "urn:ietf:params:oauth:grant-type:JWT-bearer",
                    "urn:ietf:params:oauth:grant-type:jwt-bearer ",
                    "urn:workos:agent-auth:grant-type:claim "
                })
        @DisplayName("unsupported_grant_type")
        void unsupportedGrantType(String type) {
            client().token(form(
                            "grant_type",
                            type,
                            "assertion",
                            registerAnonymously().assertion()))
                    .isCredentialError(400, "unsupported_grant_type");
        }

        @ParameterizedTest
        @ValueSource(strings = {"&scope=%zz", "&scope=%", "&scope=%4", "&scope=%ff", "&scope=%c3%28", "&%zz=1"})
        @DisplayName("what is no form is invalid_request")
        void malformedEncoding(String more) {
            client().token(good() + more).isCredentialError(400, "invalid_request");
        }

        @Test
        @DisplayName("a plus sign is a space")
        void plusIsASpace() {
            Registered agent = registerAnonymously();
            claim(agent, ADA);

            assertThat(client().token(form("grant_type", JWT_BEARER, "assertion", agent.assertion())
                                    + "&scope=things.read+things.write")
                            .string("scope"))
                    .isEqualTo("things.read things.write");
        }
    }

    @Nested
    @DisplayName("Success: 200 {access_token, token_type: Bearer, expires_in, scope}")
    final class Success {

        @Test
        void answer() {
            Answer answer = client().exchange(registerAnonymously().assertion())
                    .isOkWith("access_token", "token_type", "expires_in", "scope");

            assertThat(answer.string("access_token")).startsWith("at_");
            assertThat(answer.string("token_type")).isEqualTo("Bearer");
            assertThat(answer.json().path("expires_in").isIntegralNumber()).isTrue();
            assertThat(answer.json().path("expires_in").asInt()).isEqualTo(3600);
            assertThat(answer.string("scope")).isEqualTo(ProtocolService.READ);
        }

        @Test
        @DisplayName(
                "it may be exchanged any number of times until it expires: that is the refresh; there is no refresh token")
        void exchangedAnyNumberOfTimes() {
            Registered agent = registerAnonymously();
            Set<String> tokens = new HashSet<>();
            for (int i = 0; i < 60; i++) {
                Answer answer = client().exchange(agent.assertion()).hasStatus(200);
                assertThat(answer.members()).doesNotContain("refresh_token");
                tokens.add(answer.string("access_token"));
                service().clock.advance(Duration.ofMinutes(1));
            }

            assertThat(tokens).hasSize(60);
            client().exchange(agent.assertion()).isCredentialError(400, "invalid_grant");
        }

        @Test
        @DisplayName("every answer, success or error: Cache-Control: no-store and Pragma: no-cache")
        void noAnswerIsCached() {
            assertNotCached(client().token(good()).hasStatus(200));
            assertNotCached(client().token("").hasStatus(400));
            assertNotCached(client().exchange("x").isCredentialError(400, "invalid_grant"));
            assertNotCached(
                    client().token(form("grant_type", "x", "assertion", "x")).hasStatus(400));
            assertNotCached(client().exchange(registerAnonymously().assertion(), "scope", "x")
                    .hasStatus(400));
            assertNotCached(client().exchange(registerAnonymously().assertion(), "resource", "x")
                    .hasStatus(400));
            assertNotCached(client().get(TOKEN).hasStatus(405));
            assertNotCached(client().token("x".repeat(65_537)).hasStatus(413));
            assertNotCached(client().postJson(TOKEN, "{}").hasStatus(400));
            Registered agent = registerAnonymously();
            service().wiretap.down(TokenStore.class);
            assertNotCached(client().exchange(agent.assertion()).hasStatus(503));
        }
    }

    @Nested
    @DisplayName("The assertion must be this service's own")
    final class Assertion {

        private Registered claimed() {
            Registered agent = registerAnonymously();
            claim(agent, ADA);
            return agent;
        }

        static Stream<Named<BiFunction<A5TokenTest, Registered, String>>> refused() {
            List<Named<BiFunction<A5TokenTest, Registered, String>>> all = new ArrayList<>();
            for (String text : List.of("x", "a.b.c", "..", "e30.e30.", "eyJhbGciOiJub25lIn0.e30.", " ", "null")) {
                all.add(Named.of("malformed " + text, (test, agent) -> text));
            }
            all.add(Named.of("padded", (test, agent) -> agent.assertion() + "="));
            all.add(Named.of("with white space", (test, agent) -> " " + agent.assertion()));
            all.add(Named.of("with a line end", (test, agent) -> agent.assertion() + "\n"));
            all.add(Named.of("with a fourth segment", (test, agent) -> agent.assertion() + ".x"));
            all.add(Named.of(
                    "without its signature",
                    (test, agent) ->
                            agent.assertion().substring(0, agent.assertion().lastIndexOf('.') + 1)));
            all.add(Named.of("typ of a logout", own(own -> own.type("logout+jwt"))));
            all.add(Named.of("typ JWT", own(own -> own.type("JWT"))));
            all.add(Named.of("unknown kid", own(own -> own.keyId("other"))));
            all.add(Named.of(
                    "forged",
                    (test, agent) -> OwnAssertion.of(test.service(), agent.id())
                            .signedBy(RotatingSigningKeys.ephemeral(MovableClock.at(ProtocolService.START))
                                    .current()
                                    .privateKey())
                            .compact()));
            all.add(Named.of("other iss", own(own -> own.claim("iss", "https://other.example"))));
            all.add(Named.of("no iss", own(own -> own.without("iss"))));
            all.add(Named.of("other aud", own(own -> own.claim("aud", "https://other.example"))));
            all.add(Named.of("no aud", own(own -> own.without("aud"))));
            all.add(Named.of(
                    "aud of two",
                    (test, agent) -> OwnAssertion.of(test.service(), agent.id())
                            .claim("aud", List.of(test.service().issuer(), "https://other.example"))
                            .compact()));
            all.add(Named.of(
                    "expires exactly now", own(own -> own.claim("exp", ProtocolService.START.getEpochSecond()))));
            all.add(Named.of("no exp", own(own -> own.without("exp"))));
            all.add(Named.of("exp a string", own(own -> own.claim("exp", "9999999999"))));
            all.add(Named.of("exp beyond the year 9999", own(own -> own.claim("exp", 999_999_999_999L))));
            all.add(Named.of("newer epoch", own(own -> own.claim("epoch", 1))));
            all.add(Named.of("older epoch", own(own -> own.claim("epoch", -1))));
            all.add(Named.of("no epoch", own(own -> own.without("epoch"))));
            all.add(Named.of("unknown registration", own(own -> own.claim("sub", "reg_unknown"))));
            all.add(Named.of("no sub", own(own -> own.without("sub"))));
            all.add(Named.of("numeric sub", own(own -> own.claim("sub", 1))));
            all.add(Named.of("an ID-JAG", (test, agent) -> test.idJag().compact()));
            all.add(Named.of(
                    "a provider's JWT that claims to be ours",
                    (test, agent) -> test.idJag()
                            .claim("iss", test.service().issuer())
                            .claim("sub", agent.id())
                            .claim("epoch", 0)
                            .compact()));
            all.add(Named.of(
                    "a logout token", (test, agent) -> test.logoutOf("x").compact()));
            return all.stream();
        }

        private static BiFunction<A5TokenTest, Registered, String> own(
                java.util.function.UnaryOperator<OwnAssertion> change) {
            return (test, agent) ->
                    change.apply(OwnAssertion.of(test.service(), agent.id())).compact();
        }

        @ParameterizedTest
        @MethodSource("refused")
        @DisplayName("invalid_grant: malformed, forged, foreign, expired, of another epoch; registration unknown")
        void invalidGrant(BiFunction<A5TokenTest, Registered, String> assertion) {
            Registered agent = claimed();

            client().exchange(assertion.apply(A5TokenTest.this, agent)).isCredentialError(400, "invalid_grant");
            client().exchange(OwnAssertion.of(service(), agent.id()).compact()).hasStatus(200);
        }

        @Test
        @DisplayName("one second before it expires it is good")
        void oneSecondBefore() {
            Registered agent = claimed();
            String assertion = OwnAssertion.of(service(), agent.id())
                    .claim("exp", ProtocolService.START.getEpochSecond() + 1)
                    .compact();
            client().exchange(assertion).hasStatus(200);
            service().clock.advance(Duration.ofMillis(999));
            client().exchange(assertion).hasStatus(200);
            service().clock.advance(Duration.ofMillis(1));
            client().exchange(assertion).isCredentialError(400, "invalid_grant");
        }

        @Test
        @DisplayName("an assertion of another service is foreign")
        void assertionOfAnotherService() {
            Registered agent = claimed();
            ProtocolService other = startService(options -> {});

            other.client.exchange(agent.assertion()).isCredentialError(400, "invalid_grant");
            client().exchange(agent.assertion()).hasStatus(200);
        }

        @Test
        @DisplayName("invalid_grant: registration expired, revoked, or not claimed and not anonymous")
        void registrationThatMayNotAct() {
            Registered email = registerEmail(ADA);
            client().exchange(OwnAssertion.of(service(), email.id()).compact()).isCredentialError(400, "invalid_grant");
            String code = reveal(service().mail.newestToken());
            client().exchange(OwnAssertion.of(service(), email.id()).compact()).isCredentialError(400, "invalid_grant");
            client().complete(email.claimToken(), code).hasStatus(200);
            client().exchange(OwnAssertion.of(service(), email.id()).compact()).hasStatus(200);

            service().auth.revokeRegistration(email.id());
            client().exchange(OwnAssertion.of(service(), email.id()).compact()).isCredentialError(400, "invalid_grant");

            Registered unclaimed = registerAnonymously();
            service().clock.advance(Duration.ofHours(24).minusMillis(1));
            client().exchange(OwnAssertion.of(service(), unclaimed.id()).compact())
                    .hasStatus(200);
            service().clock.advance(Duration.ofMillis(1));
            client().exchange(OwnAssertion.of(service(), unclaimed.id()).compact())
                    .isCredentialError(400, "invalid_grant");
        }

        @Test
        @DisplayName("a step-up that is not confirmed may not act")
        void pendingStepUp() {
            service().users.add(dev.agentauth.spi.User.of("u1", ADA));
            Registered agent = stepUp(idJag());
            String assertion = OwnAssertion.of(service(), agent.id()).compact();
            client().exchange(assertion).isCredentialError(400, "invalid_grant");

            completeMailed(agent);
            client().exchange(assertion).hasStatus(200);
        }

        @Test
        @DisplayName("T35: what was verified once is judged again at every use")
        void cachedAssertionIsJudgedAgain() {
            Registered agent = claimed();
            client().exchange(agent.assertion()).hasStatus(200);
            client().exchange(agent.assertion()).hasStatus(200);

            service().auth.revokeRegistration(agent.id());
            client().exchange(agent.assertion()).isCredentialError(400, "invalid_grant");
        }

        @Test
        @DisplayName("T34: a token has one spelling: every edit, insertion and deletion of one character is refused")
        void everyOtherSpellingIsRefused() {
            String good = claimed().assertion();
            client().exchange(good).hasStatus(200);

            List<String> spellings = new ArrayList<>();
            for (int i = 0; i <= good.length(); i++) {
                spellings.add(good.substring(0, i) + (i % 2 == 0 ? "A" : "=") + good.substring(i));
                if (i < good.length()) {
                    spellings.add(good.substring(0, i) + good.substring(i + 1));
                    char other = good.charAt(i) == 'A' ? 'B' : 'A';
                    spellings.add(good.substring(0, i) + other + good.substring(i + 1));
                }
            }
            for (int i = 0; i < ALPHABET.length(); i++) {
                for (int end : new int[] {good.indexOf('.'), good.lastIndexOf('.'), good.length()}) {
                    spellings.add(good.substring(0, end - 1) + ALPHABET.charAt(i) + good.substring(end));
                }
            }
            spellings.removeIf(good::equals);

            assertThat(spellings).hasSizeGreaterThan(1000);
            assertThat(spellings.stream()
                            .filter(spelling -> client().exchange(spelling).status() != 400))
                    .isEmpty();
        }
    }

    @Nested
    @DisplayName("Each resource must name the protected resource, else invalid_target")
    final class Resource {

        @Test
        void resourceOfThisService() {
            client().exchange(
                            registerAnonymously().assertion(),
                            "resource",
                            service().resource())
                    .hasStatus(200);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"https://other.example", "/api", "api", "RESOURCE/x", "RESOURCE#x", "RESOURCE?x", "ISSUER"})
        void anythingElse(String resource) {
            String named = resource.replace("RESOURCE", service().resource())
                    .replace("ISSUER", service().issuer());

            client().exchange(registerAnonymously().assertion(), "resource", named)
                    .isCredentialError(400, "invalid_target");
            client().exchange(
                            registerAnonymously().assertion(),
                            "resource",
                            service().resource(),
                            "resource",
                            named)
                    .isCredentialError(400, "invalid_target");
        }
    }

    @Nested
    @DisplayName("scope narrows")
    final class Scope {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "things.write",
                    "things.read things.write",
                    "unknown",
                    "things.read unknown",
                    "THINGS.READ",
                    "things.read,things.write",
                    "things.read  things.read",
                    " things.read",
                    "things.read ",
                    "things.read\tthings.read",
                    "\"things.read\"",
                    "*"
                })
        @DisplayName("asking for more than is allowed now, or for an unknown scope, is invalid_scope")
        void invalidScope(String scope) {
            client().exchange(registerAnonymously().assertion(), "scope", scope)
                    .isCredentialError(400, "invalid_scope");
        }

        @Test
        @DisplayName("asking for less")
        void narrows() {
            Registered agent = registerAnonymously();
            claim(agent, ADA);
            Answer answer = client().exchange(agent.assertion(), "scope", "things.write things.read")
                    .hasStatus(200);

            assertThat(List.of(answer.string("scope").split(" ")))
                    .containsExactlyInAnyOrder(ProtocolService.READ, ProtocolService.WRITE);
            assertThat(client().callApi(answer.string("access_token")).strings("scopes"))
                    .containsExactlyInAnyOrder(ProtocolService.READ, ProtocolService.WRITE);
        }

        @Test
        @DisplayName(
                "an explicit scope stays the token's ceiling after the claim, even where it equals what is allowed now")
        void explicitScopeStaysTheCeiling() {
            Registered agent = registerAnonymously();
            String explicit = token(agent.assertion(), "scope", ProtocolService.READ);
            String implicit = token(agent.assertion());
            claim(agent, ADA);

            assertThat(client().callApi(explicit).strings("scopes")).containsExactly(ProtocolService.READ);
            assertThat(client().callApi(implicit).strings("scopes")).hasSize(3);
        }

        @Test
        @DisplayName("a narrowed assertion with nothing left to allow issues nothing")
        void nothingLeft() {
            Registered agent = registerIdJag(idJag().claim("scope", "elsewhere"));

            client().exchange(agent.assertion()).isCredentialError(400, "invalid_scope");
        }
    }
}
