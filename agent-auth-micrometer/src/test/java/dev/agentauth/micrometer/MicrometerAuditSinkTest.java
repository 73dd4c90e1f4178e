package dev.agentauth.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentauth.AgentAuth;
import dev.agentauth.AgentAuthBuilder;
import dev.agentauth.AgentAuthException;
import dev.agentauth.Caller;
import dev.agentauth.ClaimHandle;
import dev.agentauth.IssuedAssertion;
import dev.agentauth.IssuedToken;
import dev.agentauth.Registered;
import dev.agentauth.config.Lifetimes;
import dev.agentauth.memory.InMemoryUserDirectory;
import dev.agentauth.spi.AuditEvent;
import dev.agentauth.spi.ClaimMail;
import dev.agentauth.spi.PortUnavailableException;
import dev.agentauth.spi.RateLimit;
import dev.agentauth.spi.RateLimiter;
import dev.agentauth.testkit.FakeProvider;
import dev.agentauth.testkit.MovableClock;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The sink behind a real service, with a clock that is moved. */
class MicrometerAuditSinkTest {
    private static final String ISSUER = "https://service.example";
    private static final Instant START = Instant.parse("2026-05-04T13:00:00Z");
    private static final Caller CALLER = Caller.unknown();

    private final MovableClock clock = MovableClock.at(START);
    private final FakeProvider provider = FakeProvider.start(clock);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final MicrometerAuditSink sink = new MicrometerAuditSink(meters, List.of(provider.issuer()));
    private final List<ClaimMail> mails = new ArrayList<>();
    private final AgentAuth auth = builder().withoutRateLimits().build();

    @AfterEach
    void stop() {
        auth.close();
        provider.close();
    }

    @Test
    void anonymousRegistrationThatIsClaimedIsCountedAndTimed() {
        Registered.Anonymous registered = auth.registerAnonymous(CALLER);
        clock.advance(Duration.ofSeconds(2));
        IssuedToken token = exchange(registered.assertion());
        exchange(registered.assertion());
        auth.startClaim(CALLER, claimToken(registered.claim()), "anna@example.com");
        clock.advance(Duration.ofSeconds(90));
        complete(registered.claim());
        auth.revokeToken(CALLER, token.value().reveal());

        assertThat(count("registrations", "kind", "anonymous", "outcome", "created"))
                .isEqualTo(1);
        assertThat(count("assertions", "provider", "none")).isEqualTo(1);
        assertThat(count("exchanges", "provider", "none")).isEqualTo(2);
        assertThat(count("claims", "outcome", "started")).isEqualTo(1);
        assertThat(count("claims", "outcome", "code_shown")).isEqualTo(1);
        assertThat(count("claims", "outcome", "completed")).isEqualTo(1);
        assertThat(count("revocations", "of", "token", "cause", "agent")).isEqualTo(1);
        assertTimed("first.token.time", 2, "kind", "anonymous");
        assertTimed("claim.time", 90, "outcome", "completed");
    }

    @Test
    void claimIsTimedFromItsFirstMail() {
        Registered.Anonymous registered = auth.registerAnonymous(CALLER);
        auth.startClaim(CALLER, claimToken(registered.claim()), "anna@example.com");
        clock.advance(Duration.ofSeconds(30));
        auth.startClaim(CALLER, claimToken(registered.claim()), "bert@example.com");
        clock.advance(Duration.ofSeconds(30));
        complete(registered.claim());

        assertThat(count("claims", "outcome", "started")).isEqualTo(2);
        assertTimed("claim.time", 60, "outcome", "completed");
    }

    @Test
    void personWhoSaysNoEndsAnEmailRegistration() {
        auth.registerWithEmail(CALLER, "anna@example.com");
        clock.advance(Duration.ofSeconds(5));
        auth.rejectClaim(CALLER, attemptToken());

        assertThat(count("claims", "outcome", "rejected")).isEqualTo(1);
        assertThat(count("registrations", "kind", "email", "outcome", "revoked"))
                .isEqualTo(1);
        assertThat(count("revocations", "of", "registration", "cause", "person"))
                .isEqualTo(1);
        assertTimed("claim.time", 5, "outcome", "rejected");
    }

    @Test
    void twentiethWrongCodeEndsAnEmailRegistration() {
        Registered.Email registered = auth.registerWithEmail(CALLER, "anna@example.com");
        for (int i = 0; i < 20; i++) {
            String code = auth.revealCode(CALLER, attemptToken()).code().reveal();
            wrongCode(registered.claim(), code);
        }

        assertThat(count("claims", "outcome", "wrong_code")).isEqualTo(20);
        assertThat(count("revocations", "of", "registration", "cause", "guesses"))
                .isEqualTo(1);
    }

    @Test
    void operatorWhoRevokesAfterAWrongCodeIsNotTakenForTheGuesses() {
        Registered.Email registered = auth.registerWithEmail(CALLER, "anna@example.com");
        wrongCode(
                registered.claim(),
                auth.revealCode(CALLER, attemptToken()).code().reveal());
        clock.advance(Duration.ofSeconds(1));

        assertThat(auth.revokeRegistration(registered.registrationId())).isTrue();

        assertThat(count("revocations", "of", "registration", "cause", "operator"))
                .isEqualTo(1);
        assertThat(meters.find("agent.auth.revocations").counters()).hasSize(1);
    }

    @Test
    void operatorWhoRevokesEverythingIsCountedByRegistration() {
        auth.registerAnonymous(CALLER);
        auth.registerAnonymous(CALLER);

        assertThat(auth.revokeAllRegistrations()).isEqualTo(2);

        assertThat(count("revocations", "of", "registration", "cause", "everything"))
                .isEqualTo(2);
        assertThat(count("registrations", "kind", "unknown", "outcome", "revoked"))
                .isEqualTo(2);
    }

    @Test
    void providerIsNamedWhereItIsTrusted() {
        Registered.Provider registered = (Registered.Provider) auth.registerWithIdJag(CALLER, idJag());
        exchange(registered.assertion());
        String used = idJag();
        auth.registerWithIdJag(CALLER, used);
        assertThatThrownBy(() -> auth.registerWithIdJag(CALLER, used)).isInstanceOf(AgentAuthException.class);
        auth.logout(CALLER, provider.logout(ISSUER, "sub_1").compact());

        String issuer = provider.issuer();
        assertThat(count("registrations", "kind", "provider", "outcome", "created"))
                .isEqualTo(1);
        assertThat(count("assertions", "provider", issuer)).isEqualTo(2);
        assertThat(count("exchanges", "provider", issuer)).isEqualTo(1);
        assertThat(count("rejections", "problem", "replayed", "provider", issuer))
                .isEqualTo(1);
        assertThat(count("registrations", "kind", "provider", "outcome", "revoked"))
                .isEqualTo(1);
        assertThat(count("revocations", "of", "registration", "cause", "provider"))
                .isEqualTo(1);
    }

    @Test
    void providerThatNobodyTrustsIsNotNamed() {
        try (FakeProvider stranger = FakeProvider.start(clock)) {
            String idJag = stranger.idJag(ISSUER).compact();

            assertThatThrownBy(() -> auth.registerWithIdJag(CALLER, idJag)).isInstanceOf(AgentAuthException.class);
        }

        assertThat(count("rejections", "problem", "issuer_untrusted", "provider", "none"))
                .isEqualTo(1);
    }

    @Test
    void registrationThatNobodyClaimsExpiresWithItsClaimIfOneWasStarted() {
        auth.registerAnonymous(CALLER);
        auth.registerWithEmail(CALLER, "anna@example.com");
        clock.advance(Lifetimes.standard().registration().multipliedBy(2).plusSeconds(1));
        auth.purge();

        assertThat(count("registrations", "kind", "anonymous", "outcome", "expired"))
                .isEqualTo(1);
        assertThat(count("registrations", "kind", "email", "outcome", "expired"))
                .isEqualTo(1);
        assertThat(count("claims", "outcome", "expired")).isEqualTo(1);
    }

    @Test
    void limitsThatAreSpentOrCannotBeCheckedAreCounted() {
        try (AgentAuth limited = builder().rateLimiter(new SpentAndDown()).build()) {
            assertThatThrownBy(() -> limited.registerAnonymous(CALLER)).isInstanceOf(AgentAuthException.class);
            limited.registerWithEmail(CALLER, "anna@example.com");
        }

        assertThat(count("rejections", "problem", "limit_spent", "provider", "none"))
                .isEqualTo(1);
        assertThat(count("limits", "limit", "anonymous_total", "outcome", "exceeded"))
                .isEqualTo(1);
        assertThat(count("limits", "limit", "assertion_total", "outcome", "unavailable"))
                .isEqualTo(1);
    }

    @Test
    void registrationThatIsNotRememberedIsCountedAsUnknownAndNotTimed() {
        Registered.Anonymous oldest = auth.registerAnonymous(CALLER);
        for (int i = 0; i < Histories.MAX; i++) {
            record(AuditEvent.Type.REGISTRATION_CREATED, "reg_" + i, Map.of("kind", "anonymous"));
        }
        exchange(oldest.assertion());
        auth.revokeRegistration(oldest.registrationId());

        assertThat(meters.find("agent.auth.first.token.time").timer()).isNull();
        assertThat(count("registrations", "kind", "unknown", "outcome", "revoked"))
                .isEqualTo(1);
    }

    @Test
    void exchangesOfUnknownRegistrationsPushNoneOut() {
        Registered.Anonymous registered = auth.registerAnonymous(CALLER);
        for (int i = 0; i < Histories.MAX; i++) {
            record(AuditEvent.Type.TOKEN_ISSUED, "reg_" + i, Map.of());
        }
        exchange(registered.assertion());

        assertTimed("first.token.time", 0, "kind", "anonymous");
    }

    @ParameterizedTest
    @EnumSource
    void everyEventIsCounted(AuditEvent.Type type) {
        record(type, "reg_1", Map.of());

        assertThat(meters.getMeters()).isNotEmpty();
        assertThat(meters.getMeters())
                .allSatisfy(
                        meter -> assertThat(meter.measure().iterator().next().getValue())
                                .as("%s", meter.getId())
                                .isEqualTo(1));
    }

    @Test
    void whateverFieldsSayTagsStayTheSameFew() {
        for (int i = 0; i < 100; i++) {
            Map<String, String> fields = Map.of(
                    "iss",
                    "https://p" + i,
                    "problem",
                    "e" + i,
                    "kind",
                    "t" + i,
                    "limit",
                    "l" + i,
                    "reason",
                    "r" + i,
                    "count",
                    "x");
            for (AuditEvent.Type type : AuditEvent.Type.values()) {
                record(type, "reg_" + i, fields);
                record(type, null, fields);
            }
        }

        Set<String> values = meters.getMeters().stream()
                .flatMap(meter -> meter.getId().getTags().stream())
                .map(Tag::getValue)
                .collect(Collectors.toSet());
        assertThat(values)
                .isSubsetOf(
                        "none",
                        "other",
                        "unknown",
                        "created",
                        "expired",
                        "revoked",
                        "started",
                        "code_shown",
                        "wrong_code",
                        "completed",
                        "rejected",
                        "registration",
                        "token",
                        "agent",
                        "everything",
                        "exceeded",
                        "unavailable",
                        "limit_spent",
                        "resource_server_unknown",
                        "used",
                        "reused");
        assertThat(meters.getMeters()).extracting(Meter::getId).hasSizeLessThan(40);
    }

    private AgentAuthBuilder builder() {
        return AgentAuth.builder(ISSUER, ISSUER + "/api/")
                .preClaimScopes("api.read")
                .postClaimScopes("api.read", "api.write")
                .users(new InMemoryUserDirectory())
                .mailer(mails::add)
                .trust(provider.trusted())
                .audit(sink)
                .clock(clock)
                .purgeByEmbedder();
    }

    private IssuedToken exchange(IssuedAssertion assertion) {
        return auth.exchange(CALLER, assertion.value().reveal(), null, List.of());
    }

    private void complete(ClaimHandle claim) {
        String code = auth.revealCode(CALLER, attemptToken()).code().reveal();
        auth.completeClaim(CALLER, claimToken(claim), code);
    }

    private void wrongCode(ClaimHandle claim, String code) {
        String wrong = code.equals("000000") ? "000001" : "000000";
        assertThatThrownBy(() -> auth.completeClaim(CALLER, claimToken(claim), wrong))
                .isInstanceOf(AgentAuthException.class);
    }

    private static String claimToken(ClaimHandle claim) {
        return claim.token().reveal();
    }

    /** From the link in the newest mail. */
    private String attemptToken() {
        String link = mails.get(mails.size() - 1).link();
        return link.substring(link.indexOf('=') + 1);
    }

    private String idJag() {
        return provider.idJag(ISSUER).subject("sub_1").email("gina@example.com").compact();
    }

    private void record(AuditEvent.Type type, String registrationId, Map<String, String> fields) {
        sink.record(new AuditEvent("evt_1", START, type, null, registrationId, fields));
    }

    private double count(String name, String... tags) {
        return meters.get("agent.auth." + name).tags(tags).counter().count();
    }

    private void assertTimed(String name, double seconds, String... tags) {
        Timer timer = meters.get("agent.auth." + name).tags(tags).timer();
        assertThat(timer.count()).isEqualTo(1);
        assertThat(timer.totalTime(TimeUnit.SECONDS)).isEqualTo(seconds);
    }

    /** One limit is spent, and no other can be checked. */
    private static final class SpentAndDown implements RateLimiter {
        @Override
        public Optional<Duration> tryAcquire(RateLimit limit, String key) {
            if (limit == RateLimit.ANONYMOUS_TOTAL) {
                return Optional.of(Duration.ofSeconds(1));
            }
            throw new PortUnavailableException("down");
        }

        @Override
        public Optional<Duration> check(RateLimit limit, String key) {
            return tryAcquire(limit, key);
        }
    }
}
