package dev.agentauth.internal.provider;

import static dev.agentauth.internal.provider.TestProvider.ISSUER;
import static dev.agentauth.internal.provider.TestProvider.NOW;
import static dev.agentauth.internal.provider.TestProvider.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.agentauth.AgentAuthException;
import dev.agentauth.Problem;
import dev.agentauth.internal.jose.TestKey;
import dev.agentauth.internal.wire.Urns;
import dev.agentauth.registration.ProviderIdentity;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogoutRulesTest {
    private static final long HOURS_12 = 12 * 3600;

    private final TestProvider provider = new TestProvider();
    private final TestReplay replay = new TestReplay();
    private final TestAssertions assertions = TestAssertions.of(provider, replay, TestProvider.trusted());

    @Test
    void validLogoutIsReadOut() {
        VerifiedEvent logout = verify(provider.logout().claim("tenant", "acme").claim("sid", "s1"));

        assertThat(logout.subject()).isEqualTo(new ProviderIdentity(ISSUER, "acme", "user-1", SERVICE));
        assertThat(logout.issuer()).isEqualTo(ISSUER);
        assertThat(logout.jti()).isEqualTo("jti-1");
        assertThat(logout.issuedAt()).isEqualTo(NOW);
        assertThat(logout.eventTypes()).containsExactly(Urns.ASSERTION_REVOKED);
        assertThat(logout).hasToString("VerifiedEvent[" + ISSUER + ", [" + Urns.ASSERTION_REVOKED + "]]");
    }

    @Test
    void logoutWithoutTenantMeansEveryTenant() {
        assertThat(verify(provider.logout()).subject().tenant()).isNull();
    }

    @Test
    void verifyingRecordsNothingSoThatAFailureBehindItCanBeRepeated() {
        verify(provider.logout());
        verify(provider.logout());

        assertThat(replay.records).isEmpty();
    }

    @Test
    void backChannelLogoutOfOpenIdIsTaken() {
        TestProvider.Token token = provider.logout().claim("events", Map.of(Urns.BACKCHANNEL_LOGOUT, Map.of()));

        assertThat(verify(token).eventTypes()).containsExactly(Urns.BACKCHANNEL_LOGOUT);
    }

    @Test
    void eventsBesideOursAreIgnored() {
        TestProvider.Token token = provider.logout()
                .claim("events", Map.of("https://other.example/event", 1, Urns.BACKCHANNEL_LOGOUT, Map.of()));

        assertThat(verify(token).eventTypes()).containsExactly(Urns.BACKCHANNEL_LOGOUT);
    }

    @Test
    void everyEventOfOursIsReadAndABadOneSpoilsNoOther() {
        assertThat(verify(provider.logout()
                                .claim(
                                        "events",
                                        Map.of(Urns.BACKCHANNEL_LOGOUT, Map.of(), Urns.ASSERTION_REVOKED, Map.of())))
                        .eventTypes())
                .containsExactlyInAnyOrder(Urns.BACKCHANNEL_LOGOUT, Urns.ASSERTION_REVOKED);
        assertThat(verify(provider.logout()
                                .claim(
                                        "events",
                                        Map.of(Urns.BACKCHANNEL_LOGOUT, Map.of(), Urns.ASSERTION_REVOKED, "x")))
                        .eventTypes())
                .containsExactly(Urns.BACKCHANNEL_LOGOUT);
    }

    static Stream<Object> otherEvents() {
        return Stream.of(
                Map.of(),
                Map.of("https://other.example/event", Map.of()),
                Map.of(Urns.BACKCHANNEL_LOGOUT + "/", Map.of()),
                Map.of(Urns.BACKCHANNEL_LOGOUT, List.of()),
                Map.of(Urns.ASSERTION_REVOKED, "x"),
                Map.of(Urns.ASSERTION_REVOKED, true),
                List.of(Urns.ASSERTION_REVOKED),
                Urns.ASSERTION_REVOKED,
                1);
    }

    @ParameterizedTest
    @MethodSource("otherEvents")
    void T41_eventsWithoutOneOfOursAreInvalidRequest(Object events) {
        assertThat(codeOf(provider.logout().claim("events", events))).isEqualTo(Problem.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sub", "jti", "iat", "aud", "events", "iss"})
    void T41_missingClaimIsInvalidRequest(String claim) {
        assertThat(codeOf(provider.logout().without(claim))).isEqualTo(Problem.MALFORMED);
    }

    @Test
    void T41_sessionWithoutSubjectIsInvalidRequest() {
        assertThat(codeOf(provider.logout().without("sub").claim("sid", "s1"))).isEqualTo(Problem.MALFORMED);
    }

    @Test
    void T41_nonceOfAnyFormIsInvalidRequest() {
        for (Object nonce : Arrays.asList("n", "", 1, null)) {
            assertThat(codeOf(provider.logout().claim("nonce", nonce))).isEqualTo(Problem.MALFORMED);
        }
    }

    @Test
    void T41_rulesForAllKindsHoldForLogoutsToo() {
        assertThat(codeOf(provider.logout().header("typ", "JWT"))).isEqualTo(Problem.MALFORMED);
        assertThat(codeOf(provider.logout().header("typ", "secevent+jwt"))).isEqualTo(Problem.MALFORMED);
        assertThat(codeOf(provider.logout().header("alg", "none"))).isEqualTo(Problem.MALFORMED);
        assertThat(codeOf(provider.logout().claim("iss", SERVICE))).isEqualTo(Problem.ISSUER_UNTRUSTED);
        assertThat(codeOf(provider.logout().claim("iss", "https://other.example")))
                .isEqualTo(Problem.ISSUER_UNTRUSTED);
        assertThat(codeOf(provider.logout().claim("aud", List.of(SERVICE, "x"))))
                .isEqualTo(Problem.AUDIENCE_WRONG);
        assertThat(codeOf(provider.logout().header("kid", "k2"))).isEqualTo(Problem.KEY_UNKNOWN);
        assertThat(codeOf(provider.logout().signedBy(TestKey.p256(), "ES256"))).isEqualTo(Problem.SIGNATURE_WRONG);
        assertThat(codeOf(provider.logout().time("nbf", NOW.plusSeconds(61)))).isEqualTo(Problem.MALFORMED);
        assertThat(codeOf(provider.logout().time("iat", NOW.plusSeconds(61)))).isEqualTo(Problem.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"logout+jwt", "Logout+JWT", "application/logout+jwt"})
    void typeInAnyCaseWithOrWithoutPrefixIsTaken(String type) {
        assertThat(verify(provider.logout().header("typ", type))).isNotNull();
    }

    @Test
    void T41_withoutExpTwelveHoursAreTheLimitAndNoSkewIsAdded() {
        String token = provider.logout().compact();

        assertThat(assertions.verifyLogout(token, NOW.plusSeconds(HOURS_12 - 1)))
                .isNotNull();
        assertThat(assertions.verifyLogout(token, NOW.plusSeconds(HOURS_12))).isNotNull();
        assertThat(assertions.verifyLogout(token, NOW.plusSeconds(HOURS_12 + 60).minusMillis(1)))
                .isNotNull();
        assertThat(codeOf(token, NOW.plusSeconds(HOURS_12 + 60))).isEqualTo(Problem.JWT_EXPIRED);
    }

    @Test
    void T41_expDecidesAloneWhereThereIsOne() {
        String longLived =
                provider.logout().time("exp", NOW.plusSeconds(2 * HOURS_12)).compact();
        String shortLived = provider.logout().time("exp", NOW.plusSeconds(60)).compact();

        assertThat(assertions.verifyLogout(longLived, NOW.plusSeconds(HOURS_12 + 3600)))
                .isNotNull();
        assertThat(codeOf(longLived, NOW.plusSeconds(2 * HOURS_12 + 60))).isEqualTo(Problem.JWT_EXPIRED);
        assertThat(assertions.verifyLogout(shortLived, NOW.plusSeconds(119))).isNotNull();
        assertThat(codeOf(shortLived, NOW.plusSeconds(120))).isEqualTo(Problem.JWT_EXPIRED);
    }

    @Test
    void F21_jtiIsKeptUntilNoReplicaTakesTheTokenAnyMore() {
        assertThat(verify(provider.logout()).replayUntil()).isEqualTo(NOW.plusSeconds(HOURS_12 + 180));
        assertThat(verify(provider.logout().time("exp", NOW.plusSeconds(300))).replayUntil())
                .isEqualTo(NOW.plusSeconds(480));
    }

    @Test
    void F26_jtiIsKeptForTwelveHoursAtTheMostHoweverLateItsExp() {
        for (Instant late : List.of(
                NOW.plusSeconds(HOURS_12), NOW.plusSeconds(HOURS_12 + 1), Instant.parse("9998-12-31T23:59:59Z"))) {
            assertThat(verify(provider.logout().time("exp", late)).replayUntil())
                    .as("%s", late)
                    .isEqualTo(NOW.plusSeconds(HOURS_12 + 180));
        }
    }

    private VerifiedEvent verify(TestProvider.Token token) {
        return assertions.verifyLogout(token.compact(), NOW);
    }

    private Problem codeOf(TestProvider.Token token) {
        return codeOf(token.compact(), NOW);
    }

    private Problem codeOf(String token, Instant now) {
        return catchThrowableOfType(AgentAuthException.class, () -> assertions.verifyLogout(token, now))
                .problem();
    }
}
