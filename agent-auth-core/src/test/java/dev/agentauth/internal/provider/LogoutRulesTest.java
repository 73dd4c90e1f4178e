package dev.agentauth.internal.provider;

import static dev.agentauth.internal.provider.TestProvider.ISSUER;
import static dev.agentauth.internal.provider.TestProvider.NOW;
import static dev.agentauth.internal.provider.TestProvider.RESOURCE;
import static dev.agentauth.internal.provider.TestProvider.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.agentauth.AgentAuthException;
import dev.agentauth.ErrorCode;
import dev.agentauth.internal.jose.TestKey;
import dev.agentauth.memory.InMemoryLogoutMarks;
import dev.agentauth.registration.ProviderSubject;
import dev.agentauth.spi.TrustList;
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
    private final ProviderAssertions assertions = new ProviderAssertions(
            SERVICE,
            RESOURCE,
            TrustList.of(List.of(TestProvider.trusted())),
            provider,
            replay,
            new InMemoryLogoutMarks());

    @Test
    void validLogoutIsReadOut() {
        VerifiedLogout logout = verify(provider.logout().claim("tenant", "acme").claim("sid", "s1"));

        assertThat(logout.subject()).isEqualTo(new ProviderSubject(ISSUER, "acme", "user-1", SERVICE));
        assertThat(logout.issuer()).isEqualTo(ISSUER);
        assertThat(logout.jti()).isEqualTo("jti-1");
        assertThat(logout.issuedAt()).isEqualTo(NOW);
        assertThat(logout.eventType()).isEqualTo(ProviderEvents.ASSERTION_REVOKED);
        assertThat(logout).hasToString("VerifiedLogout[" + ISSUER + ", " + ProviderEvents.ASSERTION_REVOKED + "]");
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
        TestProvider.Token token =
                provider.logout().claim("events", Map.of(ProviderEvents.BACKCHANNEL_LOGOUT, Map.of()));

        assertThat(verify(token).eventType()).isEqualTo(ProviderEvents.BACKCHANNEL_LOGOUT);
    }

    @Test
    void eventsBesideOursAreIgnored() {
        TestProvider.Token token = provider.logout()
                .claim("events", Map.of("https://other.example/event", 1, ProviderEvents.BACKCHANNEL_LOGOUT, Map.of()));

        assertThat(verify(token).eventType()).isEqualTo(ProviderEvents.BACKCHANNEL_LOGOUT);
    }

    static Stream<Object> otherEvents() {
        return Stream.of(
                Map.of(),
                Map.of("https://other.example/event", Map.of()),
                Map.of(ProviderEvents.BACKCHANNEL_LOGOUT + "/", Map.of()),
                Map.of(ProviderEvents.BACKCHANNEL_LOGOUT, List.of()),
                Map.of(ProviderEvents.ASSERTION_REVOKED, "x"),
                Map.of(ProviderEvents.ASSERTION_REVOKED, true),
                List.of(ProviderEvents.ASSERTION_REVOKED),
                ProviderEvents.ASSERTION_REVOKED,
                1);
    }

    @ParameterizedTest
    @MethodSource("otherEvents")
    void T41_eventsWithoutOneOfOursAreInvalidRequest(Object events) {
        assertThat(codeOf(provider.logout().claim("events", events))).isEqualTo(ErrorCode.INVALID_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sub", "jti", "iat", "aud", "events", "iss"})
    void T41_missingClaimIsInvalidRequest(String claim) {
        assertThat(codeOf(provider.logout().without(claim))).isEqualTo(ErrorCode.INVALID_REQUEST);
    }

    @Test
    void T41_sessionWithoutSubjectIsInvalidRequest() {
        assertThat(codeOf(provider.logout().without("sub").claim("sid", "s1"))).isEqualTo(ErrorCode.INVALID_REQUEST);
    }

    @Test
    void T41_nonceOfAnyFormIsInvalidRequest() {
        for (Object nonce : Arrays.asList("n", "", 1, null)) {
            assertThat(codeOf(provider.logout().claim("nonce", nonce))).isEqualTo(ErrorCode.INVALID_REQUEST);
        }
    }

    @Test
    void T41_rulesForAllKindsHoldForLogoutsToo() {
        assertThat(codeOf(provider.logout().header("typ", "JWT"))).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(codeOf(provider.logout().header("typ", "secevent+jwt"))).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(codeOf(provider.logout().header("alg", "none"))).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(codeOf(provider.logout().claim("iss", SERVICE))).isEqualTo(ErrorCode.INVALID_ISSUER);
        assertThat(codeOf(provider.logout().claim("iss", "https://other.example")))
                .isEqualTo(ErrorCode.INVALID_ISSUER);
        assertThat(codeOf(provider.logout().claim("aud", List.of(SERVICE, "x"))))
                .isEqualTo(ErrorCode.INVALID_AUDIENCE);
        assertThat(codeOf(provider.logout().header("kid", "k2"))).isEqualTo(ErrorCode.INVALID_SIGNATURE);
        assertThat(codeOf(provider.logout().signedBy(TestKey.p256(), "ES256"))).isEqualTo(ErrorCode.INVALID_SIGNATURE);
        assertThat(codeOf(provider.logout().time("nbf", NOW.plusSeconds(61)))).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(codeOf(provider.logout().time("iat", NOW.plusSeconds(61)))).isEqualTo(ErrorCode.INVALID_REQUEST);
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
        assertThat(codeOf(token, NOW.plusSeconds(HOURS_12 + 60))).isEqualTo(ErrorCode.EXPIRED);
    }

    @Test
    void T41_expDecidesAloneWhereThereIsOne() {
        String longLived =
                provider.logout().time("exp", NOW.plusSeconds(2 * HOURS_12)).compact();
        String shortLived = provider.logout().time("exp", NOW.plusSeconds(60)).compact();

        assertThat(assertions.verifyLogout(longLived, NOW.plusSeconds(HOURS_12 + 3600)))
                .isNotNull();
        assertThat(codeOf(longLived, NOW.plusSeconds(2 * HOURS_12 + 60))).isEqualTo(ErrorCode.EXPIRED);
        assertThat(assertions.verifyLogout(shortLived, NOW.plusSeconds(119))).isNotNull();
        assertThat(codeOf(shortLived, NOW.plusSeconds(120))).isEqualTo(ErrorCode.EXPIRED);
    }

    @Test
    void jtiIsNeededForAsLongAsTheTokenIsGood() {
        assertThat(verify(provider.logout()).replayUntil()).isEqualTo(NOW.plusSeconds(HOURS_12 + 60));
        assertThat(verify(provider.logout().time("exp", NOW.plusSeconds(300))).replayUntil())
                .isEqualTo(NOW.plusSeconds(360));
    }

    private VerifiedLogout verify(TestProvider.Token token) {
        return assertions.verifyLogout(token.compact(), NOW);
    }

    private ErrorCode codeOf(TestProvider.Token token) {
        return codeOf(token.compact(), NOW);
    }

    private ErrorCode codeOf(String token, Instant now) {
        return catchThrowableOfType(AgentAuthException.class, () -> assertions.verifyLogout(token, now))
                .code();
    }
}
