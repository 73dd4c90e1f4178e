package dev.agentauth;

import static dev.agentauth.TestService.ALICE;
import static dev.agentauth.TestService.BOB;
import static dev.agentauth.TestService.ISSUER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.memory.InMemoryUserDirectory;
import dev.agentauth.registration.ProviderIdentity;
import dev.agentauth.registration.Registration;
import dev.agentauth.spi.Contact;
import dev.agentauth.spi.User;
import dev.agentauth.spi.UserDirectory;
import dev.agentauth.testkit.Race;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Fault 20, T57, T58: how long a provider's word alone brings somebody to a user, and what ends it. */
class F20_ProvidersWordTest {
    private static final String PHONE = "+4930123456";

    private TestService service = TestService.start();

    @AfterEach
    void close() {
        service.close();
    }

    // the service proves the address by means of its own

    @Test
    void f20_addressProvedEndsWhatWasPreparedAndTheKeyWithIt() {
        Registered.Provider prepared = service.presentCleanly("attacker", ALICE);
        IssuedToken token = service.exchange(prepared.assertion());
        String account = userOf(prepared);

        assertThat(service.auth.addressProved(account, "Alice@Example.com")).isTrue();

        assertThat(service.stored(prepared.registrationId()).revokedAt()).isNotNull();
        assertThat(service.scopesOf(token)).isNull();
        assertThat(service.present("attacker", ALICE)).isInstanceOf(Registered.StepUp.class);
        service.reject();
        assertThat(userOf(service.presentCleanly("attacker", BOB))).isNotEqualTo(account);
    }

    @Test
    void f20_afterwardsAnotherAddressIsAnotherUserAtOnce() {
        Registered.Provider prepared = service.presentCleanly("attacker", ALICE);
        String account = userOf(prepared);
        service.auth.addressProved(account, ALICE);

        assertThat(userOf(service.presentCleanly("attacker", BOB))).isNotEqualTo(account);
        assertThat(service.registrations.findByUser(account)).allMatch(each -> each.revokedAt() != null);
    }

    @Test
    void f20_laterProofsEndNothing() {
        String account = userOf(service.presentCleanly("s", ALICE));
        service.auth.addressProved(account, ALICE);
        Registered.Anonymous own = service.claimedAnonymous(ALICE);
        Registered.StepUp linked = service.presentForStepUp("s", ALICE);
        service.complete(linked.claim(), service.reveal());

        assertThat(service.auth.addressProved(account, ALICE)).isTrue();

        assertThat(service.stored(own.registrationId()).revokedAt()).isNull();
        assertThat(service.stored(linked.registrationId()).revokedAt()).isNull();
    }

    @Test
    void f20_proofOfNobodyOrOfAnotherAddressNotesNothing() {
        Registered.Provider agent = service.presentCleanly("s", ALICE);
        String account = userOf(agent);

        assertThat(service.auth.addressProved("nobody", ALICE)).isFalse();
        assertThat(service.auth.addressProved(account, BOB)).isFalse();
        assertThat(service.auth.addressProved(account, "no address")).isFalse();
        assertThat(service.auth.addressProved(account, "alice@example.com\u212a"))
                .isFalse();

        assertThat(service.stored(agent.registrationId()).revokedAt()).isNull();
        assertThat(service.origins.isOnProvidersWord(account)).isTrue();
    }

    @Test
    void f20_userWhomTheServiceKnewBeforeLosesNothing() {
        service.user("user_a", ALICE);
        Registered.StepUp linked = service.presentForStepUp("s", ALICE);
        service.complete(linked.claim(), service.reveal());

        assertThat(service.auth.addressProved("user_a", ALICE)).isTrue();

        assertThat(service.stored(linked.registrationId()).revokedAt()).isNull();
    }

    @Test
    void f20_userWhoHasMovedAndProvesTheNewAddressEndsWhatWasPreparedToo() {
        Registered.Provider prepared = service.presentCleanly("attacker", ALICE);
        String account = userOf(prepared);
        service.users.add(User.of(account, BOB));

        assertThat(service.auth.addressProved(account, BOB)).isTrue();

        assertThat(service.stored(prepared.registrationId()).revokedAt()).isNotNull();
    }

    // logouts and revocations

    @Test
    void f20_logoutForgetsTheKey() {
        Registered.Provider first = service.presentCleanly("s", ALICE);
        logOut("s");

        assertThat(userOf(service.presentCleanly("s", BOB))).isNotEqualTo(userOf(first));
    }

    @Test
    void f20_sameAddressAfterALogoutIsConfirmedByMail() {
        service.presentCleanly("s", ALICE);
        logOut("s");

        Registered.StepUp again = service.presentForStepUp("s", ALICE);

        assertThat(service.outbox.last().recipient()).isEqualTo(ALICE);
        assertThat(service.stored(again.registrationId()).userId()).isNull();
    }

    @Test
    void f20_operatorsRevocationForgetsTheKey() {
        Registered.Provider first = service.presentCleanly("s", ALICE);
        service.auth.revokeRegistration(first.registrationId());

        assertThat(userOf(service.presentCleanly("s", BOB))).isNotEqualTo(userOf(first));
    }

    @Test
    void f20_revokingEverythingForgetsEveryKey() {
        Registered.Provider first = service.presentCleanly("s", ALICE);
        Registered.Provider second = service.presentCleanly("t", BOB);
        service.auth.revokeAllRegistrations();

        assertThat(userOf(service.presentCleanly("s", "c@example.com"))).isNotEqualTo(userOf(first));
        assertThat(userOf(service.presentCleanly("t", "d@example.com"))).isNotEqualTo(userOf(second));
    }

    @Test
    void f20_ownerWhoComesAfterALogoutStillEndsWhatWasPreparedOtherwise() {
        // The word is forgotten by nothing but a proof: the account stays one that a provider has prepared.
        Registered.Provider first = service.presentCleanly("attacker", ALICE);
        String account = userOf(first);
        logOut("attacker");
        assertThat(service.origins.isOnProvidersWord(account)).isTrue();

        service.claimedAnonymous(ALICE);

        assertThat(service.origins.isOnProvidersWord(account)).isFalse();
    }

    // races

    @Test
    void t57_manyPresentationsOfOneIdentityWithOneAddressAreOneUserAndNeverAStepUp() {
        for (int round = 0; round < 10; round++) {
            String subject = "racer" + round;
            String address = subject + "@example.com";

            List<Registered> all = Race.run(16, number -> service.present(subject, address));

            assertThat(all).allSatisfy(each -> assertThat(each).isInstanceOf(Registered.Provider.class));
            assertThat(all)
                    .extracting(Registered::registrationId)
                    .containsOnly(all.get(0).registrationId());
        }
    }

    @Test
    void t57_whoeverFindsTheUserOfAHalfMadeSiblingWaitsForIt() {
        // The sibling has made the user and not yet noted for whom.
        ProviderIdentity identity = new ProviderIdentity(service.provider.issuer(), null, "s", ISSUER);
        Instant now = service.clock.instant();
        service.origins.reserve(identity.key(), "sibling", Optional.empty(), now, now.plusSeconds(60));
        User made = service.users.create(Contact.of(ALICE, null)).orElseThrow();

        assertThat(Refused.problem(() -> service.present("s", ALICE))).isEqualTo(Problem.OUT_OF_REACH);
        assertThat(service.outbox.mails).isEmpty();

        service.origins.record("sibling", made.id());
        assertThat(userOf(service.presentCleanly("s", ALICE))).isEqualTo(made.id());
    }

    @Test
    void t57_makerThatCrashedLocksNobodyOut() {
        ProviderIdentity identity = new ProviderIdentity(service.provider.issuer(), null, "s", ISSUER);
        Instant now = service.clock.instant();
        service.origins.reserve(identity.key(), "crashed", Optional.empty(), now, now.plusSeconds(60));
        User made = service.users.create(Contact.of(ALICE, null)).orElseThrow();
        service.clock.advance(Duration.ofSeconds(60));

        Registered.StepUp asked = service.presentForStepUp("s", ALICE);
        service.complete(asked.claim(), service.reveal());

        assertThat(service.stored(asked.registrationId()).userId()).isEqualTo(made.id());
    }

    @Test
    void t58_ownersProofBetweenMakingAndNotingLeavesTheMakerNothing() {
        InMemoryUserDirectory kept = new InMemoryUserDirectory();
        Runnable[] afterMaking = {() -> {}};
        restart(TestService.start(builder -> builder.users(new Folding(kept) {
            @Override
            public Optional<User> create(Contact contact) {
                Optional<User> made = super.create(contact);
                Runnable run = afterMaking[0];
                afterMaking[0] = () -> {};
                run.run();
                return made;
            }
        })));
        Registered.Email own = service.email(ALICE);
        String code = service.reveal();
        afterMaking[0] = () -> service.complete(own.claim(), code);

        Registered outcome = service.present("attacker", ALICE);

        assertThat(outcome).isInstanceOf(Registered.StepUp.class);
        String owner = service.stored(own.registrationId()).userId();
        assertThat(service.registrations.findByUser(owner))
                .filteredOn(each -> owner.equals(each.userId()))
                .extracting(Registration::id)
                .containsExactly(own.registrationId());
    }

    // fault 26, and the address of a moved user

    @Test
    void f26_numberOfAUserWhoseAddressNobodyHasProvedAsksNobody() {
        Registered.Provider prepared = (Registered.Provider)
                service.present(service.provider.idJag("attacker").email(BOB).phone(PHONE));

        assertThat(Refused.problem(() ->
                        service.present(service.otherProvider.idJag("victim").phone(PHONE))))
                .isEqualTo(Problem.NO_USER);
        assertThat(service.outbox.mails).isEmpty();

        service.auth.addressProved(userOf(prepared), BOB);
        assertThat(service.present(service.otherProvider.idJag("victim").phone(PHONE)))
                .isInstanceOf(Registered.StepUp.class);
        assertThat(service.outbox.last().recipient()).isEqualTo(BOB);
    }

    @Test
    void f26_numberOfAUserWhoIsBeingMadeAsksNobody() {
        Instant now = service.clock.instant();
        service.origins.reserve(
                SecretHash.of("somebody's"),
                "maker",
                Optional.of(SecretHash.ofParts("email", BOB)),
                now,
                now.plusSeconds(60));
        assertThat(service.users.create(Contact.of(BOB, PHONE))).isPresent();

        assertThat(Refused.problem(
                        () -> service.present(service.provider.idJag("victim").phone(PHONE))))
                .isEqualTo(Problem.NO_USER);
    }

    @Test
    void f26_kelvinSignIsNoK() {
        InMemoryUserDirectory kept = new InMemoryUserDirectory();
        restart(TestService.start(builder -> builder.users(new Folding(kept))));
        kept.add(User.of("user_k", "\u212aim@example.com"));
        Registered.Email own = service.email("kim@example.com");
        String code = service.reveal();

        assertThat(Refused.problem(() -> service.complete(own.claim(), code))).isEqualTo(Problem.STANDING_LOST);
        assertThat(Refused.problem(() -> service.present("s", "kim@example.com")))
                .isEqualTo(Problem.NO_USER);

        assertThat(service.auth.addressProved("user_k", "kim@example.com")).isFalse();
        assertThat(service.registrations.findByUser("user_k")).isEmpty();
        assertThat(service.outbox.mails).hasSize(1);
    }

    @Test
    void addressThatAMovedUserHadIsSomebodyElses() {
        Registered.Anonymous first = service.claimedAnonymous(ALICE);
        String moved = service.stored(first.registrationId()).userId();
        service.users.add(User.of(moved, "new@example.com"));

        Registered.Anonymous second = service.claimedAnonymous(ALICE);

        assertThat(service.stored(second.registrationId()).userId()).isNotEqualTo(moved);
        assertThat(service.stored(first.registrationId()).revokedAt()).isNull();
    }

    private void logOut(String subject) {
        service.auth.logout(TestService.CALLER, service.provider.logout(subject).compact());
        service.clock.advance(Duration.ofSeconds(1));
    }

    private String userOf(Registered registered) {
        return service.stored(registered.registrationId()).userId();
    }

    private void restart(TestService other) {
        service.close();
        service = other;
    }

    /** A table of users that compares by what its database takes for lower case, as many do. */
    private static class Folding implements UserDirectory {
        private final InMemoryUserDirectory kept;

        Folding(InMemoryUserDirectory kept) {
            this.kept = kept;
        }

        @Override
        public Optional<User> findById(String userId) {
            return kept.findById(userId);
        }

        @Override
        public Optional<User> findByVerifiedEmail(String email) {
            return kept.findByVerifiedEmail(email)
                    .or(() -> kept.findById("user_k")
                            .filter(user -> user.email()
                                    .filter(onFile ->
                                            onFile.toLowerCase(Locale.ROOT).equals(email))
                                    .isPresent()));
        }

        @Override
        public Optional<User> findByVerifiedPhone(String phone) {
            return kept.findByVerifiedPhone(phone);
        }

        @Override
        public Optional<User> create(Contact contact) {
            return contact.email().flatMap(this::findByVerifiedEmail).isPresent()
                    ? Optional.empty()
                    : kept.create(contact);
        }
    }
}
