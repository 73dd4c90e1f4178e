package dev.agentauth.servlet.protocol;

import static dev.agentauth.servlet.protocol.Client.JWT_BEARER;
import static dev.agentauth.servlet.protocol.Client.form;
import static dev.agentauth.servlet.protocol.Client.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.servlet.ClientAddress;
import dev.agentauth.spi.RateLimit;
import dev.agentauth.spi.RateLimiter;
import dev.agentauth.testkit.ProviderJwt;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A client's tokens with a known kid and a wrong signature are verified 60 times an hour")
final class F27_ForgedTokensTest extends ProtocolTest {
    private static final String X_FORWARDED_FOR = "X-Forwarded-For";
    private static final String MALLORY = "192.0.2.66";
    private static final String ADAS_AGENT = "198.51.100.7";

    @BeforeEach
    void startLimitedServiceBehindAProxy() {
        startService(options -> options.limited().clientAddress(ClientAddress.fromXForwardedFor("127.0.0.1")));
    }

    private Answer logout(String from, ProviderJwt logout) {
        return client().postForm("/agent/auth/revoke", form("logout_token", logout.compact()), X_FORWARDED_FOR, from);
    }

    private Answer register(String from, ProviderJwt idJag) {
        return client().postJson(
                        "/agent/identity",
                        json("type", "identity_assertion", "assertion", idJag.compact()),
                        X_FORWARDED_FOR,
                        from);
    }

    private Answer exchange(String from, String assertion) {
        return client().postForm(
                        "/oauth2/token", form("grant_type", JWT_BEARER, "assertion", assertion), X_FORWARDED_FOR, from);
    }

    private Answer forgedLogout(String from) {
        return logout(from, logoutOf("person-1").signature(new byte[64]));
    }

    private static String forged(String assertion) {
        byte[] signature = new byte[64];
        Arrays.fill(signature, (byte) 1);
        return assertion.substring(0, assertion.lastIndexOf('.') + 1)
                + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
    }

    private void spend(String from) {
        for (int i = 0; i < 60; i++) {
            forgedLogout(from).isCredentialError(400, "invalid_signature");
        }
    }

    private static void isLimited(Answer answer, Duration wait) {
        answer.isNotStored();
        assertThat(answer.header("Retry-After")).isEqualTo(Long.toString(wait.toSeconds()));
    }

    private long audited(RateLimit limit) {
        return service().audit.of("rate_limit.exceeded").stream()
                .filter(event -> event.fields().get("limit").equals(limit.name().toLowerCase(Locale.ROOT)))
                .count();
    }

    @Test
    void f27_logoutEndpointRefusesTheSixtyFirstAndSaysUntilWhen() {
        Registered registered = registerIdJag(idJag());
        spend(MALLORY);

        isLimited(forgedLogout(MALLORY).isCredentialError(429, "rate_limited"), Duration.ofHours(1));
        isLimited(logout(MALLORY, logoutOf("person-1")).isCredentialError(429, "rate_limited"), Duration.ofHours(1));
        token(registered.assertion());
        assertThat(audited(RateLimit.FAILED_VERIFICATION_PER_CLIENT)).isEqualTo(2);
        assertThat(service().audit.of("provider.rejected")).hasSize(60);

        logout("192.0.2.67", logoutOf("person-1")).hasStatus(200);
    }

    @Test
    void f27_hourIsOverExactlyWhenRetryAfterSaid() {
        spend(MALLORY);

        service().clock.advance(Duration.ofHours(1).minusMillis(1));
        isLimited(forgedLogout(MALLORY).isCredentialError(429, "rate_limited"), Duration.ofSeconds(1));
        service().clock.advance(Duration.ofMillis(1));
        spend(MALLORY);
        forgedLogout(MALLORY).isCredentialError(429, "rate_limited");
    }

    @Test
    void f27_tokenEndpointRefusesWhatItWouldHaveToVerify() {
        String known = registerAnonymously().assertion();
        String other = registerAnonymously().assertion();
        exchange(ADAS_AGENT, known).hasStatus(200);
        for (int i = 0; i < 60; i++) {
            exchange(MALLORY, forged(known)).isCredentialError(400, "invalid_grant");
        }

        isLimited(exchange(MALLORY, forged(known)).isCredentialError(429, "rate_limited"), Duration.ofHours(1));
        isLimited(exchange(MALLORY, other).isCredentialError(429, "rate_limited"), Duration.ofHours(1));
        exchange(ADAS_AGENT, other).hasStatus(200);
        // What was verified before costs nothing, so a forger cannot stop the agents that share its address.
        exchange(MALLORY, known).hasStatus(200);
        exchange(MALLORY, other).hasStatus(200);
    }

    @Test
    void f27_identityEndpointCountsInTheSameBudget() {
        spend(MALLORY);

        isLimited(register(MALLORY, idJag()).isIdentityError(429, "rate_limited"), Duration.ofHours(1));
        register(ADAS_AGENT, idJag()).hasStatus(200);
    }

    @Test
    void f27_whatFailsBeforeTheSignatureCostsNothing() {
        for (int i = 0; i < 61; i++) {
            logout(MALLORY, logoutOf("person-1").claim("iss", "https://stranger.example"))
                    .isCredentialError(400, "invalid_issuer");
            logout(MALLORY, logoutOf("person-1").claim("aud", "https://other.example"))
                    .isCredentialError(400, "invalid_audience");
            exchange(MALLORY, "e30.e30.e30").isCredentialError(400, "invalid_grant");
        }

        spend(MALLORY);
    }

    @Test
    void f27_ipv6CountsBySlash64AndWithFourTimesTheFigureBySlash56() {
        spend("2001:db8::1");
        forgedLogout("2001:db8::ffff:1").isCredentialError(429, "rate_limited");
        spend("2001:db8:0:1::1");
        spend("2001:db8:0:2::1");
        spend("2001:db8:0:3::1");

        forgedLogout("2001:db8:0:4::1").isCredentialError(429, "rate_limited");
        forgedLogout("2001:db8:0:100::1").isCredentialError(400, "invalid_signature");
        assertThat(audited(RateLimit.FAILED_VERIFICATION_PER_IPV6_SITE)).isEqualTo(1);
    }

    @Test
    void f27_withoutTheLimiterVerificationGoesOnAndIsAudited() {
        spend(MALLORY);
        service().wiretap.down(RateLimiter.class);

        logout(MALLORY, logoutOf("person-1").subject(UUID.randomUUID().toString()))
                .hasStatus(200);
        assertThat(service().audit.of("rate_limit.unavailable")).hasSize(1);
    }
}
