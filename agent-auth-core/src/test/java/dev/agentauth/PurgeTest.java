package dev.agentauth;

import static dev.agentauth.TestService.ALICE;
import static dev.agentauth.TestService.BOB;
import static dev.agentauth.TestService.CALLER;
import static dev.agentauth.TestService.START;
import static dev.agentauth.TestService.TICK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.config.Lifetimes;
import dev.agentauth.memory.InMemoryRegistrationStore;
import dev.agentauth.registration.Registration;
import dev.agentauth.spi.AuditEvent;
import dev.agentauth.spi.PortUnavailableException;
import dev.agentauth.testkit.DelegatingRegistrationStore;
import dev.agentauth.testkit.TestRegistrations;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is removed, when, and by whom. */
class PurgeTest {
    private static final Duration DAY = Duration.ofDays(1);

    private TestService service = TestService.start();

    @AfterEach
    void close() {
        service.close();
    }

    @Test
    void expiredRegistrationStaysOneFurtherLifetimeSoThatItsClaimTokenAnswers() {
        Registered.Anonymous agent = service.anonymous();
        service.clock.moveTo(START.plus(DAY).plus(DAY).minus(TICK));

        assertThat(service.auth.purge().registrations()).isZero();
        assertThat(Refused.problem(() -> service.startClaim(agent.claim(), ALICE)))
                .isEqualTo(Problem.CLAIM_LAPSED);
        assertThat(Refused.problem(() -> service.complete(agent.claim(), "123456")))
                .isEqualTo(Problem.CLAIM_LAPSED);

        service.clock.advance(TICK);
        assertThat(service.auth.purge().registrations()).isEqualTo(1);
        assertThat(Refused.problem(() -> service.startClaim(agent.claim(), ALICE)))
                .isEqualTo(Problem.CLAIM_TOKEN_UNKNOWN);
    }

    @Test
    void expiryIsAuditedExactlyOnceThoughTwoReplicasPurge() {
        try (TestService replica = TestService.start(
                builder -> builder.stores(service.stores).audit(service.audit).clock(service.clock))) {
            Registered.Anonymous agent = service.anonymous();
            service.clock.moveTo(START.plus(DAY).plus(DAY));
            service.auth.purge();
            replica.auth.purge();
            service.auth.purge();

            assertThat(service.audit.of(AuditEvent.Type.REGISTRATION_EXPIRED))
                    .singleElement()
                    .satisfies(event -> {
                        assertThat(event.registrationId()).isEqualTo(agent.registrationId());
                        assertThat(event.time()).isEqualTo(START.plus(DAY).plus(DAY));
                        assertThat(event.clientAddress()).isNull();
                        assertThat(event.fields()).containsEntry("kind", "anonymous");
                    });
        }
    }

    @Test
    void claimedRegistrationStaysForItsRetentionAfterItsLastAssertionAndToken() {
        restart(TestService.start(
                builder -> builder.lifetimes(Lifetimes.standard().withRetention(DAY))));
        Registered.Anonymous claimed = service.claimedAnonymous(ALICE);
        Registered.Provider presented = service.presentCleanly("s", BOB);
        Duration unused = DAY.plus(Duration.ofHours(2));
        service.clock.advance(Duration.ofHours(5));
        service.presentCleanly("s", BOB);

        service.clock.moveTo(START.plus(unused).minus(TICK));
        assertThat(service.auth.purge().registrations()).isZero();
        service.clock.advance(TICK);
        assertThat(service.auth.purge().registrations()).isEqualTo(1);
        assertThat(service.registrations.findById(claimed.registrationId())).isEmpty();

        service.clock.moveTo(START.plus(Duration.ofHours(5)).plus(unused).minus(TICK));
        assertThat(service.auth.purge().registrations()).isZero();
        assertThat(service.registrations.findById(presented.registrationId())).isPresent();
        service.clock.advance(TICK);
        assertThat(service.auth.purge().registrations()).isEqualTo(1);
        assertThat(service.audit.of(AuditEvent.Type.REGISTRATION_EXPIRED)).isEmpty();
    }

    @Test
    void nothingIsPurgedThatATokenCouldStillBeGoodFor() {
        restart(TestService.start(
                builder -> builder.lifetimes(Lifetimes.standard().withRetention(Duration.ofSeconds(1)))));
        Registered.Provider agent = service.presentCleanly("s", ALICE);
        service.clock.moveTo(agent.assertion().expiresAt().minus(TICK));
        IssuedToken token = service.exchange(agent.assertion());
        service.clock.advance(Duration.ofHours(1).minus(TICK));

        service.auth.purge();

        assertThat(service.scopesOf(token)).hasSize(3);
    }

    @Test
    void revokedRegistrationStaysForItsRetention() {
        Registered.Email agent = service.email(ALICE);
        service.clock.advance(Duration.ofMinutes(1));
        service.reject();
        Duration kept = Duration.ofDays(90);
        service.clock.moveTo(START.plus(Duration.ofMinutes(1)).plus(kept).minus(TICK));
        service.auth.purge();
        assertThat(Refused.problem(() -> service.complete(agent.claim(), "123456")))
                .isEqualTo(Problem.SAID_NO);

        service.clock.advance(Duration.ofHours(2).plus(TICK));
        assertThat(service.auth.purge().registrations()).isEqualTo(1);
        assertThat(service.audit.of(AuditEvent.Type.REGISTRATION_EXPIRED)).isEmpty();
    }

    @Test
    void identityWhoseRevokedRegistrationWasPurgedIsConfirmedByItsPerson() {
        service.presentCleanly("s", ALICE);
        service.auth.logout(CALLER, service.provider.logout("s").compact());
        service.clock.advance(Duration.ofDays(91));
        assertThat(service.auth.purge().registrations()).isEqualTo(1);

        assertThat(service.present("s", ALICE)).isInstanceOf(Registered.StepUp.class);
    }

    @Test
    void identityWhoseUnusedRegistrationWasPurgedIsConfirmedByItsPerson() {
        service.presentCleanly("s", ALICE);
        service.clock.advance(Duration.ofDays(91));
        assertThat(service.auth.purge().registrations()).isEqualTo(1);

        assertThat(service.present("s", ALICE)).isInstanceOf(Registered.StepUp.class);
    }

    @Test
    void reportCountsWhatWentFromEachStore() {
        service.anonymous();
        Registered.Provider agent = service.presentCleanly("s", ALICE);
        service.exchange(agent.assertion());
        service.exchange(agent.assertion());
        service.auth.logout(CALLER, service.provider.logout("s").compact());
        service.clock.moveTo(START.plus(DAY).plus(DAY));

        assertThat(service.auth.purge()).isEqualTo(new PurgeReport(1, 2, 2, 1));
        assertThat(service.auth.purge()).isEqualTo(new PurgeReport(0, 0, 0, 0));
    }

    @Test
    void moreThanOneBatchGoesAtOnce() {
        for (int i = 0; i < 1234; i++) {
            service.registrations.insert(TestRegistrations.anonymous("reg_" + i), START);
        }
        service.clock.moveTo(START.plus(DAY).plus(DAY));

        assertThat(service.auth.purge().registrations()).isEqualTo(1234);
        assertThat(service.audit.of(AuditEvent.Type.REGISTRATION_EXPIRED)).hasSize(1234);
    }

    @Test
    void spentIdJagStaysSpentForAsLongAsItCouldBePresented() {
        String idJag = service.provider.idJag("s").email(ALICE).compact();
        service.auth.registerWithIdJag(CALLER, idJag);
        service.clock.advance(Duration.ofMinutes(6).minus(TICK));
        service.auth.purge();

        assertThat(Refused.problem(() -> service.auth.registerWithIdJag(CALLER, idJag)))
                .isEqualTo(Problem.REPLAYED);
        service.clock.advance(TICK);
        service.auth.purge();
        assertThat(Refused.problem(() -> service.auth.registerWithIdJag(CALLER, idJag)))
                .isEqualTo(Problem.JWT_EXPIRED);
    }

    @Test
    void purgeRunsByItselfOnADaemonThreadThatSurvivesAFailureAndEndsOnClose() throws InterruptedException {
        CountDownLatch runs = new CountDownLatch(3);
        AtomicReference<Thread> thread = new AtomicReference<>();
        InMemoryRegistrationStore kept = new InMemoryRegistrationStore();
        try (LogRecords logs = LogRecords.capture()) {
            TestService purging = TestService.start(builder -> builder.purgeEvery(Duration.ofMillis(5))
                    .stores(TestService.storesWith(new DelegatingRegistrationStore(kept) {
                        @Override
                        public List<Registration> purge(Instant unclaimedBefore, Instant settledBefore, int limit) {
                            thread.set(Thread.currentThread());
                            runs.countDown();
                            throw new PortUnavailableException("down");
                        }
                    })));
            try {
                assertThat(runs.await(30, TimeUnit.SECONDS)).isTrue();
                assertThat(thread.get().isDaemon()).isTrue();
                assertThat(thread.get()).isNotSameAs(Thread.currentThread());
            } finally {
                purging.close();
            }
            thread.get().join(30_000);
            assertThat(thread.get().isAlive()).isFalse();
            assertThat(logs.text()).contains("the purge failed");
        }
    }

    @Test
    void purgeByTheEmbedderStartsNoThread() {
        long before = purgeThreads();

        try (TestService quiet = TestService.start()) {
            quiet.anonymous();
            assertThat(purgeThreads()).isEqualTo(before);
        }
    }

    private static long purgeThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("agent-auth-purge"))
                .count();
    }

    private void restart(TestService other) {
        service.close();
        service = other;
    }
}
