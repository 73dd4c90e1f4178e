package dev.agentauth;

import static dev.agentauth.TestService.ALICE;
import static dev.agentauth.TestService.BOB;
import static dev.agentauth.TestService.CALLER;
import static dev.agentauth.TestService.START;
import static dev.agentauth.TestService.TICK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.memory.InMemoryLogoutMarks;
import dev.agentauth.memory.InMemoryRegistrationStore;
import dev.agentauth.memory.InMemoryReplayStore;
import dev.agentauth.memory.InMemoryStores;
import dev.agentauth.registration.ProviderIdentity;
import dev.agentauth.registration.ProviderLink;
import dev.agentauth.registration.Registration;
import dev.agentauth.registration.RegistrationStatus;
import dev.agentauth.spi.JwtKind;
import dev.agentauth.spi.LogoutMarks;
import dev.agentauth.spi.MixedStores;
import dev.agentauth.spi.RegistrationStore;
import dev.agentauth.spi.ReplayStore;
import dev.agentauth.testkit.DelegatingRegistrationStore;
import dev.agentauth.testkit.ProviderJwt;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** PROTOCOL A7: the provider says that it is over. */
class LogoutTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private TestService service = TestService.start();

    @AfterEach
    void close() {
        service.close();
    }

    @Test
    void logoutEndsWhatWasVouchedForUntilThen() {
        Registered.Provider agent = service.presentCleanly("s", ALICE);
        IssuedToken token = service.exchange(agent.assertion());
        service.clock.advance(SECOND);

        logout(service.provider.logout("s"));

        assertThat(service.scopesOf(token)).isNull();
        assertThat(Refused.problem(() -> service.exchange(agent.assertion()))).isEqualTo(Problem.ASSERTION_UNUSABLE);
        assertThat(service.stored(agent.registrationId()).status(START)).isEqualTo(RegistrationStatus.REVOKED);
        service.clock.advance(SECOND);
        assertThat(service.present("s", ALICE))
                .as("the link between provider and user is gone")
                .isInstanceOf(Registered.StepUp.class);
    }

    @Test
    void bothEventsEndIt() {
        for (String event : List.of(
                "https://schemas.workos.com/events/agent/auth/identity/assertion/revoked",
                "http://schemas.openid.net/event/backchannel-logout")) {
            Registered.Provider agent = service.presentCleanly(event, event.length() + "@example.com");

            logout(service.provider.logout(event).claim("events", Map.of(event, Map.of())));

            assertThat(service.stored(agent.registrationId()).revokedAt()).isNotNull();
        }
    }

    @Test
    void presentedBeforeAndAfterLivesOnWithWhatItHeldDead() {
        Registered.Provider first = service.presentCleanly("s", ALICE);
        IssuedToken token = service.exchange(first.assertion());
        Instant between = service.clock.advance(SECOND);
        service.clock.advance(SECOND);
        Registered.Provider second = service.presentCleanly("s", ALICE);

        logout(service.provider.logout("s").issuedAt(between));

        assertThat(service.scopesOf(token)).isNull();
        assertThat(Refused.problem(() -> service.exchange(first.assertion()))).isEqualTo(Problem.ASSERTION_UNUSABLE);
        assertThat(Refused.problem(() -> service.exchange(second.assertion()))).isEqualTo(Problem.ASSERTION_UNUSABLE);
        Registered.Provider again = service.presentCleanly("s", ALICE);
        assertThat(again.registrationId()).isEqualTo(first.registrationId());
        assertThat(service.exchange(again.assertion()).scopes()).hasSize(3);
    }

    @Test
    void lateOrRepeatedLogoutDoesNotHurtWhatCameAfterIt() {
        service.presentCleanly("s", ALICE);
        Instant out = service.clock.advance(SECOND);
        String logout = service.provider.logout("s").issuedAt(out).compact();
        service.auth.logout(CALLER, logout);
        service.clock.advance(SECOND);
        service.user("user_b", BOB);
        Registered.StepUp asked =
                (Registered.StepUp) service.present(service.provider.idJag("s").email(BOB));
        IssuedAssertion after =
                service.complete(asked.claim(), service.reveal()).assertion().orElseThrow();
        IssuedToken token = service.exchange(after);

        service.auth.logout(CALLER, logout);
        logout(service.provider.logout("s").issuedAt(out));
        logout(service.provider.logout("s").issuedAt(out.minus(SECOND)));

        assertThat(service.scopesOf(token)).hasSize(3);
        service.exchange(after);
    }

    @Test
    void unspentIdJagFromBeforeTheLogoutIsRefused() {
        String unspent = service.provider.idJag("s").email(ALICE).compact();
        logout(service.provider.logout("s"));

        assertThat(Refused.problem(() -> service.auth.registerWithIdJag(CALLER, unspent)))
                .isEqualTo(Problem.LOGGED_OUT);
        assertThat(service.users.findByVerifiedEmail(ALICE)).isEmpty();
        service.clock.advance(SECOND);
        service.presentCleanly("s", ALICE);
    }

    @Test
    void unspentIdJagFromBeforeTheLogoutIsExpiredHoweverOftenItIsPresented() {
        String unspent = service.provider.idJag("s").email(ALICE).compact();
        logout(service.provider.logout("s"));

        for (int i = 0; i < 3; i++) {
            assertThat(Refused.problem(() -> service.auth.registerWithIdJag(CALLER, unspent)))
                    .as("a rejected assertion does not burn its jti")
                    .isEqualTo(Problem.LOGGED_OUT);
        }
    }

    @Test
    void markIsKeptForAsLongAsAnIdJagFromBeforeItCouldLive() {
        // The provider's clock is a minute ahead, and the ID-JAG is as long-lived as one may be.
        Instant ahead = START.plusSeconds(60);
        String unspent = service.provider
                .idJag("s")
                .email(ALICE)
                .issuedAt(ahead)
                .claim("exp", ahead.plus(Duration.ofHours(1)).getEpochSecond())
                .compact();
        logout(service.provider.logout("s").issuedAt(ahead));

        service.clock.moveTo(ahead.plus(Duration.ofHours(1)).plusSeconds(60).minus(TICK));
        service.auth.purge();

        assertThat(Refused.problem(() -> service.auth.registerWithIdJag(CALLER, unspent)))
                .isEqualTo(Problem.LOGGED_OUT);
    }

    @Test
    void unknownIdentityIsFine() {
        logout(service.provider.logout("nobody"));

        assertThat(service.audit.events).isEmpty();
    }

    @Test
    void tenantMeansThatTenantAloneAndNoneMeansAll() {
        Registered.Provider none = service.presentCleanly("s", "n@example.com");
        Registered.Provider one = presentOf("t1", "one@example.com");
        Registered.Provider two = presentOf("t2", "two@example.com");

        logout(service.provider.logout("s").claim("tenant", "t1"));
        assertThat(live(none)).isTrue();
        assertThat(live(one)).isFalse();
        assertThat(live(two)).isTrue();

        logout(service.provider.logout("s"));
        assertThat(live(none)).isFalse();
        assertThat(live(two)).isFalse();
    }

    @Test
    void t42_oneProviderDoesNotEndAnothersSubjects() {
        Registered.Provider agent = service.presentCleanly("s", ALICE);

        logout(service.otherProvider.logout("s"));
        logout(service.provider.logout("S"));
        assertThat(live(agent)).isTrue();
        assertThat(Refused.problem(
                        () -> logout(service.otherProvider.logout("s").claim("iss", service.provider.issuer()))))
                .isEqualTo(Problem.KEY_UNKNOWN);
        assertThat(Refused.problem(() -> logout(service.provider.logout("s").claim("aud", "https://else.example.com"))))
                .isEqualTo(Problem.AUDIENCE_WRONG);
        assertThat(live(agent)).isTrue();
    }

    @Test
    void pendingStepUpEndsToo() {
        service.user("user_a", ALICE);
        Registered.StepUp pending = service.presentForStepUp("s", ALICE);
        String code = service.reveal();

        logout(service.provider.logout("s"));

        assertThat(Refused.problem(() -> service.complete(pending.claim(), code)))
                .isEqualTo(Problem.REVOKED);
        assertThat(service.stored(pending.registrationId()).userId()).isNull();
    }

    @Test
    void registrationOfAnotherKindThatCarriesTheIdentityEndsToo() {
        Registered.Anonymous agent = service.claimedAnonymous(ALICE);
        Registration current = service.stored(agent.registrationId());
        ProviderIdentity identity = new ProviderIdentity(service.provider.issuer(), null, "s", TestService.ISSUER);
        service.registrations.replace(
                current,
                new Registration(
                        current.id(),
                        current.kind(),
                        current.createdAt(),
                        current.version(),
                        current.epoch(),
                        current.ownership(),
                        current.claim(),
                        ProviderLink.of(identity, START),
                        current.refresh(),
                        null));

        logout(service.provider.logout("s"));

        assertThat(service.stored(agent.registrationId()).revokedAt()).isNotNull();
    }

    @Test
    void userBehindTheIdentityKeepsWhatOthersGaveThem() {
        Registered.Anonymous own = service.claimedAnonymous(ALICE);
        Registered.StepUp pending = service.presentForStepUp("s", ALICE);
        service.complete(pending.claim(), service.reveal());

        logout(service.provider.logout("s"));

        assertThat(service.stored(own.registrationId()).revokedAt()).isNull();
        assertThat(service.stored(pending.registrationId()).revokedAt()).isNotNull();
    }

    @Test
    void workIsDoneInTheProtocolsOrder() {
        List<String> order = new ArrayList<>();
        InMemoryRegistrationStore registrations = new InMemoryRegistrationStore();
        restart(TestService.start(builder ->
                builder.stores(TestService.storesWith(new DelegatingRegistrationStore(registrations) {
                            @Override
                            public Optional<Registration> replace(Registration current, Registration next) {
                                order.add("revoke");
                                return super.replace(current, next);
                            }
                        })
                        .withLogoutMarks(new NotingMarks(order))
                        .withReplay(new NotingReplay(order)))));
        service.presentCleanly("s", ALICE);
        order.clear();

        logout(service.provider.logout("s"));

        assertThat(order).containsExactly("seen", "raise", "revoke", "record");
    }

    @Test
    void presentationWritesAndOnlyThenReadsTheMarkAgain() {
        List<String> order = new ArrayList<>();
        InMemoryRegistrationStore registrations = new InMemoryRegistrationStore();
        restart(TestService.start(builder ->
                builder.stores(TestService.storesWith(new DelegatingRegistrationStore(registrations) {
                            @Override
                            public boolean insert(Registration registration, Instant now) {
                                order.add("write");
                                return super.insert(registration, now);
                            }

                            @Override
                            public Optional<Registration> replace(Registration current, Registration next) {
                                order.add("write");
                                return super.replace(current, next);
                            }
                        })
                        .withLogoutMarks(new NotingMarks(order)))));

        service.presentCleanly("s", ALICE);
        assertThat(order).containsExactly("newest", "write", "newest");
        order.clear();
        service.clock.advance(SECOND);
        service.presentCleanly("s", ALICE);
        assertThat(order).containsExactly("newest", "write", "newest");
    }

    @Test
    void t60_logoutBetweenWriteAndAnswerEndsWhatWasWritten() {
        for (boolean known : new boolean[] {false, true}) {
            InMemoryStores stores = InMemoryStores.of(TestService.ISSUER);
            RegistrationStore kept = stores.registrations();
            Runnable[] afterWrite = {() -> {}};
            restart(TestService.start(
                    builder -> builder.stores(MixedStores.of(stores).withRegistrations(thenOnce(kept, afterWrite)))));
            if (known) {
                service.presentCleanly("s", ALICE);
                service.clock.advance(SECOND);
            }
            afterWrite[0] = () -> stores.logoutMarks()
                    .raise(
                            new ProviderIdentity(service.provider.issuer(), null, "s", TestService.ISSUER),
                            service.clock.instant(),
                            Instant.MAX.minusSeconds(1));

            assertThat(Refused.problem(() -> service.present("s", ALICE))).isEqualTo(Problem.LOGGED_OUT);

            assertThat(kept.findMadeBefore(Instant.parse("9999-01-01T00:00:00Z"), "", 10))
                    .singleElement()
                    .extracting(registration -> registration.status(START))
                    .isEqualTo(RegistrationStatus.REVOKED);
        }
    }

    @Test
    void t60_logoutBetweenARepeatedStepUpAndItsAnswerEndsWhatWasWritten() {
        InMemoryStores stores = InMemoryStores.of(TestService.ISSUER);
        RegistrationStore kept = stores.registrations();
        Runnable[] afterWrite = {() -> {}};
        restart(TestService.start(
                builder -> builder.stores(MixedStores.of(stores).withRegistrations(thenOnce(kept, afterWrite)))));
        service.user("user_a", ALICE);
        service.presentForStepUp("s", ALICE);
        service.clock.advance(SECOND);
        int mails = service.outbox.mails.size();
        afterWrite[0] = () -> stores.logoutMarks()
                .raise(
                        new ProviderIdentity(service.provider.issuer(), null, "s", TestService.ISSUER),
                        service.clock.instant(),
                        Instant.MAX.minusSeconds(1));

        assertThat(Refused.problem(() -> service.present("s", ALICE))).isEqualTo(Problem.LOGGED_OUT);

        assertThat(kept.findMadeBefore(Instant.parse("9999-01-01T00:00:00Z"), "", 10))
                .singleElement()
                .extracting(registration -> registration.status(service.clock.instant()))
                .isEqualTo(RegistrationStatus.REVOKED);
        assertThat(service.outbox.mails).as("nobody is asked any more").hasSize(mails);
    }

    @Test
    void t48_f21_markOutlivesWhatItCoversOnAReplicaThatIsAMinuteBehindTheOneThatPurges() {
        InMemoryStores stores = InMemoryStores.of(TestService.ISSUER);
        restart(TestService.start(builder -> builder.stores(stores)));
        Instant providersClock = service.clock.instant().plusSeconds(60);
        Instant expires = providersClock.plus(Duration.ofHours(1));
        ProviderJwt unspent = service.provider
                .idJag("s")
                .email(ALICE)
                .issuedAt(providersClock)
                .expiresAt(expires);
        String last = unspent.compact();
        logout(service.provider.logout("s").issuedAt(providersClock));

        service.clock.moveTo(expires.plusSeconds(60).minusMillis(1));
        stores.logoutMarks().purgeExpired(service.clock.instant().plusSeconds(60), 100);

        assertThat(Refused.problem(() -> service.auth.registerWithIdJag(CALLER, last)))
                .isEqualTo(Problem.LOGGED_OUT);
        service.clock.advance(Duration.ofMillis(1));
        assertThat(Refused.problem(() -> service.auth.registerWithIdJag(CALLER, last)))
                .isEqualTo(Problem.JWT_EXPIRED);
    }

    @Test
    void refusedLogoutChangesNothing() {
        Registered.Provider agent = service.presentCleanly("s", ALICE);
        for (ProviderJwt bad : List.of(
                service.provider.logout("s").without("sub").claim("sid", "x"),
                service.provider.logout("s").claim("nonce", "x"),
                service.provider.logout("s").claim("events", Map.of("other", Map.of())),
                service.provider.idJag("s").email(ALICE))) {
            assertThat(Refused.problem(() -> logout(bad))).isEqualTo(Problem.MALFORMED);
        }
        assertThat(live(agent)).isTrue();
    }

    private Registered.Provider presentOf(String tenant, String email) {
        return (Registered.Provider) service.present(
                service.provider.idJag("s").claim("tenant", tenant).email(email));
    }

    private boolean live(Registered registered) {
        return service.stored(registered.registrationId()).isLive(service.clock.instant());
    }

    private void logout(ProviderJwt logout) {
        service.auth.logout(CALLER, logout.compact());
    }

    /** A store after whose next write something happens. */
    private static RegistrationStore thenOnce(RegistrationStore kept, Runnable[] afterWrite) {
        return new DelegatingRegistrationStore(kept) {
            @Override
            public boolean insert(Registration registration, Instant now) {
                boolean inserted = super.insert(registration, now);
                once(afterWrite);
                return inserted;
            }

            @Override
            public Optional<Registration> replace(Registration current, Registration next) {
                Optional<Registration> written = super.replace(current, next);
                once(afterWrite);
                return written;
            }
        };
    }

    private static void once(Runnable[] action) {
        Runnable run = action[0];
        action[0] = () -> {};
        run.run();
    }

    private void restart(TestService other) {
        service.close();
        service = other;
    }

    private static final class NotingMarks implements LogoutMarks {
        private final LogoutMarks kept = new InMemoryLogoutMarks();
        private final List<String> order;

        NotingMarks(List<String> order) {
            this.order = order;
        }

        @Override
        public void raise(ProviderIdentity subject, Instant issuedAt, Instant until) {
            order.add("raise");
            kept.raise(subject, issuedAt, until);
        }

        @Override
        public Optional<Instant> newest(ProviderIdentity identity) {
            order.add("newest");
            return kept.newest(identity);
        }

        @Override
        public int purgeExpired(Instant now, int limit) {
            return kept.purgeExpired(now, limit);
        }
    }

    private static final class NotingReplay implements ReplayStore {
        private final ReplayStore kept = new InMemoryReplayStore();
        private final List<String> order;

        NotingReplay(List<String> order) {
            this.order = order;
        }

        @Override
        public boolean recordFirst(JwtKind kind, String issuer, String jti, Instant now, Instant until) {
            order.add("record");
            return kept.recordFirst(kind, issuer, jti, now, until);
        }

        @Override
        public boolean seen(JwtKind kind, String issuer, String jti, Instant now) {
            order.add("seen");
            return kept.seen(kind, issuer, jti, now);
        }

        @Override
        public int purgeExpired(Instant now, int limit) {
            return kept.purgeExpired(now, limit);
        }
    }
}
