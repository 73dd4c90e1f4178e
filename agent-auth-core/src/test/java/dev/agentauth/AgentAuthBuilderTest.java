package dev.agentauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.agentauth.config.ExistingUserPolicy;
import dev.agentauth.internal.jose.PlantedProvider;
import dev.agentauth.keys.CryptoProvider;
import dev.agentauth.memory.InMemoryUserDirectory;
import dev.agentauth.spi.TrustList;
import dev.agentauth.spi.TrustedProvider;
import java.net.URI;
import java.security.SignatureException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused when a service is put together, and by which name. */
class AgentAuthBuilderTest {
    private static final String ISSUER = "https://auth.example.com";
    private static final String RESOURCE = "https://api.example.com/";

    @Test
    void leastConfigurationIsEnough() {
        try (AgentAuth auth = complete().build()) {
            assertThat(auth.registerAnonymous(Caller.unknown()).registrationId())
                    .startsWith("reg_");
            assertThat(auth.discovery().protectedResource()).containsEntry("resource_name", "auth.example.com");
        }
    }

    @Test
    void everyMissingSettingIsNamed() {
        assertRefused(AgentAuth.builder(ISSUER, RESOURCE)
                        .users(new InMemoryUserDirectory())
                        .mailer(mail -> {})
                        .withoutRateLimits())
                .withMessageContaining("postClaimScopes");
        assertRefused(AgentAuth.builder(ISSUER, RESOURCE)
                        .postClaimScopes("a")
                        .mailer(mail -> {})
                        .withoutRateLimits())
                .withMessageContaining("users");
        assertRefused(AgentAuth.builder(ISSUER, RESOURCE)
                        .postClaimScopes("a")
                        .users(new InMemoryUserDirectory())
                        .mailer(mail -> {}))
                .withMessageContaining("rateLimiter")
                .withMessageContaining("withoutRateLimits");
    }

    @Test
    void serviceNameThatPeopleCouldNotReadIsRefused() {
        for (String name : List.of("", " ", "a\nb", "a\rb", "a\u0000b", "a\u2028b", "a\u202eb")) {
            assertRefused(complete().serviceName(name)).withMessageContaining("serviceName");
        }
    }

    @Test
    void mailerIsMissingWhereverAFlowMails() {
        assertRefused(withoutMailer()).withMessageContaining("mailer");
        assertRefused(withoutMailer().anonymous(false)).withMessageContaining("mailer");
        assertRefused(withoutMailer().verifiedEmail(false)).withMessageContaining("mailer");
        assertRefused(withoutMailer().anonymous(false).verifiedEmail(false).trust(agents()))
                .withMessageContaining("existingUsers");
    }

    @Test
    void mailerIsNotNeededWhereNothingMails() {
        for (ExistingUserPolicy policy : List.of(ExistingUserPolicy.LINK, ExistingUserPolicy.REFUSE)) {
            withoutMailer()
                    .anonymous(false)
                    .verifiedEmail(false)
                    .trust(agents())
                    .existingUsers(policy)
                    .build()
                    .close();
        }
    }

    @Test
    void somebodyMustBeAbleToRegister() {
        assertRefused(complete().anonymous(false).verifiedEmail(false))
                .withMessageContaining("anonymous")
                .withMessageContaining("verifiedEmail")
                .withMessageContaining("trust");
        complete().anonymous(false).build().close();
        complete().verifiedEmail(false).build().close();
    }

    @Test
    void scopesMustFitTogether() {
        assertRefused(complete().preClaimScopes("b"))
                .withMessageContaining("preClaimScopes")
                .withMessageContaining("postClaimScopes");
        assertRefused(complete().postClaimScopes("a", "a")).withMessageContaining("postClaimScopes");
        assertRefused(complete().preClaimScopes("a", "a")).withMessageContaining("preClaimScopes");
        complete().preClaimScopes("a").build().close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a\"b", "a\\b", "a\nb", "\u00e4", "a\u0000", "\u007f"})
    void scopeMustBeAScopeToken(String scope) {
        assertRefused(complete().postClaimScopes(scope)).withMessageContaining("postClaimScopes");
    }

    @Test
    void ownIssuerCanNeverBeTrusted() {
        assertRefused(complete().trust(TrustedProvider.of(ISSUER)))
                .withMessageContaining("trust")
                .withMessageContaining(ISSUER);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> complete().trust(agents(), agents()))
                .withMessageContaining("https://agents.example.net");
    }

    @Test
    void ownIssuerIsRefusedEvenIfItIsTrustedLater() {
        ChangingTrust trust = new ChangingTrust();
        try (TestService service = TestService.start(builder -> builder.trust(trust))) {
            String assertion = service.anonymous().assertion().value().reveal();
            trust.add(TrustedProvider.of(TestService.ISSUER));

            assertThat(Refused.problem(() -> service.auth.registerWithIdJag(TestService.CALLER, assertion)))
                    .isEqualTo(Problem.ISSUER_UNTRUSTED);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "auth.example.com",
                "/auth",
                "http://auth.example.com",
                "https://auth.example.com/",
                "https://auth.example.com/a/",
                "https://auth.example.com?a=b",
                "https://auth.example.com#a",
                "https://user@auth.example.com",
                "https://Auth.example.com",
                "HTTPS://auth.example.com",
                "https://auth example.com",
                "ftp://auth.example.com",
                "http://127.0.0.1.example.com",
                "http://localhost.example.com",
                "mailto:a@example.com",
                "https:///path"
            })
    void issuerAndBaseMustBeHttpsWithOneSpelling(String url) {
        assertRefused(AgentAuth.builder(url, RESOURCE)
                        .postClaimScopes("a")
                        .users(new InMemoryUserDirectory())
                        .mailer(mail -> {})
                        .withoutRateLimits())
                .withMessageContaining("issuer");
        assertRefused(complete().baseUrl(url)).withMessageContaining("baseUrl");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://localhost:8080", "http://127.0.0.1:8080/agents", "http://[::1]:80", "https://h/a/b"})
    void loopbackMayBePlain(String url) {
        AgentAuth.builder(url, url + "/")
                .postClaimScopes("a")
                .users(new InMemoryUserDirectory())
                .mailer(mail -> {})
                .withoutRateLimits()
                .purgeByEmbedder()
                .build()
                .close();
    }

    @Test
    void resourceMustBeHttpsToo() {
        for (String url :
                List.of("", "http://api.example.com/", "https://api.example.com/?a", "https://api.example.com/#a")) {
            assertRefused(AgentAuth.builder(ISSUER, url)
                            .postClaimScopes("a")
                            .users(new InMemoryUserDirectory())
                            .mailer(mail -> {})
                            .withoutRateLimits())
                    .withMessageContaining("resource");
        }
    }

    @Test
    void logoAndPurgeIntervalMustMakeSense() {
        assertRefused(complete().resourceLogo(URI.create("/logo.png"))).withMessageContaining("resourceLogo");
        assertRefused(complete().purgeEvery(Duration.ZERO)).withMessageContaining("purgeEvery");
        assertRefused(complete().purgeEvery(Duration.ofSeconds(-1))).withMessageContaining("purgeEvery");
    }

    @Test
    void f22_limitOfLiveTokensLeavesAtLeastOne() {
        assertRefused(complete().liveTokens(0)).withMessageContaining("liveTokens");
        complete().liveTokens(1).build().close();
    }

    @Test
    void flowsThatAreOffSayWhichAreOff() {
        try (AgentAuth auth = complete().anonymous(false).build()) {
            assertThat(Refused.problem(() -> auth.registerAnonymous(Caller.unknown())))
                    .isEqualTo(Problem.ANONYMOUS_OFF);
            assertThat(Refused.problem(() -> auth.registerWithIdJag(Caller.unknown(), "a.b.c")))
                    .isEqualTo(Problem.ID_JAG_OFF);
        }
        try (AgentAuth auth = complete().verifiedEmail(false).build()) {
            assertThat(Refused.problem(() -> auth.registerWithEmail(Caller.unknown(), "alice@example.com")))
                    .isEqualTo(Problem.EMAIL_OFF);
        }
    }

    @Test
    void listThatChangesAtRunTimeSwitchesIdJagsOnEvenWhileItIsEmpty() {
        try (AgentAuth auth = complete().trust(TrustList.of(List.of())).build()) {
            assertThat(Refused.problem(() -> auth.registerWithIdJag(Caller.unknown(), "a.b.c")))
                    .isEqualTo(Problem.MALFORMED);
        }
    }

    @Test
    void twoServicesInOneJvmDoNotSeeEachOther() {
        try (TestService one = TestService.start();
                TestService two = TestService.start()) {
            Registered.Provider agent = one.presentCleanly("s", TestService.ALICE);
            IssuedToken token = one.exchange(agent.assertion());
            Registered.Anonymous other = two.anonymous();

            assertThat(two.auth.authenticate(token.value().reveal())).isEmpty();
            assertThat(Refused.problem(() -> two.exchange(agent.assertion()))).isEqualTo(Problem.ASSERTION_UNUSABLE);
            assertThat(Refused.problem(() -> one.startClaim(other.claim(), TestService.ALICE)))
                    .isEqualTo(Problem.CLAIM_TOKEN_UNKNOWN);
            assertThat(two.auth.revokeRegistration(agent.registrationId())).isFalse();
            assertThat(two.auth.revokeAllRegistrations()).isEqualTo(1);
            assertThat(one.scopesOf(token)).hasSize(3);
            assertThat(one.auth.jwks()).isNotEqualTo(two.auth.jwks());
        }
    }

    @Test
    void whoSignsIsSaidInTheLog() {
        try (LogRecords log = LogRecords.capture();
                AgentAuth fastest = complete().build();
                AgentAuth platform =
                        complete().cryptoProvider(CryptoProvider.platform()).build();
                AgentAuth given = complete()
                        .cryptoProvider(CryptoProvider.of(new PlantedProvider("Given")))
                        .build()) {
            assertThat(log.text().lines().filter(line -> line.contains("ES256")))
                    .containsExactly(
                            "Identity assertions are signed and verified (ES256) by " + CryptoProvider.fastest() + ".",
                            "Identity assertions are signed and verified (ES256) by the platform's JCA providers.",
                            "Identity assertions are signed and verified (ES256) by the JCA provider Given 1.0.");
            for (AgentAuth auth : List.of(fastest, platform, given)) {
                assertThat(auth.registerAnonymous(Caller.unknown()).registrationId())
                        .startsWith("reg_");
            }
        }
    }

    @Test
    void theGivenProviderSignsAndVerifies() {
        AtomicInteger signed = new AtomicInteger();
        AtomicInteger verified = new AtomicInteger();
        CryptoProvider counting = CryptoProvider.of(new PlantedProvider(
                "Counting", PlantedProvider.Keys::new, () -> new PlantedProvider.Signing() {
                    @Override
                    protected byte[] engineSign() throws SignatureException {
                        signed.incrementAndGet();
                        return super.engineSign();
                    }

                    @Override
                    protected boolean engineVerify(byte[] signature) throws SignatureException {
                        verified.incrementAndGet();
                        return super.engineVerify(signature);
                    }
                }));
        try (AgentAuth auth =
                complete().preClaimScopes("a").cryptoProvider(counting).build()) {
            auth.registerAnonymous(Caller.unknown());
            signed.set(0);
            verified.set(0);

            String assertion =
                    auth.registerAnonymous(Caller.unknown()).assertion().value().reveal();
            assertThat(signed).hasValue(1);

            auth.exchange(Caller.unknown(), assertion, null, List.of());
            auth.exchange(Caller.unknown(), assertion, null, List.of());
            assertThat(verified).as("once an assertion").hasValue(1);
        }
    }

    private static AgentAuthBuilder complete() {
        return withoutMailer().mailer(mail -> {});
    }

    private static AgentAuthBuilder withoutMailer() {
        return AgentAuth.builder(ISSUER, RESOURCE)
                .postClaimScopes("a")
                .users(new InMemoryUserDirectory())
                .signingKeys(new TestSigningKeys())
                .withoutRateLimits()
                .purgeByEmbedder();
    }

    private static TrustedProvider agents() {
        return TrustedProvider.of("https://agents.example.net");
    }

    private static org.assertj.core.api.ThrowableAssertAlternative<IllegalArgumentException> assertRefused(
            AgentAuthBuilder builder) {
        return assertThatIllegalArgumentException().isThrownBy(builder::build);
    }
}
