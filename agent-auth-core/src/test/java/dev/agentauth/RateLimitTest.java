package dev.agentauth;

import static dev.agentauth.TestService.ALICE;
import static dev.agentauth.TestService.BOB;
import static dev.agentauth.TestService.CALLER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.spi.AuditEvent;
import dev.agentauth.spi.RateLimit;
import dev.agentauth.spi.ResourceServers;
import dev.agentauth.testkit.MovableClock;
import java.time.Duration;
import java.util.ArrayList;
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
        assertThat(RateLimit.NOTICE_PER_RECIPIENT.perHour()).isEqualTo(5);
        assertThat(RateLimit.MAIL_PER_CLIENT.perHour()).isEqualTo(20);
        assertThat(RateLimit.FAILED_VERIFICATION_PER_CLIENT.perHour()).isEqualTo(60);
        assertThat(RateLimit.FAILED_VERIFICATION_PER_IPV6_SITE.perHour()).isEqualTo(4 * 60);
        assertThat(RateLimit.REFUSED_REFRESH_PER_CLIENT.perHour()).isEqualTo(60);
        assertThat(RateLimit.REFUSED_REFRESH_PER_IPV6_SITE.perHour()).isEqualTo(4 * 60);
        assertThat(RateLimit.REFUSED_INTROSPECTION_PER_CLIENT.perHour()).isEqualTo(60);
        assertThat(RateLimit.REFUSED_INTROSPECTION_PER_IPV6_SITE.perHour()).isEqualTo(4 * 60);
        assertThat(RateLimit.MAIL_TOTAL.perHour()).isEqualTo(100);
        assertThat(RateLimit.ANONYMOUS_PER_IPV6_SITE.perHour()).isEqualTo(4 * RateLimit.ANONYMOUS_PER_CLIENT.perHour());
        assertThat(RateLimit.ASSERTION_PER_IPV6_SITE.perHour()).isEqualTo(4 * RateLimit.ASSERTION_PER_CLIENT.perHour());
        assertThat(RateLimit.MAIL_PER_IPV6_SITE.perHour()).isEqualTo(4 * RateLimit.MAIL_PER_CLIENT.perHour());
    }

    @Test
    void oneClientGetsFiveAnonymousRegistrationsAnHour() {
        for (int i = 0; i < 5; i++) {
            limited.anonymous();
        }
        clock.advance(Duration.ofMinutes(10));

        AgentAuthException refused = Refused.exception(limited::anonymous);
        assertThat(refused.problem()).isEqualTo(Problem.LIMIT_SPENT);
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

        assertThat(Refused.problem(() -> limited.auth.registerAnonymous(at("198.51.100.1"))))
                .isEqualTo(Problem.LIMIT_SPENT);
    }

    @Test
    void clientThatIsOverItsLimitTakesNothingFromEverybody() {
        for (int i = 0; i < 50; i++) {
            try {
                limited.anonymous();
            } catch (AgentAuthException e) {
                assertThat(e.problem()).isEqualTo(Problem.LIMIT_SPENT);
            }
        }

        assertThat(limiter.out(RateLimit.ANONYMOUS_TOTAL)).isEqualTo(5);
    }

    @Test
    void t02_oneIpv6NetworkIsOneClientAndAMappedAddressIsItsIpv4One() {
        for (int i = 0; i < 5; i++) {
            limited.auth.registerAnonymous(at("2001:db8:1:2::" + i));
        }
        assertThat(Refused.problem(() -> limited.auth.registerAnonymous(at("2001:db8:1:2:ffff:ffff:ffff:ffff"))))
                .isEqualTo(Problem.LIMIT_SPENT);
        limited.auth.registerAnonymous(at("2001:db8:1:3::1"));

        for (int i = 0; i < 5; i++) {
            limited.auth.registerAnonymous(at("203.0.113.99"));
        }
        assertThat(Refused.problem(() -> limited.auth.registerAnonymous(at("::ffff:203.0.113.99"))))
                .isEqualTo(Problem.LIMIT_SPENT);
    }

    @Test
    void unknownClientIsCheckedAgainstTheTotalAlone() {
        for (int i = 0; i < 100; i++) {
            limited.auth.registerAnonymous(Caller.unknown());
        }

        assertThat(limiter.out(RateLimit.ANONYMOUS_PER_CLIENT)).isZero();
        assertThat(Refused.problem(() -> limited.auth.registerAnonymous(Caller.unknown())))
                .isEqualTo(Problem.LIMIT_SPENT);
    }

    @Test
    void addressesAndIdJagsShareOneLimitOfSixty() {
        limiter.ignore(RateLimit.MAIL_PER_CLIENT);
        for (int i = 0; i < 30; i++) {
            limited.email("user" + i + "@example.com");
            limited.present("s" + i, "other" + i + "@example.com");
        }

        assertThat(Refused.problem(() -> limited.email(ALICE))).isEqualTo(Problem.LIMIT_SPENT);
        assertThat(Refused.problem(() -> limited.present("s", ALICE))).isEqualTo(Problem.LIMIT_SPENT);
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

        assertThat(Refused.problem(() -> limited.email("alice+new@example.com")))
                .isEqualTo(Problem.LIMIT_SPENT);
        assertThat(Refused.problem(() -> limited.startClaim(one.claim(), ALICE)))
                .isEqualTo(Problem.LIMIT_SPENT);
        assertThat(limited.outbox.mails).hasSize(5);
        limited.email(BOB);
        limited.email("+alice@example.com");
    }

    @Test
    void f18_oneMailboxGetsFiveStepUpMailsHoweverTheUsersOfItAreSpelled() {
        for (int i = 0; i < 6; i++) {
            limited.user("user_" + i, "alice+" + i + "@example.com");
        }
        for (int i = 0; i < 5; i++) {
            limited.presentForStepUp("s" + i, "alice+" + i + "@example.com");
        }

        assertThat(Refused.problem(() -> limited.present("s5", "alice+5@example.com")))
                .isEqualTo(Problem.LIMIT_SPENT);
        assertThat(limited.outbox.mails).hasSize(5);
    }

    @Test
    void t62_strangersCannotSpendWhatTheOwnersStepUpNeeds() {
        limited.user("user_a", ALICE);
        for (int i = 0; i < 5; i++) {
            limited.email(ALICE);
        }
        assertThat(Refused.problem(() -> limited.email(ALICE))).isEqualTo(Problem.LIMIT_SPENT);

        for (int i = 0; i < 5; i++) {
            limited.present("s" + i, ALICE);
        }
        assertThat(Refused.problem(() -> limited.present("s5", ALICE))).isEqualTo(Problem.LIMIT_SPENT);
        assertThat(limited.outbox.mails).hasSize(10);
        assertThat(limited.registrations.findByUser("user_a"))
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

        Refused.problem(() -> limited.startClaim(claimed.claim(), ALICE));
        Refused.problem(() -> limited.startClaim(rejected.claim(), ALICE));
        Refused.problem(() -> limited.auth.startClaim(CALLER, "clm_unknown", ALICE));
        Refused.problem(() -> limited.startClaim(rejected.claim(), "not an address"));
        Refused.problem(() -> limited.email("not an address"));

        assertThat(limiter.out(RateLimit.MAIL_PER_RECIPIENT)).isEqualTo(out);
    }

    @Test
    void spentLimitIsAuditedByItsName() {
        for (int i = 0; i < 6; i++) {
            try {
                limited.anonymous();
            } catch (AgentAuthException e) {
                assertThat(e.problem()).isEqualTo(Problem.LIMIT_SPENT);
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
        limited.auth.registerWithEmail(at("2001:db8::1"), ALICE);
        limited.auth.registerAnonymous(at("2001:db8::1"));
        limited.auth.registerWithIdJag(
                at("2001:db8::1"),
                limited.provider.idJag("s").email("carol@example.com").compact());
        limited.user("user_b", BOB);
        Registered.StepUp asked = limited.presentForStepUp("s2", BOB);
        limited.complete(asked.claim(), limited.reveal());
        assertThat(Refused.problem(() -> limited.auth.refresh(at("2001:db8::1"), "rt_unknown")))
                .isEqualTo(Problem.REFRESH_TOKEN_UNUSABLE);
        assertThat(Refused.problem(() -> limited.auth.introspect(
                        new ResourceServers.Credentials(at("2001:db8::1"), "api", null, List.of()), "at_unknown")))
                .isEqualTo(Problem.RESOURCE_SERVER_UNKNOWN);

        List<AuditEvent> told = new ArrayList<>(limited.audit.of(AuditEvent.Type.RATE_LIMIT_UNAVAILABLE));
        try (TestService signsIn = TestService.start(
                builder -> builder.rateLimiter(limiter).clock(clock).signIn())) {
            signsIn.auth.registerForWhoeverSignsIn(at("2001:db8::1"));
            told.addAll(signsIn.audit.of(AuditEvent.Type.RATE_LIMIT_UNAVAILABLE));
        }

        assertThat(told)
                .extracting(event -> event.fields().get("limit"))
                .contains(List.of(RateLimit.values()).stream()
                        .map(limit -> limit.name().toLowerCase(Locale.ROOT))
                        .toArray(String[]::new));
        assertThat(limited.audit.of(AuditEvent.Type.RATE_LIMIT_EXCEEDED)).isEmpty();
    }

    @Test
    void f18_oneClientCausesTwentyMailsAnHour() {
        for (int i = 0; i < 20; i++) {
            limited.email("user" + i + "@example.com");
        }

        AgentAuthException refused = Refused.exception(() -> limited.email("user20@example.com"));
        assertThat(refused.problem()).isEqualTo(Problem.LIMIT_SPENT);
        assertThat(refused.retryAfter()).contains(Duration.ofHours(1));
        assertThat(limited.outbox.mails).hasSize(20);
        limited.auth.registerWithEmail(at("203.0.113.8"), ALICE);
    }

    @Test
    void f18_oneRegistrationAsksFivePeopleInItsLife() {
        limiter.ignore(RateLimit.MAIL_PER_CLIENT, RateLimit.MAIL_PER_RECIPIENT);
        Registered.Anonymous agent = limited.anonymous();
        for (int i = 0; i < 5; i++) {
            limited.startClaim(agent.claim(), "person" + i + "@example.com");
        }
        clock.advance(Duration.ofHours(2));

        AgentAuthException refused = Refused.exception(() -> limited.startClaim(agent.claim(), "person5@example.com"));
        assertThat(refused.problem()).isEqualTo(Problem.LIMIT_SPENT);
        assertThat(refused.retryAfter()).contains(Duration.ofHours(22));
        assertThat(limited.audit.of(AuditEvent.Type.RATE_LIMIT_EXCEEDED))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.fields()).containsEntry("limit", "mail_recipients_per_registration");
                    assertThat(event.registrationId()).isEqualTo(agent.registrationId());
                });
        limited.startClaim(agent.claim(), "person0@example.com");
        limited.complete(agent.claim(), limited.reveal());
        assertThat(limited.outbox.mails).hasSize(6);
    }

    @Test
    void f18_everybodyTogetherCausesAHundredMailsStepUpsIncluded() {
        limited.user("user_a", ALICE);
        for (int i = 0; i < 99; i++) {
            limited.auth.registerWithEmail(at("198.51.100." + i), "user" + i + "@example.com");
        }
        limited.present("s0", ALICE);

        assertThat(Refused.problem(() -> limited.present("s1", ALICE))).isEqualTo(Problem.LIMIT_SPENT);
        assertThat(Refused.problem(() -> limited.auth.registerWithEmail(at("192.0.2.1"), BOB)))
                .isEqualTo(Problem.LIMIT_SPENT);
        assertThat(limited.outbox.mails).hasSize(100);
    }

    @Test
    void f18_whoIsOverANarrowerMailLimitTakesNothingFromEverybody() {
        for (int i = 0; i < 30; i++) {
            int number = i;
            try {
                limited.auth.registerWithEmail(at("198.51.100." + number), ALICE);
            } catch (AgentAuthException e) {
                assertThat(e.problem()).isEqualTo(Problem.LIMIT_SPENT);
            }
        }

        assertThat(limiter.out(RateLimit.MAIL_TOTAL)).isEqualTo(5);
        assertThat(limiter.out(RateLimit.ASSERTION_TOTAL)).isEqualTo(5);
    }

    @Test
    void f19_garbageOfManyClientsLocksNobodyOut() {
        for (int client = 0; client < 100; client++) {
            for (int i = 0; i < 60; i++) {
                Caller stranger = at("198.51.100." + client);
                Refused.problem(() -> limited.auth.registerWithIdJag(stranger, "a.b.c"));
            }
        }

        assertThat(limiter.out(RateLimit.ASSERTION_TOTAL)).isZero();
        limited.present("s", BOB);
        limited.email(ALICE);
        assertThat(limiter.out(RateLimit.ASSERTION_TOTAL)).isEqualTo(2);
    }

    @Test
    void f19_thousandValidIdJagsOfEverybodyAreTheLimit() {
        for (int i = 0; i < 1000; i++) {
            limited.auth.registerWithIdJag(
                    at("198.51." + i / 250 + "." + i % 250),
                    limited.provider
                            .idJag("s" + i % 10)
                            .email("who" + i % 10 + "@example.com")
                            .compact());
        }

        assertThat(Refused.problem(() -> limited.present("s1", "who1@example.com")))
                .isEqualTo(Problem.LIMIT_SPENT);
    }

    @Test
    void f19_ipv6SiteHasFourTimesTheMeasureOfAClient() {
        for (int i = 0; i < 20; i++) {
            limited.auth.registerAnonymous(at("2001:db8:0:" + i / 5 + "::1"));
        }

        assertThat(Refused.problem(() -> limited.auth.registerAnonymous(at("2001:db8:0:ff::1"))))
                .isEqualTo(Problem.LIMIT_SPENT);
        limited.auth.registerAnonymous(at("2001:db8:0:100::1"));
    }

    @Test
    void f27_noticesToOnePersonAreLimitedAndWhatTheyAreAboutIsDone() {
        limited.user("user_a", ALICE);
        limiter.ignore(RateLimit.MAIL_PER_RECIPIENT, RateLimit.STEP_UP_MAIL_PER_RECIPIENT);
        for (int i = 0; i < 7; i++) {
            Registered.StepUp asked = limited.presentForStepUp("s" + i, ALICE);
            limited.complete(asked.claim(), limited.reveal());
        }

        assertThat(limited.outbox.notices).hasSize(5);
        assertThat(limited.registrations.findByUser("user_a")).hasSize(7);
        assertThat(limited.audit.of(AuditEvent.Type.RATE_LIMIT_EXCEEDED))
                .extracting(event -> event.fields().get("limit"))
                .containsExactly("notice_per_recipient", "notice_per_recipient");
    }

    private static Caller at(String address) {
        return Caller.at(TestService.address(address));
    }
}
