package dev.agentauth;

import static dev.agentauth.TestService.ALICE;
import static dev.agentauth.TestService.BOB;
import static dev.agentauth.TestService.CALLER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.spi.AuditEvent;
import dev.agentauth.spi.RateLimit;
import dev.agentauth.testkit.MovableClock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** PROTOCOL A11: the limits of the identity surface. */
class RateLimitTest {
    private final MovableClock clock = MovableClock.at(TestService.START);
    private final HourlyLimiter limiter = new HourlyLimiter(clock);
    private final TestService limited =
            TestService.start(builder -> builder.rateLimiter(limiter).clock(clock));

    @AfterEach
    void close() {
        limited.close();
    }

    @Test
    void figuresAreTheProtocols() {
        assertThat(RateLimit.ANONYMOUS_PER_CLIENT.perHour()).isEqualTo(5);
        assertThat(RateLimit.ANONYMOUS_TOTAL.perHour()).isEqualTo(100);
        assertThat(RateLimit.ASSERTION_PER_CLIENT.perHour()).isEqualTo(60);
        assertThat(RateLimit.ASSERTION_TOTAL.perHour()).isEqualTo(1000);
        assertThat(RateLimit.MAIL_PER_RECIPIENT.perHour()).isEqualTo(5);
        assertThat(RateLimit.STEP_UP_MAIL_PER_RECIPIENT.perHour()).isEqualTo(5);
    }

    @Test
    void oneClientGetsFiveAnonymousRegistrationsAnHour() {
        for (int i = 0; i < 5; i++) {
            limited.anonymous();
        }
        clock.advance(Duration.ofMinutes(10));

        AgentAuthException refused = Refused.exception(limited::anonymous);
        assertThat(refused.code()).isEqualTo(ErrorCode.RATE_LIMITED);
        assertThat(refused.retryAfter()).contains(Duration.ofMinutes(50));
        limited.auth.registerAnonymous(at("203.0.113.8"));

        clock.advance(Duration.ofMinutes(50));
        limited.anonymous();
    }

    @Test
    void everybodyTogetherGetsAHundred() {
        for (int i = 0; i < 100; i++) {
            limited.auth.registerAnonymous(at("203.0.113." + i / 5));
        }

        assertThat(Refused.code(() -> limited.auth.registerAnonymous(at("198.51.100.1"))))
                .isEqualTo(ErrorCode.RATE_LIMITED);
    }

    @Test
    void clientThatIsOverItsLimitTakesNothingFromEverybody() {
        for (int i = 0; i < 50; i++) {
            try {
                limited.anonymous();
            } catch (AgentAuthException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.RATE_LIMITED);
            }
        }

        assertThat(limiter.out(RateLimit.ANONYMOUS_TOTAL)).isEqualTo(5);
    }

    @Test
    void t02_oneIpv6NetworkIsOneClientAndAMappedAddressIsItsIpv4One() {
        for (int i = 0; i < 5; i++) {
            limited.auth.registerAnonymous(at("2001:db8:1:2::" + i));
        }
        assertThat(Refused.code(() -> limited.auth.registerAnonymous(at("2001:db8:1:2:ffff:ffff:ffff:ffff"))))
                .isEqualTo(ErrorCode.RATE_LIMITED);
        limited.auth.registerAnonymous(at("2001:db8:1:3::1"));

        for (int i = 0; i < 5; i++) {
            limited.auth.registerAnonymous(at("203.0.113.99"));
        }
        assertThat(Refused.code(() -> limited.auth.registerAnonymous(at("::ffff:203.0.113.99"))))
                .isEqualTo(ErrorCode.RATE_LIMITED);
    }

    @Test
    void unknownClientIsCheckedAgainstTheTotalAlone() {
        for (int i = 0; i < 100; i++) {
            limited.auth.registerAnonymous(Caller.unknown());
        }

        assertThat(limiter.out(RateLimit.ANONYMOUS_PER_CLIENT)).isZero();
        assertThat(Refused.code(() -> limited.auth.registerAnonymous(Caller.unknown())))
                .isEqualTo(ErrorCode.RATE_LIMITED);
    }

    @Test
    void addressesAndIdJagsShareOneLimitOfSixty() {
        for (int i = 0; i < 30; i++) {
            limited.email("user" + i + "@example.com");
            limited.present("s" + i, "other" + i + "@example.com");
        }

        assertThat(Refused.code(() -> limited.email(ALICE))).isEqualTo(ErrorCode.RATE_LIMITED);
        assertThat(Refused.code(() -> limited.present("s", ALICE))).isEqualTo(ErrorCode.RATE_LIMITED);
        limited.anonymous();
        limited.auth.registerWithEmail(at("203.0.113.8"), ALICE);
    }

    @Test
    void t03_oneMailboxGetsFiveMailsHoweverItIsSpelledAndWhoeverAsks() {
        limited.email("Alice@example.com");
        limited.email("alice+1@example.com");
        limited.auth.registerWithEmail(at("198.51.100.1"), "ALICE+two+three@EXAMPLE.com");
        Registered.Anonymous one = limited.anonymous();
        limited.startClaim(one.claim(), "alice+x@example.com");
        Registered.Anonymous two = limited.anonymous();
        limited.startClaim(two.claim(), "alice@Example.com");

        assertThat(Refused.code(() -> limited.email("alice+new@example.com"))).isEqualTo(ErrorCode.RATE_LIMITED);
        assertThat(Refused.code(() -> limited.startClaim(one.claim(), ALICE))).isEqualTo(ErrorCode.RATE_LIMITED);
        assertThat(limited.outbox.mails).hasSize(5);
        limited.email(BOB);
        limited.email("+alice@example.com");
    }

    @Test
    void t62_strangersCannotSpendWhatTheOwnersStepUpNeeds() {
        limited.user("user_a", ALICE);
        for (int i = 0; i < 5; i++) {
            limited.email(ALICE);
        }
        assertThat(Refused.code(() -> limited.email(ALICE))).isEqualTo(ErrorCode.RATE_LIMITED);

        for (int i = 0; i < 5; i++) {
            limited.present("s" + i, ALICE);
        }
        assertThat(Refused.code(() -> limited.present("s5", ALICE))).isEqualTo(ErrorCode.RATE_LIMITED);
        assertThat(limited.outbox.mails).hasSize(10);
        assertThat(limited.auth.registrationsOf("user_a"))
                .as("the refused one made nothing")
                .hasSize(5);
    }

    @Test
    void t62_repeatingARequestWhoseMailIsOutCostsNothing() {
        Registered.Anonymous agent = limited.anonymous();
        for (int i = 0; i < 20; i++) {
            limited.startClaim(agent.claim(), ALICE);
        }
        limited.user("user_b", BOB);
        for (int i = 0; i < 20; i++) {
            limited.present("s", BOB);
        }

        assertThat(limiter.out(RateLimit.MAIL_PER_RECIPIENT)).isEqualTo(1);
        assertThat(limiter.out(RateLimit.STEP_UP_MAIL_PER_RECIPIENT)).isEqualTo(1);
        assertThat(limited.outbox.mails).hasSize(2);
    }

    @Test
    void refusedRequestsTakeNoMailPermit() {
        Registered.Anonymous claimed = limited.claimedAnonymous(ALICE);
        Registered.Anonymous rejected = limited.anonymous();
        limited.startClaim(rejected.claim(), ALICE);
        limited.reject();
        int out = limiter.out(RateLimit.MAIL_PER_RECIPIENT);

        Refused.code(() -> limited.startClaim(claimed.claim(), ALICE));
        Refused.code(() -> limited.startClaim(rejected.claim(), ALICE));
        Refused.code(() -> limited.auth.startClaim(CALLER, "clm_unknown", ALICE));
        Refused.code(() -> limited.startClaim(rejected.claim(), "not an address"));
        Refused.code(() -> limited.email("not an address"));

        assertThat(limiter.out(RateLimit.MAIL_PER_RECIPIENT)).isEqualTo(out);
    }

    @Test
    void spentLimitIsAuditedByItsName() {
        for (int i = 0; i < 6; i++) {
            try {
                limited.anonymous();
            } catch (AgentAuthException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.RATE_LIMITED);
            }
        }

        assertThat(limited.audit.of(AuditEvent.Type.RATE_LIMIT_EXCEEDED))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.fields()).containsEntry("limit", "anonymous_per_client");
                    assertThat(event.clientAddress()).isEqualTo("203.0.113.7");
                });
    }

    @Test
    void limiterThatIsDownLetsEverybodyThroughAndIsAudited() {
        limiter.isDown = true;

        for (int i = 0; i < 10; i++) {
            limited.anonymous();
        }
        limited.email(ALICE);
        limited.user("user_b", BOB);
        limited.present("s", BOB);

        assertThat(limited.audit.of(AuditEvent.Type.RATE_LIMIT_UNAVAILABLE))
                .extracting(event -> event.fields().get("limit"))
                .contains(List.of(RateLimit.values()).stream()
                        .map(limit -> limit.name().toLowerCase(Locale.ROOT))
                        .toArray(String[]::new));
        assertThat(limited.audit.of(AuditEvent.Type.RATE_LIMIT_EXCEEDED)).isEmpty();
    }

    private static Caller at(String address) {
        return Caller.at(TestService.address(address));
    }
}
