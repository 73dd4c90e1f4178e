package dev.agentauth.servlet.protocol;

import static dev.agentauth.servlet.protocol.Client.form;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.config.ExistingUserPolicy;
import dev.agentauth.registration.ProviderIdentity;
import dev.agentauth.registration.ProviderLink;
import dev.agentauth.registration.Registration;
import dev.agentauth.registration.RegistrationStatus;
import dev.agentauth.spi.LogoutMarks;
import dev.agentauth.spi.User;
import dev.agentauth.testkit.FakeProvider;
import dev.agentauth.testkit.ProviderJwt;
import dev.agentauth.testkit.ProviderSigner;
import dev.agentauth.testkit.Race;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A7. POST /agent/auth/revoke: the provider says that it is over")
final class A7LogoutTest extends ProtocolTest {
    private static final String PERSON = "person-1";
    private static final String REVOKED = "https://schemas.workos.com/events/agent/auth/identity/assertion/revoked";
    private static final String BACKCHANNEL = "http://schemas.openid.net/event/backchannel-logout";
    private static final Duration MAX_AGE = Duration.ofHours(12);

    /** What an agent holds after presenting: an assertion, and a token that it has already exchanged it for. */
    private record Held(String id, String assertion, String token) {}

    /** A service that binds without asking, so that presenting again after a revocation simply succeeds. */
    private void startLinkingService() {
        startService(options -> options.configure(builder -> builder.existingUsers(ExistingUserPolicy.LINK)));
        service().clock.moveTo(at(100));
    }

    private static Instant at(long second) {
        return ProtocolService.START.plusSeconds(second);
    }

    private ProviderJwt issuedAt(long second) {
        return idJag().issuedAt(at(second)).expiresAt(at(second).plus(Duration.ofHours(1)));
    }

    private ProviderJwt logoutAt(long second) {
        return logoutOf(PERSON).issuedAt(at(second));
    }

    private Held present(ProviderJwt idJag) {
        Registered registered = registerIdJag(idJag);
        return new Held(registered.id(), registered.assertion(), token(registered.assertion()));
    }

    private void logOut(ProviderJwt logout) {
        client().logout(logout.compact()).hasStatus(200);
    }

    private void assertAlive(Held held) {
        client().exchange(held.assertion()).hasStatus(200);
        client().callApi(held.token()).hasStatus(200);
    }

    private void assertDead(Held held) {
        client().exchange(held.assertion()).isCredentialError(400, "invalid_grant");
        Answer answer = client().callApi(held.token()).hasStatus(401);
        assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer ").contains("error=\"invalid_token\"");
    }

    private RegistrationStatus status(String id) {
        return stored(id).status(service().clock.instant());
    }

    private Registration stored(String id) {
        return service().registrations.findById(id).orElseThrow();
    }

    private void assertLoggedOut(ProviderJwt idJag) {
        client().registerIdJag(idJag.compact()).isIdentityError(400, "expired");
    }

    @Nested
    @DisplayName("Content-Type: application/logout+jwt with a compact JWT as body, or the OpenID form (logout_token=…)")
    final class Carriers {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "application/logout+jwt",
                    "Application/Logout+JWT",
                    "application/logout+jwt;charset=utf-8",
                    "application/logout+jwt ; x=y"
                })
        void compactJwtAsBodyEndsIt(String contentType) {
            Held held = present(idJag());

            client().send(
                            "POST",
                            "/agent/auth/revoke",
                            Client.utf8(logoutOf(PERSON).compact()),
                            "Content-Type",
                            contentType)
                    .hasStatus(200);

            assertDead(held);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=UTF-8"})
        void openIdFormEndsIt(String contentType) {
            Held held = present(idJag());
            String body = form("logout_token", logoutOf(PERSON).compact(), "state", "x");

            client().send("POST", "/agent/auth/revoke", Client.utf8(body), "Content-Type", contentType)
                    .hasStatus(200);

            assertDead(held);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "application/json",
                    "application/jwt",
                    "application/secevent+jwt",
                    "text/plain",
                    "multipart/form-data"
                })
        void anotherContentTypeIs415(String contentType) {
            Held held = present(idJag());

            client().send(
                            "POST",
                            "/agent/auth/revoke",
                            Client.utf8(logoutOf(PERSON).compact()),
                            "Content-Type",
                            contentType)
                    .isCredentialError(415, "invalid_request");

            assertAlive(held);
        }

        @Test
        void formWithoutRepeatedOrMisplacedTokenIsInvalid() {
            Held held = present(idJag());
            String logout = logoutOf(PERSON).compact();

            for (String body : List.of(
                    "",
                    "logout_token=",
                    "logout_token",
                    form("token", logout),
                    form("Logout_Token", logout),
                    form("logout_token", logout, "logout_token", logout))) {
                client().postForm("/agent/auth/revoke", body).isCredentialError(400, "invalid_request");
            }
            client().postForm("/agent/auth/revoke?" + form("logout_token", logout), "x=y")
                    .isCredentialError(400, "invalid_request");
            assertAlive(held);

            client().postForm("/agent/auth/revoke", form("logout_token", logout))
                    .hasStatus(200);
            assertDead(held);
        }

        @Test
        void bodyThatIsNotExactlyACompactJwtIsInvalid() {
            Held held = present(idJag());
            String logout = logoutOf(PERSON).compact();

            for (String body : List.of(
                    "",
                    " ",
                    logout + "\n",
                    " " + logout,
                    logout + ".",
                    "logout_token=" + logout,
                    "\"" + logout + "\"")) {
                client().logout(body).isCredentialError(400, "invalid_request");
            }
            assertAlive(held);

            logOut(logoutOf(PERSON));
            assertDead(held);
        }
    }

    @Nested
    @DisplayName("Success: 200, Cache-Control: no-store")
    final class Success {

        @Test
        void answerIsNotStored() {
            present(idJag());

            client().logout(logoutOf(PERSON).compact()).hasStatus(200).isNotStored();
            client().postForm(
                            "/agent/auth/revoke",
                            form("logout_token", logoutOf(PERSON).compact()))
                    .hasStatus(200)
                    .isNotStored();
        }

        @Test
        void errorIsNotStoredEither() {
            client().logout("x").isCredentialError(400, "invalid_request").isNotStored();
            client().logout(logoutOf(PERSON)
                            .claim("iss", "https://other.example")
                            .compact())
                    .isCredentialError(400, "invalid_issuer")
                    .isNotStored();
        }
    }

    static Stream<Arguments> acceptedLogouts() {
        return cases(Map.ofEntries(
                entry("typ in capitals", jwt -> jwt.header("typ", "LOGOUT+JWT")),
                entry("typ with application/", jwt -> jwt.header("typ", "application/logout+jwt")),
                entry("aud as an array", jwt -> jwt.claim("aud", List.of(jwt.compactAudience()))),
                entry("with sid beside sub", jwt -> jwt.claim("sid", "session-1")),
                entry("OpenID's event", jwt -> jwt.claim("events", Map.of(BACKCHANNEL, Map.of()))),
                entry("both events", jwt -> jwt.claim("events", Map.of(BACKCHANNEL, Map.of(), REVOKED, Map.of()))),
                entry(
                        "another event beside it",
                        jwt -> jwt.claim("events", Map.of(REVOKED, Map.of(), "urn:x", Map.of()))),
                entry("members in the event", jwt -> jwt.claim("events", Map.of(REVOKED, Map.of("reason", "x")))),
                entry("unknown claims", jwt -> jwt.claim("x", null).claim("client_id", 5)),
                entry("exp in the future", jwt -> jwt.expiresAt(at(300)))));
    }

    static Stream<Arguments> malformedLogouts() {
        return cases(Map.ofEntries(
                entry("no iss", jwt -> jwt.without("iss")),
                entry("no sub", jwt -> jwt.without("sub")),
                entry("sid without sub", jwt -> jwt.without("sub").claim("sid", "session-1")),
                entry("sub empty", jwt -> jwt.claim("sub", "")),
                entry("sub a number", jwt -> jwt.claim("sub", 1)),
                entry("sub null", jwt -> jwt.claim("sub", null)),
                entry("no jti", jwt -> jwt.without("jti")),
                entry("jti empty", jwt -> jwt.claim("jti", "")),
                entry("no iat", jwt -> jwt.without("iat")),
                entry("no iat but exp", jwt -> jwt.without("iat").expiresAt(at(300))),
                entry("tenant a number", jwt -> jwt.claim("tenant", 1)),
                entry("tenant null", jwt -> jwt.claim("tenant", null)),
                entry("nonce", jwt -> jwt.claim("nonce", "n")),
                entry("nonce null", jwt -> jwt.claim("nonce", null)),
                entry("no events", jwt -> jwt.without("events")),
                entry("events empty", jwt -> jwt.claim("events", Map.of())),
                entry("events of another key", jwt -> jwt.claim("events", Map.of("urn:x", Map.of()))),
                entry(
                        "events key in capitals",
                        jwt -> jwt.claim("events", Map.of(REVOKED.replace("agent", "AGENT"), Map.of()))),
                entry("events a string", jwt -> jwt.claim("events", REVOKED)),
                entry("events an array", jwt -> jwt.claim("events", List.of(REVOKED))),
                entry("events null", jwt -> jwt.claim("events", null)),
                entry("event no object", jwt -> jwt.claim("events", Map.of(BACKCHANNEL, "x"))),
                entry("no typ", jwt -> jwt.withoutHeader("typ")),
                entry("typ JWT", jwt -> jwt.header("typ", "JWT")),
                entry("typ of an ID-JAG", jwt -> jwt.header("typ", "oauth-id-jag+jwt")),
                entry("typ of a security event", jwt -> jwt.header("typ", "secevent+jwt")),
                entry("alg none", jwt -> jwt.header("alg", "none")),
                entry("alg HS256", jwt -> jwt.header("alg", "HS256"))));
    }

    private interface Change extends UnaryOperator<Jwt> {}

    /** A logout token to vary that knows whom it is for. */
    private record Jwt(ProviderJwt jwt, String compactAudience) {
        Jwt header(String name, Object value) {
            jwt.header(name, value);
            return this;
        }

        Jwt withoutHeader(String name) {
            jwt.withoutHeader(name);
            return this;
        }

        Jwt claim(String name, Object value) {
            jwt.claim(name, value);
            return this;
        }

        Jwt without(String name) {
            jwt.without(name);
            return this;
        }

        Jwt expiresAt(Instant instant) {
            jwt.expiresAt(instant);
            return this;
        }
    }

    private static Map.Entry<String, Change> entry(String name, Change change) {
        return Map.entry(name, change);
    }

    private static Stream<Arguments> cases(Map<String, Change> changes) {
        return changes.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(each -> Arguments.of(each.getKey(), each.getValue()));
    }

    private String changed(UnaryOperator<Jwt> change) {
        return change.apply(new Jwt(logoutOf(PERSON), service().issuer())).jwt().compact();
    }

    @Nested
    @DisplayName(
            "T41: typ: logout+jwt, signed by a trusted provider: iss, sub, aud (this issuer), jti, iat, optional exp and tenant, events with the key, no nonce")
    final class Form {

        @ParameterizedTest(name = "{0}")
        @MethodSource("dev.agentauth.servlet.protocol.A7LogoutTest#acceptedLogouts")
        void goodLogoutEndsIt(String name, UnaryOperator<Jwt> change) {
            Held held = present(idJag());

            client().logout(changed(change)).hasStatus(200);

            assertDead(held);
        }

        @ParameterizedTest(name = "{0}")
        @MethodSource("dev.agentauth.servlet.protocol.A7LogoutTest#malformedLogouts")
        @DisplayName("… else 400 invalid_request, and nothing has ended")
        void malformedLogoutIsInvalidRequest(String name, UnaryOperator<Jwt> change) {
            Held held = present(idJag());

            client().logout(changed(change)).isCredentialError(400, "invalid_request");

            assertAlive(held);
            assertThat(registerIdJag(idJag()).id()).isEqualTo(held.id());
            assertThat(service().audit.newest("provider.rejected").fields()).containsEntry("error", "invalid_request");
        }

        @Test
        @DisplayName("400 invalid_issuer")
        void issuerThatIsNotTrusted() {
            Held held = present(idJag());
            FakeProvider stranger = closing(FakeProvider.start(service().clock));

            client().logout(stranger.logout(service().issuer(), PERSON).compact())
                    .isCredentialError(400, "invalid_issuer");
            client().logout(logoutOf(PERSON).claim("iss", service().issuer()).compact())
                    .isCredentialError(400, "invalid_issuer");

            assertAlive(held);
        }

        @Test
        @DisplayName("400 invalid_signature")
        void signatureThatIsNotTheProviders() {
            Held held = present(idJag());
            ProviderSigner other = ProviderSigner.es256();

            client().logout(logoutOf(PERSON).signature(new byte[64]).compact())
                    .isCredentialError(400, "invalid_signature");
            client().logout(logoutOf(PERSON).signedBy(other).compact()).isCredentialError(400, "invalid_signature");
            client().logout(logoutOf(PERSON)
                            .signedBy(other.withKeyId(provider().signer().keyId()))
                            .compact())
                    .isCredentialError(400, "invalid_signature");

            assertAlive(held);
        }

        @Test
        @DisplayName("400 invalid_audience")
        void audienceThatIsNotThisIssuer() {
            Held held = present(idJag());
            String issuer = service().issuer();

            for (Object audience : List.of(
                    "https://other.example",
                    issuer + "//",
                    service().resource() + "/x",
                    List.of(),
                    List.of(issuer, issuer),
                    List.of(issuer, "https://other.example"))) {
                client().logout(logoutOf(PERSON).claim("aud", audience).compact())
                        .isCredentialError(400, "invalid_audience");
            }

            assertAlive(held);
        }
    }

    @Nested
    @DisplayName("iat, or exp where present, not older than 12 h")
    final class Age {
        private void assertExpired(ProviderJwt logout) {
            client().logout(logout.compact()).isCredentialError(400, "expired");
        }

        @Test
        void iatExactly12HoursOldIsTaken() {
            ProviderJwt logout = logoutOf(PERSON);
            service().clock.advance(MAX_AGE);

            logOut(logout);
        }

        @Test
        @DisplayName("… and the skew of 60 s is for what a provider's clock wrote")
        void iatOlderThanThatAndTheSkewIsExpired() {
            ProviderJwt logout = logoutOf(PERSON);
            service().clock.advance(MAX_AGE.plusSeconds(60).plusMillis(1));

            assertExpired(logout);
        }

        @Test
        void whereThereIsAnExpItIsTheOneThatCounts() {
            ProviderJwt logout = logoutOf(PERSON).expiresAt(at(0).plus(Duration.ofHours(20)));
            service().clock.advance(Duration.ofHours(19));

            assertExpired(logoutOf(PERSON).issuedAt(at(0)));
            logOut(logout);
        }

        @Test
        void expThatIsPastIsExpired() {
            Held held = present(idJag());
            ProviderJwt logout = logoutOf(PERSON).expiresAt(at(300));
            service().clock.moveTo(at(300).plus(MAX_AGE).plusSeconds(61));

            assertExpired(logout);
            assertThat(status(held.id())).isEqualTo(RegistrationStatus.CLAIMED);
        }

        @Test
        void iatInTheFutureIsInvalidRequestBeyondTheSkew() {
            client().logout(logoutAt(61).compact()).isCredentialError(400, "invalid_request");
            service().clock.moveTo(at(1).minusMillis(1));
            client().logout(logoutAt(61).compact()).isCredentialError(400, "invalid_request");

            service().clock.moveTo(at(1));
            logOut(logoutAt(61));
        }
    }

    @Nested
    @DisplayName("With L = the logout's iat, for every registration of that identity, of whatever kind")
    final class Effect {

        @ParameterizedTest
        @CsvSource({"20", "21", "99"})
        @DisplayName("newest iat ≤ L: revoked: tokens 401 invalid_token, assertions invalid_grant")
        void newestUpToTheLogoutIsRevoked(long logout) {
            startLinkingService();
            Held first = present(issuedAt(10));
            Held second = present(issuedAt(20));
            assertThat(second.id()).isEqualTo(first.id());

            logOut(logoutAt(logout));

            assertDead(first);
            assertDead(second);
            assertThat(status(first.id())).isEqualTo(RegistrationStatus.REVOKED);
            assertThat(present(issuedAt(100)).id()).isNotEqualTo(first.id());
            assertThat(service().audit.newest("registration.revoked").registrationId())
                    .contains(first.id());
        }

        @Test
        @DisplayName("… and the link between provider and user is gone")
        void revokedRegistrationLinksNobodyAnyMore() {
            service().users.add(User.of("u1", ADA));
            Registered agent = stepUp(idJag());
            completeMailed(agent);
            service().clock.advance(Duration.ofSeconds(10));
            assertThat(registerIdJag(idJag()).id()).isEqualTo(agent.id());

            logOut(logoutOf(PERSON));

            service().clock.advance(Duration.ofSeconds(10));
            assertThat(stepUp(idJag()).id()).isNotEqualTo(agent.id());
        }

        @ParameterizedTest
        @CsvSource({"10", "11", "19"})
        @DisplayName("first ≤ L < newest: lives on, epoch raised: what was issued before is dead")
        void logoutBetweenFirstAndNewestRaisesTheEpoch(long logout) {
            startLinkingService();
            Held first = present(issuedAt(10));
            Held second = present(issuedAt(20));
            long epoch = stored(first.id()).epoch();

            logOut(logoutAt(logout));

            assertDead(first);
            assertDead(second);
            assertThat(status(first.id())).isEqualTo(RegistrationStatus.CLAIMED);
            assertThat(stored(first.id()).epoch()).isEqualTo(epoch + 1);
            Held third = present(issuedAt(20));
            assertThat(third.id()).isEqualTo(first.id());
            assertAlive(third);
            assertDead(first);
        }

        @ParameterizedTest
        @CsvSource({"9", "0", "-3000"})
        @DisplayName("first > L: untouched")
        void logoutBeforeTheFirstChangesNothing(long logout) {
            startLinkingService();
            Held first = present(issuedAt(10));
            Held second = present(issuedAt(20));
            Registration before = stored(first.id());

            logOut(logoutAt(logout));

            assertAlive(first);
            assertAlive(second);
            assertThat(stored(first.id())).isEqualTo(before);
        }

        @Test
        void orderOfPresentingDoesNotMatterForFirstAndNewest() {
            startLinkingService();
            Held newest = present(issuedAt(20));
            Held first = present(issuedAt(10));

            logOut(logoutAt(15));

            assertDead(first);
            assertDead(newest);
            assertThat(status(first.id())).isEqualTo(RegistrationStatus.CLAIMED);
            assertAlive(present(issuedAt(20)));
        }

        @Test
        void stepUpThatIsPendingIsRevoked() {
            service().users.add(User.of("u1", ADA));
            Registered agent = stepUp(idJag());
            String link = service().mail.newestToken();
            String code = reveal(link);

            logOut(logoutOf(PERSON));

            client().complete(agent.claimToken(), code).isIdentityError(410, "claim_expired");
            client().challenge(link).isIdentityError(410, "claim_expired");
            client().view(link).hasStatus(410);
            assertThat(status(agent.id())).isEqualTo(RegistrationStatus.REVOKED);
        }

        @Test
        void stepUpThatWasCompletedIsRevoked() {
            service().users.add(User.of("u1", ADA));
            Registered agent = stepUp(idJag());
            String assertion = completeMailed(agent);
            Held held = new Held(agent.id(), assertion, token(assertion));
            assertAlive(held);

            logOut(logoutOf(PERSON));

            assertDead(held);
        }

        @Test
        @DisplayName("of whatever kind: an anonymous registration that carries the identity")
        void anonymousRegistrationThatCarriesTheIdentityIsRevokedToo() {
            Registered agent = registerAnonymously();
            Held held = new Held(agent.id(), agent.assertion(), token(agent.assertion()));
            Registration plain = stored(agent.id());
            ProviderIdentity identity = new ProviderIdentity(
                    provider().issuer(), null, PERSON, service().issuer());
            assertThat(service()
                            .registrations
                            .replace(
                                    plain,
                                    new Registration(
                                            plain.id(),
                                            plain.kind(),
                                            plain.createdAt(),
                                            plain.version(),
                                            plain.epoch(),
                                            plain.ownership(),
                                            plain.claim(),
                                            ProviderLink.of(identity, at(0)),
                                            plain.refresh(),
                                            null)))
                    .isPresent();
            assertAlive(held);

            logOut(logoutOf(PERSON));

            assertDead(held);
        }

        @Test
        void anotherSubjectAndAnonymousOnesLiveOn() {
            Held other = present(idJag().subject("person-2").email(BOB));
            Held look = present(idJag().subject("Person-1").email("c@example.com"));
            Registered anonymous = registerAnonymously();
            Held held = present(idJag());

            logOut(logoutOf(PERSON));

            assertDead(held);
            assertAlive(other);
            assertAlive(look);
            client().exchange(anonymous.assertion()).hasStatus(200);
        }
    }

    @Nested
    @DisplayName("tenant (without it, every tenant's identity of that sub is meant)")
    final class Tenants {
        private final Map<String, Held> held = new LinkedHashMap<>();

        private ProviderJwt of(String tenant) {
            ProviderJwt idJag = issuedAt(10).email(tenant + "@example.com");
            return tenant.equals("none") ? idJag : idJag.claim("tenant", tenant);
        }

        private void presentAll() {
            startLinkingService();
            for (String tenant : List.of("none", "t1", "t2")) {
                held.put(tenant, present(of(tenant)));
            }
        }

        @Test
        void logoutWithoutTenantEndsEveryTenantsIdentity() {
            presentAll();

            logOut(logoutAt(10));

            held.values().forEach(A7LogoutTest.this::assertDead);
            held.keySet().forEach(tenant -> assertLoggedOut(of(tenant)));
            assertLoggedOut(of("t3"));
        }

        @Test
        void logoutWithTenantEndsThatTenantsIdentityAlone() {
            presentAll();

            logOut(logoutAt(10).claim("tenant", "t1"));

            assertDead(held.get("t1"));
            assertAlive(held.get("t2"));
            assertAlive(held.get("none"));
            assertLoggedOut(of("t1"));
            assertThat(present(of("t2")).id()).isEqualTo(held.get("t2").id());
            assertThat(present(of("none")).id()).isEqualTo(held.get("none").id());
        }

        @Test
        void logoutWithTenantThatNobodyHasEndsNothing() {
            presentAll();

            logOut(logoutAt(10).claim("tenant", "T1"));

            held.values().forEach(A7LogoutTest.this::assertAlive);
        }

        @Test
        @DisplayName("the later of both marks counts")
        void marksWithAndWithoutTenantAddUp() {
            startLinkingService();
            logOut(logoutAt(10));
            logOut(logoutAt(20).claim("tenant", "t1"));

            assertLoggedOut(issuedAt(10));
            present(issuedAt(11));
            assertLoggedOut(issuedAt(20).claim("tenant", "t1").email(BOB));
            present(issuedAt(21).claim("tenant", "t1").email(BOB));
            logOut(logoutAt(30));
            assertLoggedOut(issuedAt(30).claim("tenant", "t1").email(BOB));
        }
    }

    @Nested
    @DisplayName("An ID-JAG with iat ≤ the newest L of its identity is refused (expired)")
    final class Mark {

        @Test
        @DisplayName(
                "even if it was never presented before: an unspent assertion from before the logout must not bring access back")
        void unspentIdJagFromBeforeIsRefused() {
            startLinkingService();
            Held held = present(issuedAt(10));
            ProviderJwt unspent = issuedAt(20);

            logOut(logoutAt(20));

            assertLoggedOut(unspent);
            assertDead(held);
            Held fresh = present(issuedAt(21));
            assertAlive(fresh);
        }

        @Test
        @DisplayName("even if the identity was unknown then")
        void identityThatWasUnknownAtTheLogout() {
            startLinkingService();

            logOut(logoutAt(20));

            assertLoggedOut(issuedAt(19));
            assertLoggedOut(issuedAt(20));
            assertThat(service().users.findByVerifiedEmail(ADA)).isEmpty();
            assertAlive(present(issuedAt(21)));
        }

        @Test
        @DisplayName("the newest L: an older logout that arrives later does not lower it")
        void olderLogoutDoesNotLowerTheMark() {
            startLinkingService();
            logOut(logoutAt(20));
            logOut(logoutAt(10));

            assertLoggedOut(issuedAt(15));
            assertLoggedOut(issuedAt(20));
            present(issuedAt(21));
        }

        @Test
        @DisplayName(
                "refused in the same way however often it is presented: a rejected assertion does not burn its jti")
        void refusedAgainInTheSameWay() {
            startLinkingService();
            ProviderJwt old = issuedAt(20);
            logOut(logoutAt(20));

            assertLoggedOut(old);
            assertLoggedOut(old);
        }

        @Test
        @DisplayName("keep the mark for 1 h + skew")
        void markOutlivesEveryIdJagThatItIsFor() {
            startLinkingService();
            // The provider's clock is ahead by all that is allowed, so its ID-JAGs live longest by ours.
            ProviderJwt old = issuedAt(160);
            logOut(logoutAt(160));
            service()
                    .clock
                    .moveTo(at(160).plus(Duration.ofHours(1)).plusSeconds(60).minusMillis(1));

            present(issuedAt(160).subject("person-2").email(BOB));
            assertLoggedOut(old);

            service().clock.moveTo(at(160).plus(Duration.ofHours(1)).plusSeconds(60));
            assertLoggedOut(issuedAt(160).subject("person-2"));
            assertLoggedOut(old);
        }

        @Test
        void markIsOfThatIdentityAlone() {
            startLinkingService();
            FakeProvider other = closing(service().anotherProvider());
            logOut(logoutAt(20));

            present(issuedAt(20).subject("person-2").email(BOB));
            present(other.idJag(service().issuer()).issuedAt(at(20)).email("c@example.com"));
            assertLoggedOut(issuedAt(20));
        }

        @Test
        @DisplayName("All these times are the provider's, so clocks do not matter")
        void onlyTheProvidersTimesAreCompared() {
            startLinkingService();
            // Presented long after it was issued, and a logout that was long on its way: by our clock it came later.
            ProviderJwt fresh = issuedAt(21);
            ProviderJwt logout = logoutAt(20);
            service().clock.moveTo(at(3000));
            Held held = present(fresh);
            service().clock.moveTo(at(3500));

            logOut(logout);

            assertAlive(held);
        }
    }

    @Nested
    @DisplayName("A repeated jti is answered 200 and changes nothing; an unknown identity: also 200")
    final class Repeats {

        @Test
        void repeatIsAnswered200AndChangesNothing() {
            startLinkingService();
            Held held = present(issuedAt(10));
            String logout = logoutAt(20).compact();
            client().logout(logout).hasStatus(200).isNotStored();
            assertDead(held);
            Held fresh = present(issuedAt(21));
            Registration before = stored(fresh.id());

            client().logout(logout).hasStatus(200).isNotStored();

            assertAlive(fresh);
            assertThat(stored(fresh.id())).isEqualTo(before);
        }

        @Test
        void anotherLogoutUnderAJtiThatWasUsedChangesNothing() {
            startLinkingService();
            Held held = present(issuedAt(10));
            logOut(logoutAt(5).claim("jti", "same"));

            logOut(logoutAt(90).claim("jti", "same"));

            assertAlive(held);
            assertAlive(present(issuedAt(50)));
            logOut(logoutAt(90).claim("jti", "another"));
            assertDead(held);
        }

        @Test
        @DisplayName("A8: per kind and issuer")
        void jtiOfAnotherKindOrIssuerIsAnother() {
            startLinkingService();
            FakeProvider other = closing(service().anotherProvider());
            Held held = present(issuedAt(10).claim("jti", "same"));
            client().logout(other.logout(service().issuer(), PERSON)
                            .claim("jti", "same")
                            .compact())
                    .hasStatus(200);
            assertAlive(held);

            logOut(logoutAt(20).claim("jti", "same"));

            assertDead(held);
            present(issuedAt(30).claim("jti", "same-2"));
            client().registerIdJag(issuedAt(40).claim("jti", "same").compact()).isIdentityError(400, "replay_detected");
        }

        @Test
        @DisplayName("… and a refused logout has not used its jti")
        void refusedLogoutCanBeCorrected() {
            startLinkingService();
            Held held = present(issuedAt(10));
            client().logout(logoutAt(20)
                            .claim("jti", "same")
                            .claim("nonce", "n")
                            .compact())
                    .isCredentialError(400, "invalid_request");

            logOut(logoutAt(20).claim("jti", "same"));

            assertDead(held);
        }

        @Test
        void unknownIdentityIs200() {
            client().logout(logoutOf("nobody").compact()).hasStatus(200).isNotStored();
        }

        @Test
        @DisplayName("a late logout cannot hurt what came after it")
        void lateLogoutOfARevokedAndReplacedRegistration() {
            startLinkingService();
            Held first = present(issuedAt(10));
            logOut(logoutAt(20));
            Held second = present(issuedAt(30));

            for (long late : new long[] {5, 10, 15, 20, 25, 29}) {
                logOut(logoutAt(late));
                assertAlive(second);
            }

            assertDead(first);
        }

        @Test
        void lateLogoutAfterTheEpochWasRaised() {
            startLinkingService();
            Held before = present(issuedAt(10));
            present(issuedAt(30));
            logOut(logoutAt(20));
            assertDead(before);
            Held after = present(issuedAt(40));

            for (long late : new long[] {5, 10, 20, 25, 29}) {
                logOut(logoutAt(late));
                assertAlive(after);
            }

            assertThat(after.id()).isEqualTo(before.id());
        }

        @Test
        @DisplayName("T40: concurrent duplicates with a re-registration")
        void manyDuplicatesAtOnceHurtNothingThatCameAfter() {
            startLinkingService();
            Held held = present(issuedAt(10));
            String logout = logoutAt(20).compact();
            List<Callable<Answer>> all = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                String fresh = issuedAt(30).compact();
                all.add(() -> client().logout(logout));
                all.add(() -> client().registerIdJag(fresh));
            }

            Race.run(all).forEach(answer -> answer.hasStatus(200));

            assertDead(held);
            Held after = present(issuedAt(30));
            assertAlive(after);
            client().logout(logout).hasStatus(200);
            assertAlive(after);
            assertThat(service()
                            .registrations
                            .findByProviderInAnyTenant(new ProviderIdentity(
                                    provider().issuer(), null, PERSON, service().issuer()))
                            .stream()
                            .filter(each -> each.isLive(service().clock.instant())))
                    .hasSize(1);
        }
    }

    static Stream<List<String>> interleavings() {
        return Stream.of(
                List.of("old", "new", "logout"),
                List.of("new", "old", "logout"),
                List.of("old", "logout", "new"),
                List.of("new", "logout", "old"),
                List.of("logout", "old", "new"),
                List.of("logout", "new", "old"));
    }

    @ParameterizedTest
    @MethodSource("interleavings")
    @DisplayName("T59: every order of an old ID-JAG, the logout and a new ID-JAG comes to its right end")
    void logoutInEveryOrder(List<String> order) {
        startLinkingService();
        Map<String, Held> held = new LinkedHashMap<>();
        for (String step : order) {
            switch (step) {
                case "logout" -> logOut(logoutAt(20));
                case "old" -> {
                    if (order.indexOf("logout") < order.indexOf("old")) {
                        assertLoggedOut(issuedAt(10));
                    } else {
                        held.put("old", present(issuedAt(10)));
                    }
                }
                default -> held.put("new", present(issuedAt(30)));
            }
        }

        if (held.containsKey("old")) {
            assertDead(held.get("old"));
        }
        boolean sharedAnEpoch = order.get(2).equals("logout");
        if (sharedAnEpoch) {
            assertDead(held.get("new"));
            assertThat(status(held.get("new").id())).isEqualTo(RegistrationStatus.CLAIMED);
        } else {
            assertAlive(held.get("new"));
        }
        Held again = present(issuedAt(40));
        assertThat(again.id()).isEqualTo(held.get("new").id());
        assertAlive(again);
    }

    @Nested
    @DisplayName("Order of work: raise the mark, revoke, record the jti, answer")
    final class OrderOfWork {

        @Test
        void portsAreCalledInThatOrder() {
            Held held = present(idJag());
            service().wiretap.record();

            logOut(logoutOf(PERSON));

            List<String> calls = service().wiretap.calls().stream()
                    .map(call -> call.substring(0, call.indexOf('[')))
                    .filter(List.of("raise", "replace", "recordFirst")::contains)
                    .toList();
            assertThat(calls).containsExactly("raise", "replace", "recordFirst");
            assertDead(held);
        }

        @ParameterizedTest
        @ValueSource(strings = {"raise", "findByProviderInAnyTenant", "replace", "recordFirst", "seen"})
        @DisplayName("503 wherever it fails, and the same request, repeated, comes to its right end")
        void failureBeforeAStepIsRepeatable(String step) {
            Held held = present(idJag());
            String unspent = idJag().compact();
            String logout = logoutOf(PERSON).compact();
            service().wiretap.before(step, Wiretap.failure());

            client().logout(logout)
                    .isCredentialError(503, "temporarily_unavailable")
                    .isNotStored();

            service().wiretap.up();
            client().logout(logout).hasStatus(200);
            assertDead(held);
            client().registerIdJag(unspent).isIdentityError(400, "expired");
        }

        @ParameterizedTest
        @ValueSource(strings = {"raise", "findByProviderInAnyTenant", "replace", "recordFirst"})
        void failureAfterAStepIsRepeatable(String step) {
            Held held = present(idJag());
            String logout = logoutOf(PERSON).compact();
            service().wiretap.after(step, Wiretap.once(Wiretap.failure()));

            client().logout(logout).isCredentialError(503, "temporarily_unavailable");

            service().wiretap.up();
            client().logout(logout).hasStatus(200);
            assertDead(held);
        }

        @Test
        void keysOutOfReachAre503AndNothingHasHappened() {
            provider().trouble(FakeProvider.Trouble.FAILING);
            String logout = logoutOf(PERSON).compact();

            client().logout(logout)
                    .isCredentialError(503, "temporarily_unavailable")
                    .isNotStored();

            provider().trouble(FakeProvider.Trouble.NONE);
            service().clock.advance(Duration.ofMinutes(2));
            client().logout(logout).hasStatus(200);
        }
    }

    @Nested
    @DisplayName(
            "A presentation writes its registration, then reads the mark again, and if its iat ≤ the mark revokes what it wrote")
    final class PresentationMeetsLogout {

        /** The logout comes between two steps of a presentation. */
        private void logOutAfter(String step) {
            String logout = logoutOf(PERSON).compact();
            service()
                    .wiretap
                    .after(step, Wiretap.once(() -> client().logout(logout).hasStatus(200)));
        }

        @ParameterizedTest
        @ValueSource(strings = {"recordFirst", "newest", "findByProvider", "create", "insert"})
        void firstPresentationThatMeetsALogoutBringsNothing(String step) {
            String idJag = idJag().compact();
            logOutAfter(step);

            client().registerIdJag(idJag).isIdentityError(400, "expired");

            assertNothingIsLive();
        }

        @ParameterizedTest
        @ValueSource(strings = {"recordFirst", "newest", "findByProvider", "replace"})
        void laterPresentationThatMeetsALogoutBringsNothing(String step) {
            Held held = present(idJag());
            service().clock.advance(Duration.ofSeconds(10));
            String idJag = idJag().compact();
            logOutAfter(step);

            Answer answer = client().registerIdJag(idJag);

            assertThat(answer.status()).as("%s", answer).isEqualTo(400);
            assertThat(answer.string("error")).isEqualTo("expired");
            assertDead(held);
            assertNothingIsLive();
        }

        @ParameterizedTest
        @ValueSource(strings = {"recordFirst", "newest", "findByProvider"})
        @DisplayName("… also where there was nothing to write")
        void presentationOfTheSameInstantThatMeetsALogoutBringsNothing(String step) {
            Held held = present(idJag());
            String idJag = idJag().compact();
            logOutAfter(step);

            client().registerIdJag(idJag).isIdentityError(400, "expired");

            assertDead(held);
            assertNothingIsLive();
        }

        @ParameterizedTest
        @ValueSource(strings = {"recordFirst", "newest", "findByProvider", "insert"})
        void stepUpThatMeetsALogoutMailsNobody(String step) {
            service().users.add(User.of("u1", ADA));
            String idJag = idJag().compact();
            logOutAfter(step);

            client().registerIdJag(idJag).isIdentityError(400, "expired");

            assertThat(service().mail.links()).isEmpty();
            assertNothingIsLive();
        }

        @Test
        void presentationFromAfterTheLogoutIsNotHurtByMeetingIt() {
            ProviderJwt logout = logoutOf(PERSON);
            service().clock.advance(Duration.ofSeconds(1));
            service()
                    .wiretap
                    .after(
                            "insert",
                            Wiretap.once(() -> client().logout(logout.compact()).hasStatus(200)));

            assertAlive(present(idJag()));
        }

        @Test
        void exchangeThatMeetsALogoutBringsNoTokenThatIsAccepted() {
            Held held = present(idJag());
            String logout = logoutOf(PERSON).compact();
            AtomicInteger met = new AtomicInteger();
            service().wiretap.before("insert", Wiretap.once(() -> {
                client().logout(logout).hasStatus(200);
                met.incrementAndGet();
            }));

            Answer answer = client().exchange(held.assertion());

            assertThat(met).hasValue(1);
            if (answer.status() == 200) {
                client().callApi(answer.string("access_token")).hasStatus(401);
            } else {
                answer.isCredentialError(400, "invalid_grant");
            }
            assertDead(held);
        }

        @Test
        void completionThatMeetsALogoutBindsNobody() {
            service().users.add(User.of("u1", ADA));
            Registered agent = stepUp(idJag());
            String code = reveal(service().mail.newestToken());
            String logout = logoutOf(PERSON).compact();
            service()
                    .wiretap
                    .before(
                            "replace",
                            Wiretap.once(() -> client().logout(logout).hasStatus(200)));

            client().complete(agent.claimToken(), code).isIdentityError(410, "claim_expired");

            assertNothingIsLive();
        }

        private void assertNothingIsLive() {
            assertThat(service()
                            .registrations
                            .findByProviderInAnyTenant(new ProviderIdentity(
                                    provider().issuer(), null, PERSON, service().issuer()))
                            .stream()
                            .filter(each -> each.isLive(service().clock.instant())))
                    .isEmpty();
        }
    }

    @Nested
    @DisplayName("T59, T60: once the logout is answered, no token, whenever issued, is accepted")
    final class Races {
        private static final int THREADS = 64;
        private static final int ROUNDS = 10;

        private final AtomicInteger issued = new AtomicInteger();

        /** One race about one person; everything that was accepted though the logout had been answered. */
        private List<String> race(int round) {
            String person = "racer-" + round;
            String address = "racer" + round + "@example.com";
            String assertion =
                    registerIdJag(idJag().subject(person).email(address)).assertion();
            token(assertion);
            service().clock.advance(Duration.ofSeconds(10));
            AtomicBoolean answered = new AtomicBoolean();
            Queue<String> violations = new ConcurrentLinkedQueue<>();
            Queue<String> tokens = new ConcurrentLinkedQueue<>();
            Queue<String> assertions = new ConcurrentLinkedQueue<>(List.of(assertion));
            List<Callable<Void>> all = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                boolean presents = i % 3 == 1;
                String idJag = idJag().subject(person).email(address).compact();
                String logout = logoutOf(person).compact();
                boolean logsOut = i % 16 == 15;
                all.add(() -> {
                    boolean tooLate = answered.get();
                    if (logsOut) {
                        client().logout(logout).hasStatus(200);
                        answered.set(true);
                        return null;
                    }
                    String mine = assertion;
                    if (presents) {
                        Answer presented = client().registerIdJag(idJag);
                        if (presented.status() != 200) {
                            presented.isIdentityError(400, "expired");
                            return null;
                        }
                        if (tooLate) {
                            violations.add("presented after the answer");
                        }
                        mine = presented.string("identity_assertion");
                        assertions.add(mine);
                    }
                    tooLate = answered.get();
                    Answer exchanged = client().exchange(mine);
                    if (exchanged.status() != 200) {
                        exchanged.isCredentialError(400, "invalid_grant");
                        return null;
                    }
                    if (tooLate) {
                        violations.add("exchanged after the answer");
                    }
                    issued.incrementAndGet();
                    String token = exchanged.string("access_token");
                    tokens.add(token);
                    tooLate = answered.get();
                    if (client().callApi(token).status() == 200 && tooLate) {
                        violations.add("used after the answer");
                    }
                    return null;
                });
            }

            Race.run(all);

            tokens.stream()
                    .filter(token -> client().callApi(token).status() != 401)
                    .forEach(token -> violations.add("a token is still accepted"));
            assertions.stream()
                    .filter(each -> client().exchange(each).status() != 400)
                    .forEach(each -> violations.add("an assertion is still accepted"));
            if (client().registerIdJag(idJag().subject(person).email(address).compact())
                            .status()
                    == 200) {
                violations.add("an ID-JAG from before is still accepted");
            }
            return List.copyOf(violations);
        }

        @Test
        void exchangesAndPresentationsRacingTheLogout() {
            startLinkingService();
            for (int round = 0; round < ROUNDS; round++) {
                assertThat(race(round)).as("round %s", round).isEmpty();
            }
            assertThat(issued).as("tokens issued in the races").hasPositiveValue();
        }

        @Test
        void raceOnTwoReplicas() {
            startLinkingService();
            ProtocolService replica = startService(options ->
                    options.replicaOf(service()).configure(builder -> builder.existingUsers(ExistingUserPolicy.LINK)));
            for (int round = 0; round < ROUNDS; round++) {
                String person = "racer-" + round;
                String address = "racer" + round + "@example.com";
                service().clock.advance(Duration.ofSeconds(10));
                List<String> idJags = new ArrayList<>();
                for (int i = 0; i < THREADS; i++) {
                    idJags.add(idJag().subject(person).email(address).compact());
                }
                String logout = logoutOf(person).compact();

                List<Answer> answers = Race.run(
                        THREADS,
                        i -> i == THREADS / 2
                                ? replica.client.logout(logout)
                                : (i % 2 == 0 ? client() : replica.client).registerIdJag(idJags.get(i)));

                for (int i = 0; i < THREADS; i++) {
                    Answer answer = answers.get(i);
                    if (i == THREADS / 2) {
                        answer.hasStatus(200);
                    } else if (answer.status() == 200) {
                        client().exchange(answer.string("identity_assertion")).isCredentialError(400, "invalid_grant");
                    } else {
                        answer.isIdentityError(400, "expired");
                    }
                }
            }
        }

        @Test
        @DisplayName("the same race finds a service whose marks are forgotten")
        void plantedRaceIsFound() {
            startService(options -> options.configure(builder -> builder.existingUsers(ExistingUserPolicy.LINK))
                    .logoutMarks(new LogoutMarks() {
                        @Override
                        public void raise(ProviderIdentity subject, Instant issuedAt, Instant until) {}

                        @Override
                        public Optional<Instant> newest(ProviderIdentity identity) {
                            return Optional.empty();
                        }

                        @Override
                        public int purgeExpired(Instant now, int limit) {
                            return 0;
                        }
                    }));

            assertThat(race(0)).isNotEmpty();
        }
    }

    @Nested
    @DisplayName("T42: P1 ends P2's subjects? Keyed by the verified issuer")
    final class OtherProviders {

        @Test
        void eachProviderEndsItsOwnSubjectsAlone() {
            FakeProvider first = provider();
            FakeProvider second = closing(service().anotherProvider());
            String issuer = service().issuer();
            Held ofFirst = present(first.idJag(issuer));
            Held ofSecond = present(second.idJag(issuer).email(BOB));

            client().logout(second.logout(issuer, PERSON)
                            .claim("iss", first.issuer())
                            .compact())
                    .isCredentialError(400, "invalid_signature");
            client().logout(second.logout(issuer, PERSON)
                            .claim("iss", first.issuer())
                            .header("kid", first.signer().keyId())
                            .compact())
                    .isCredentialError(400, "invalid_signature");
            client().logout(second.logout(issuer, PERSON)
                            .claim("sub_id", Map.of("format", "iss_sub", "iss", first.issuer(), "sub", PERSON))
                            .compact())
                    .hasStatus(200);
            assertAlive(ofFirst);
            assertDead(ofSecond);

            client().logout(first.logout(issuer, PERSON).compact()).hasStatus(200);
            assertDead(ofFirst);
        }

        @Test
        void marksOfOneProviderDoNotRefuseTheOthersIdJags() {
            FakeProvider second = closing(service().anotherProvider());
            client().logout(second.logout(service().issuer(), PERSON).compact()).hasStatus(200);

            client().registerIdJag(second.idJag(service().issuer()).email(BOB).compact())
                    .isIdentityError(400, "expired");
            assertAlive(present(idJag()));
        }

        @Test
        void providerThatHasLeftTheTrustListCanEndNothing() {
            Held held = present(idJag());
            String logout = logoutOf(PERSON).compact();
            service().trustOnly();

            client().logout(logout).isCredentialError(400, "invalid_issuer");

            service().trustOnly(provider().trusted());
            assertAlive(held);
            client().logout(logout).hasStatus(200);
            assertDead(held);
        }
    }
}
