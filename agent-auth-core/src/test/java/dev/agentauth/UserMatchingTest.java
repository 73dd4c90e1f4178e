package dev.agentauth;

import static dev.agentauth.TestService.ALICE;
import static dev.agentauth.TestService.BOB;
import static dev.agentauth.TestService.CALLER;
import static dev.agentauth.TestService.START;
import static dev.agentauth.TestService.TICK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentauth.config.ExistingUserPolicy;
import dev.agentauth.config.NewUserPolicy;
import dev.agentauth.memory.InMemoryRegistrationStore;
import dev.agentauth.memory.InMemoryUserDirectory;
import dev.agentauth.registration.Registration;
import dev.agentauth.registration.RegistrationStatus;
import dev.agentauth.spi.Contact;
import dev.agentauth.spi.MixedStores;
import dev.agentauth.spi.PortUnavailableException;
import dev.agentauth.spi.User;
import dev.agentauth.spi.UserDirectory;
import dev.agentauth.spi.UserOrigins;
import dev.agentauth.testkit.DelegatingRegistrationStore;
import dev.agentauth.testkit.ProviderJwt;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PROTOCOL A9: which user it is, for somebody whom a provider vouches for. */
class UserMatchingTest {
    private static final String PHONE = "+4930123456";

    private TestService service = TestService.start();

    @AfterEach
    void close() {
        service.close();
    }

    // 3: nobody has the contact

    @Test
    void newPersonIsMadeJustInTimeOnTheProvidersWord() {
        Registered.Provider agent = service.presentCleanly("s", "Alice@Example.com");

        User user = service.users.findByVerifiedEmail(ALICE).orElseThrow();
        assertThat(service.stored(agent.registrationId()).userId()).isEqualTo(user.id());
        assertThat(service.origins.isOnProvidersWord(user.id())).isTrue();
        assertThat(user.email()).contains(ALICE);
        assertThat(agent.scopes()).containsExactly("api.read", "api.write", "api.pay");
        assertThat(service.outbox.mails).isEmpty();
        assertThat(service.outbox.notices).as("nobody was there before").isEmpty();
    }

    @Test
    void personWithoutAnAddressIsMadeWithoutOne() {
        Registered.Provider agent = (Registered.Provider)
                service.present(service.provider.idJag("s").phone(PHONE));

        User user = service.users.findByVerifiedPhone(PHONE).orElseThrow();
        assertThat(service.stored(agent.registrationId()).userId()).isEqualTo(user.id());
        assertThat(user.email()).isEmpty();
    }

    @Test
    void nobodyIsMadeWhereThePolicySaysSo() {
        restart(TestService.start(builder -> builder.newUsers(NewUserPolicy.REFUSE)));

        assertThat(Refused.problem(() -> service.present("s", ALICE))).isEqualTo(Problem.NO_USER);
        assertThat(service.users.findByVerifiedEmail(ALICE)).isEmpty();
        assertThat(service.audit.types()).isEmpty();
    }

    // 1: linked

    @Test
    void linkedIdentityIsClearAtOnceWhateverContactItCarries() {
        Registered.Provider first = service.presentCleanly("s", ALICE);
        service.user("user_b", BOB);
        service.clock.advance(Duration.ofSeconds(1));

        Registered.Provider again = service.presentCleanly("s", BOB);

        assertThat(again.registrationId()).isEqualTo(first.registrationId());
        assertThat(service.stored(again.registrationId()).userId())
                .isEqualTo(
                        service.users.findByVerifiedEmail(ALICE).orElseThrow().id());
        service.exchange(first.assertion());
        service.exchange(again.assertion());
    }

    @Test
    void revokedLinkIsNoLink() {
        Registered.Provider first = service.presentCleanly("s", ALICE);
        service.auth.revokeRegistration(first.registrationId());

        Registered.StepUp again = service.presentForStepUp("s", ALICE);

        assertThat(again.registrationId()).isNotEqualTo(first.registrationId());
        assertThat(service.outbox.last().recipient()).isEqualTo(ALICE);
    }

    @Test
    void identityIsComparedByAllItsParts() {
        Registered.Provider plain = service.presentCleanly("s", ALICE);
        for (ProviderJwt other : List.of(
                service.provider.idJag("S").email("a1@example.com"),
                service.provider.idJag("s ").email("a2@example.com"),
                service.provider.idJag("s").claim("tenant", "t").email("a3@example.com"),
                service.provider.idJag("s").claim("tenant", "T").email("a4@example.com"),
                service.otherProvider.idJag("s").email("a5@example.com"))) {
            Registered.Provider registered = (Registered.Provider) service.present(other);
            assertThat(registered.registrationId()).isNotEqualTo(plain.registrationId());
            assertThat(service.stored(registered.registrationId()).userId())
                    .isNotEqualTo(service.stored(plain.registrationId()).userId());
        }
    }

    // 2: somebody has the contact

    @Test
    void existingUserMustConfirmByTheLinkToTheAddressOnFile() {
        service.user("user_a", ALICE);

        Registered.StepUp pending = service.presentForStepUp("s", "ALICE@example.com");

        assertThat(service.outbox.mails).singleElement().satisfies(mail -> {
            assertThat(mail.recipient()).isEqualTo(ALICE);
            assertThat(mail.agentName()).isEqualTo("Agents of https://agents.example.net");
            assertThat(mail.registrationId()).isEqualTo(pending.registrationId());
        });
        assertThat(service.stored(pending.registrationId()).userId())
                .as("not bound")
                .isNull();
        assertThat(pending.postClaimScopes()).hasSize(3);
        assertThat(pending.claim().expiresAt()).isEqualTo(START.plus(Duration.ofHours(24)));

        IssuedAssertion assertion =
                service.complete(pending.claim(), service.reveal()).assertion().orElseThrow();

        assertThat(service.stored(pending.registrationId()).userId()).isEqualTo("user_a");
        assertThat(service.scopesOf(service.exchange(assertion))).hasSize(3);
        assertThat(service.presentCleanly("s", ALICE).registrationId())
                .as("linked from now on")
                .isEqualTo(pending.registrationId());
        assertThat(service.outbox.notices).singleElement().satisfies(notice -> {
            assertThat(notice.recipient()).isEqualTo(ALICE);
            assertThat(notice.agentName()).isEqualTo("Agents of https://agents.example.net");
            assertThat(notice.registrationId()).isEqualTo(pending.registrationId());
        });
    }

    @Test
    void t15_nothingBindsWithoutTheMailedSecret() {
        service.user("user_a", ALICE);
        Registered.StepUp pending = service.presentForStepUp("s", ALICE);

        assertThat(Refused.problem(() -> service.complete(pending.claim(), "123456")))
                .isEqualTo(Problem.CODE_NOT_SHOWN);
        assertThat(Refused.problem(() -> service.startClaim(pending.claim(), BOB)))
                .as("the agent cannot choose who confirms")
                .isEqualTo(Problem.ASKED_ALREADY);
        assertThat(service.registrations.findByUser("user_a")).allMatch(registration -> registration.userId() == null);
    }

    @Test
    void existingUserIsFoundByPhoneAndAskedByMail() {
        service.user("user_a", ALICE);
        service.users.addPhone("user_a", PHONE);

        service.present(service.provider.idJag("s").phone(PHONE));
        service.present(service.provider.idJag("s2").phone(PHONE).email(BOB));

        assertThat(service.outbox.mails).extracting(mail -> mail.recipient()).containsExactly(ALICE, ALICE);
    }

    @Test
    void addressCountsBeforeTheNumber() {
        service.user("user_a", ALICE);
        service.user("user_b", BOB);
        service.users.addPhone("user_b", PHONE);

        service.present(service.provider.idJag("s").email(ALICE).phone(PHONE));

        assertThat(service.outbox.last().recipient()).isEqualTo(ALICE);
    }

    @Test
    void contactThatIsNotVerifiedCountsForNothing() {
        service.user("user_a", ALICE);
        service.users.addPhone("user_a", PHONE);

        service.presentCleanly("s1", BOB);
        service.present(service.provider.idJag("s2").email("c@example.com").claim("phone_number", PHONE));
        service.present(
                service.provider.idJag("s3").phone("+1").claim("email", ALICE).claim("email_verified", "true"));

        assertThat(service.outbox.mails).isEmpty();
        assertThat(service.registrations.findByUser("user_a")).isEmpty();
    }

    @Test
    void userWithoutAnAddressOnFileCannotBeAsked() {
        service.user("user_a", null);
        service.users.addPhone("user_a", PHONE);

        assertThat(Refused.problem(
                        () -> service.present(service.provider.idJag("s").phone(PHONE))))
                .isEqualTo(Problem.NO_USER);
        assertThat(service.registrations.findByUser("user_a")).isEmpty();
        assertThat(service.outbox.mails).isEmpty();
    }

    @Test
    void refusingServiceSaysNobody() {
        restart(TestService.start(builder -> builder.existingUsers(ExistingUserPolicy.REFUSE)));
        service.user("user_a", ALICE);

        assertThat(Refused.problem(() -> service.present("s", ALICE))).isEqualTo(Problem.NO_USER);
        assertThat(service.registrations.findByUser("user_a")).isEmpty();
        service.presentCleanly("s", BOB);
    }

    @Test
    void linkingServiceBindsAtOnceAndTellsTheUser() {
        restart(TestService.start(builder -> builder.existingUsers(ExistingUserPolicy.LINK)));
        service.user("user_a", ALICE);

        Registered.Provider agent = service.presentCleanly("s", ALICE);

        assertThat(service.stored(agent.registrationId()).userId()).isEqualTo("user_a");
        assertThat(service.outbox.notices)
                .extracting(notice -> notice.recipient())
                .containsExactly(ALICE);
        assertThat(service.outbox.mails).isEmpty();
        service.exchange(agent.assertion());
    }

    @Test
    void stepUpBindsThatVeryUserEvenIfTheAddressHasBecomeSomebodyElses() {
        service.user("user_a", ALICE);
        Registered.StepUp pending = service.presentForStepUp("s", ALICE);
        String code = service.reveal();
        service.users.add(User.of("user_a", "alice.new@example.com"));
        service.user("user_b", ALICE);

        service.complete(pending.claim(), code);

        assertThat(service.stored(pending.registrationId()).userId()).isEqualTo("user_a");
    }

    @Test
    void stepUpOfAUserWhoIsGoneByThenEnds() {
        InMemoryUserDirectory kept = new InMemoryUserDirectory();
        Switch gone = new Switch(kept);
        restart(TestService.start(builder -> builder.users(gone)));
        kept.add(User.of("user_a", ALICE));
        Registered.StepUp pending = service.presentForStepUp("s", ALICE);
        String code = service.reveal();

        gone.hidesEverybody = true;

        assertThat(Refused.problem(() -> service.complete(pending.claim(), code)))
                .isEqualTo(Problem.STANDING_LOST);
        assertThat(service.stored(pending.registrationId()).userId()).isNull();
    }

    @Test
    void presentingAgainWhilePendingIsTheSameRegistrationWithAFreshTokenAndNoSecondMail() {
        service.user("user_a", ALICE);
        Registered.StepUp first = service.presentForStepUp("s", ALICE);
        String code = service.reveal();
        service.clock.advance(Duration.ofMinutes(5));

        Registered.StepUp second = service.presentForStepUp("s", ALICE);

        assertThat(second.registrationId()).isEqualTo(first.registrationId());
        assertThat(second.claim().token()).isNotEqualTo(first.claim().token());
        assertThat(second.claim().expiresAt()).isEqualTo(first.claim().expiresAt());
        assertThat(service.outbox.mails).hasSize(1);
        assertThat(Refused.problem(() -> service.complete(first.claim(), code))).isEqualTo(Problem.CLAIM_TOKEN_UNKNOWN);
        assertThat(service.complete(second.claim(), code).assertion()).isPresent();
    }

    @Test
    void presentingAgainOnceTheLinkHasLapsedMailsAnew() {
        service.user("user_a", ALICE);
        Registered.StepUp first = service.presentForStepUp("s", ALICE);
        String lapsed = service.outbox.lastToken();
        service.clock.moveTo(START.plus(Duration.ofMinutes(10)).minus(TICK));
        service.presentForStepUp("s", ALICE);
        assertThat(service.outbox.mails).hasSize(1);
        service.clock.advance(TICK);

        Registered.StepUp second = service.presentForStepUp("s", ALICE);

        assertThat(second.registrationId()).isEqualTo(first.registrationId());
        assertThat(service.outbox.mails).hasSize(2);
        assertThat(service.auth.viewClaim(lapsed)).isEqualTo(new ClaimView.Closed(ClaimView.Reason.UNKNOWN));
        service.complete(second.claim(), service.reveal());
    }

    @Test
    void presentingAgainAfterARefusedMailMailsAnew() {
        service.user("user_a", ALICE);
        service.outbox.refuses = true;
        assertThat(Refused.problem(() -> service.present("s", ALICE))).isEqualTo(Problem.OUT_OF_REACH);
        service.outbox.refuses = false;

        Registered.StepUp pending = service.presentForStepUp("s", ALICE);

        assertThat(service.outbox.mails).hasSize(1);
        assertThat(service.registrations.findByUser("user_a")).hasSize(1);
        service.complete(pending.claim(), service.reveal());
    }

    @Test
    void noToAStepUpEndsItAndANewOneAsksAgain() {
        service.user("user_a", ALICE);
        Registered.StepUp first = service.presentForStepUp("s", ALICE);
        service.reject();

        assertThat(Refused.problem(() -> service.complete(first.claim(), "123456")))
                .isEqualTo(Problem.SAID_NO);
        Registered.StepUp second = service.presentForStepUp("s", ALICE);
        assertThat(second.registrationId()).isNotEqualTo(first.registrationId());
    }

    @Test
    void expiredStepUpIsFollowedByANewOne() {
        service.user("user_a", ALICE);
        Registered.StepUp first = service.presentForStepUp("s", ALICE);
        service.clock.moveTo(first.claim().expiresAt());

        assertThat(service.presentForStepUp("s", ALICE).registrationId()).isNotEqualTo(first.registrationId());
    }

    // 0: inactive

    @Test
    void contactOfAnInactiveUserIsNobodysAndNothingIsMade() {
        service.user("user_a", ALICE);
        service.users.addPhone("user_a", PHONE);
        service.users.setActive("user_a", false);

        assertThat(Refused.problem(() -> service.present("s", ALICE))).isEqualTo(Problem.NO_USER);
        assertThat(Refused.problem(
                        () -> service.present(service.provider.idJag("s").phone(PHONE))))
                .isEqualTo(Problem.NO_USER);
        assertThat(Refused.problem(() ->
                        service.present(service.provider.idJag("s").email(BOB).phone(PHONE))))
                .as("one of two contacts")
                .isEqualTo(Problem.NO_USER);
        assertThat(service.users.findByVerifiedEmail(BOB)).isEmpty();
        assertThat(service.registrations.findByUser("user_a")).isEmpty();
        assertThat(service.outbox.mails).isEmpty();
    }

    @Test
    void contactOfAnInactiveUserIsRefusedWhoeverElseItBelongsToAndWhoeverIsLinked() {
        service.user("user_a", ALICE);
        service.users.addPhone("user_a", PHONE);
        service.user("user_b", BOB);
        Registered.Provider linked = service.presentCleanly("linked", "carol@example.com");
        service.users.setActive("user_a", false);

        assertThat(Refused.problem(() ->
                        service.present(service.provider.idJag("s").email(BOB).phone(PHONE))))
                .as("the address is an active user's, the number is not")
                .isEqualTo(Problem.NO_USER);
        assertThat(Refused.problem(() -> service.present("linked", ALICE)))
                .as("linked to an active user")
                .isEqualTo(Problem.NO_USER);
        assertThat(service.outbox.mails).isEmpty();
        assertThat(service.presentCleanly("linked", "carol@example.com").registrationId())
                .isEqualTo(linked.registrationId());
    }

    @Test
    void identityThatIsLinkedToAnInactiveUserIsRefusedWhateverContactItCarries() {
        Registered.Provider agent = service.presentCleanly("s", ALICE);
        String userId = service.stored(agent.registrationId()).userId();
        service.users.setActive(userId, false);

        assertThat(Refused.problem(() -> service.present("s", BOB))).isEqualTo(Problem.NO_USER);
        assertThat(service.users.findByVerifiedEmail(BOB)).isEmpty();

        service.users.setActive(userId, true);
        assertThat(service.presentCleanly("s", BOB).registrationId()).isEqualTo(agent.registrationId());
    }

    @Test
    void identityWhoseUserWasMadeForItAndIsInactiveIsRefusedEvenWithoutALiveRegistration() {
        boolean[] fails = {true};
        InMemoryRegistrationStore kept = new InMemoryRegistrationStore();
        restart(TestService.start(builder ->
                builder.stores(TestService.storesWith(new DelegatingRegistrationStore(kept) {
                    @Override
                    public boolean insert(Registration registration, Instant now) {
                        if (fails[0]) {
                            throw new PortUnavailableException("down");
                        }
                        return super.insert(registration, now);
                    }
                }))));
        assertThatThrownBy(() -> service.present("s", ALICE)).isInstanceOf(PortUnavailableException.class);
        fails[0] = false;
        service.users.setActive(
                service.users.findByVerifiedEmail(ALICE).orElseThrow().id(), false);

        assertThat(Refused.problem(() -> service.present("s", BOB))).isEqualTo(Problem.NO_USER);
        assertThat(service.users.findByVerifiedEmail(BOB)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"registering", "claiming"})
    void t57_makerWhoLosesTheDatabaseKeepsNobodyWaitingOnceItIsBack(String again) {
        boolean[] away = {false};
        InMemoryUserDirectory kept = new InMemoryUserDirectory();
        Late users = new Late(kept) {
            @Override
            public Optional<User> create(Contact contact) {
                if (away[0]) {
                    throw new PortUnavailableException("down");
                }
                return super.create(contact);
            }
        };
        boolean[] falls = {true};
        restart(TestService.start((builder, parts) -> builder.users(users)
                .stores(MixedStores.of(parts.stores).withUserOrigins((UserOrigins) Proxy.newProxyInstance(
                        UserOrigins.class.getClassLoader(),
                        new Class<?>[] {UserOrigins.class},
                        (proxy, method, arguments) -> {
                            if (away[0]) {
                                throw new PortUnavailableException("down");
                            }
                            Object answer = method.invoke(parts.origins, arguments);
                            away[0] = falls[0] && method.getName().equals("reserve");
                            return answer;
                        })))));
        assertThatThrownBy(() -> service.present("s", ALICE)).isInstanceOf(PortUnavailableException.class);

        away[0] = false;
        falls[0] = false;

        if (again.equals("claiming")) {
            String claimToken = service.anonymous().claim().token().reveal();
            String idJag = service.provider.idJag("s").email(ALICE).compact();
            assertThat(service.auth.claimWithIdJag(CALLER, claimToken, idJag)).isInstanceOf(VouchedClaim.Claimed.class);
        } else {
            assertThat(service.present("s", ALICE)).isInstanceOf(Registered.Provider.class);
        }
    }

    // Taken, and what others prepared

    @Test
    void t57_contactThatWasTakenMeanwhileLeadsToAStepUp() {
        InMemoryUserDirectory kept = new InMemoryUserDirectory();
        Late late = new Late(kept);
        restart(TestService.start(builder -> builder.users(late)));
        assertThat(kept.create(Contact.of(ALICE, null))).isPresent();
        late.doesNotSee = ALICE;

        Registered registered = service.present("s", ALICE);

        assertThat(registered).isInstanceOf(Registered.StepUp.class);
        assertThat(service.stored(registered.registrationId()).userId()).isNull();
    }

    @Test
    void t58_firstOwnProofEndsWhatOthersPreparedOnAProvidersWord() {
        Registered.Provider prepared = service.presentCleanly("attacker", ALICE);
        IssuedToken stolen = service.exchange(prepared.assertion());
        String account = service.stored(prepared.registrationId()).userId();

        Registered.Email own = service.email(ALICE);
        IssuedAssertion assertion =
                service.complete(own.claim(), service.reveal()).assertion().orElseThrow();

        assertThat(service.stored(own.registrationId()).userId()).isEqualTo(account);
        assertThat(service.exchange(assertion).scopes()).hasSize(3);
        assertThat(service.stored(prepared.registrationId()).status(START)).isEqualTo(RegistrationStatus.REVOKED);
        assertThat(service.scopesOf(stolen)).isNull();
        assertThat(Refused.problem(() -> service.exchange(prepared.assertion())))
                .isEqualTo(Problem.ASSERTION_UNUSABLE);
        assertThat(service.origins.isOnProvidersWord(account)).isFalse();
    }

    @Test
    void t58_presentingAgainAfterwardsNeverComesBackToThatUser() {
        Registered.Provider prepared = service.presentCleanly("attacker", ALICE);
        String account = service.stored(prepared.registrationId()).userId();
        Registered.Email own = service.email(ALICE);
        service.complete(own.claim(), service.reveal());

        assertThat(service.present("attacker", ALICE))
                .as("with the address: the owner is asked")
                .isInstanceOf(Registered.StepUp.class);
        service.reject();
        Registered.Provider elsewhere = service.presentCleanly("attacker", "attacker@example.com");
        assertThat(service.stored(elsewhere.registrationId()).userId()).isNotEqualTo(account);
        assertThat(service.registrations.findByUser(account))
                .filteredOn(registration -> account.equals(registration.userId()) && registration.isLive(START))
                .extracting(Registration::id)
                .containsExactly(own.registrationId());
    }

    @Test
    void t58_sameForAnAnonymousClaimAndForAStepUp() {
        Registered.Provider first = service.presentCleanly("one", ALICE);
        service.claimedAnonymous(ALICE);
        assertThat(service.stored(first.registrationId()).revokedAt()).isNotNull();

        Registered.Provider second = service.presentCleanly("two", BOB);
        Registered.StepUp own = (Registered.StepUp)
                service.present(service.otherProvider.idJag("bob").email(BOB));
        service.complete(own.claim(), service.reveal());
        assertThat(service.stored(second.registrationId()).revokedAt()).isNotNull();
        assertThat(service.stored(own.registrationId()).revokedAt()).isNull();
    }

    @Test
    void t58_proofOfAnAddressThatIsNoLongerOnFileProvesNothingAboutTheNewOne() {
        Registered.Provider first = service.presentCleanly("one", ALICE);
        String account = service.stored(first.registrationId()).userId();
        Registered.StepUp second = (Registered.StepUp)
                service.present(service.otherProvider.idJag("two").email(ALICE));
        String code = service.reveal();
        service.users.add(User.of(account, "new@example.com"));

        service.complete(second.claim(), code);

        assertThat(service.stored(first.registrationId()).revokedAt()).isNull();
        assertThat(service.origins.isOnProvidersWord(account)).isTrue();
    }

    @Test
    void t58_laterProofsEndNothing() {
        Registered.Anonymous first = service.claimedAnonymous(ALICE);
        Registered.StepUp linked = service.presentForStepUp("s", ALICE);
        service.complete(linked.claim(), service.reveal());
        service.claimedAnonymous(ALICE);

        assertThat(service.stored(first.registrationId()).revokedAt()).isNull();
        assertThat(service.stored(linked.registrationId()).revokedAt()).isNull();
    }

    @Test
    void t58_aPresentationThatIsOvertakenByTheProofEndsToo() {
        // The owner's proof comes between the moment the account was given and the moment its registration is written.
        InMemoryRegistrationStore kept = new InMemoryRegistrationStore();
        Runnable[] before = {() -> {}};
        restart(TestService.start(builder ->
                builder.stores(TestService.storesWith(new DelegatingRegistrationStore(kept) {
                    @Override
                    public boolean insert(Registration registration, Instant now) {
                        Runnable run = before[0];
                        before[0] = () -> {};
                        run.run();
                        return super.insert(registration, now);
                    }
                }))));
        Registered.Email own = service.email(ALICE);
        String code = service.reveal();
        String[] account = {""};
        before[0] = () -> {
            account[0] = service.users.findByVerifiedEmail(ALICE).orElseThrow().id();
            service.complete(own.claim(), code);
        };

        Registered outcome = service.present("attacker", ALICE);

        assertThat(account[0]).isNotEmpty();
        assertThat(outcome).isInstanceOf(Registered.StepUp.class);
        assertThat(kept.findByUser(account[0]))
                .filteredOn(registration -> account[0].equals(registration.userId()) && registration.isLive(START))
                .extracting(Registration::id)
                .containsExactly(own.registrationId());
    }

    @Test
    void t58_anAccountWhoseMakingWasInterruptedIsNotComeBackToAfterTheOwnersProof() {
        boolean[] fails = {true};
        InMemoryRegistrationStore kept = new InMemoryRegistrationStore();
        restart(TestService.start(builder ->
                builder.stores(TestService.storesWith(new DelegatingRegistrationStore(kept) {
                    @Override
                    public boolean insert(Registration registration, Instant now) {
                        if (fails[0]) {
                            throw new PortUnavailableException("down");
                        }
                        return super.insert(registration, now);
                    }
                }))));
        assertThatThrownBy(() -> service.present("attacker", ALICE)).isInstanceOf(PortUnavailableException.class);
        fails[0] = false;
        Registered.Email own = service.email(ALICE);
        service.complete(own.claim(), service.reveal());
        String account = kept.findById(own.registrationId()).orElseThrow().userId();

        assertThat(service.present("attacker", ALICE)).isInstanceOf(Registered.StepUp.class);
        service.reject();
        Registered.Provider elsewhere = service.presentCleanly("attacker", "attacker@example.com");
        assertThat(kept.findById(elsewhere.registrationId()).orElseThrow().userId())
                .isNotEqualTo(account);
    }

    @Test
    void identityWhoseLinkWasRevokedMustBeConfirmedThoughItsUserWasMadeForIt() {
        Registered.Provider first = service.presentCleanly("s", ALICE);
        service.auth.revokeRegistration(first.registrationId());

        assertThat(service.present("s", ALICE)).isInstanceOf(Registered.StepUp.class);
        assertThat(service.stored(first.registrationId()).revokedAt()).isNotNull();
    }

    @Test
    void identityWhoseUserTheServiceKnowsBetterByNowMustBeConfirmed() {
        // Made for the identity, then the service itself proved the address, and the registration is long purged.
        Registered.Provider first = service.presentCleanly("s", ALICE);
        String account = service.stored(first.registrationId()).userId();
        service.origins.forget(account);
        service.registrations.purge(Instant.MAX, Instant.MAX, 10);

        assertThat(service.present("s", ALICE)).isInstanceOf(Registered.StepUp.class);
    }

    @Test
    void providersThatPreparedDifferentAccountsKeepThemApart() {
        Registered.Provider one = service.presentCleanly("s", ALICE);
        Registered.Provider two = (Registered.Provider)
                service.present(service.otherProvider.idJag("s").email(BOB));

        assertThat(service.stored(one.registrationId()).userId())
                .isNotEqualTo(service.stored(two.registrationId()).userId());
        assertThat(service.present(service.otherProvider.idJag("other").email(ALICE)))
                .isInstanceOf(Registered.StepUp.class);
    }

    private void restart(TestService other) {
        service.close();
        service = other;
    }

    /** A directory in which everybody can vanish. */
    private static final class Switch implements UserDirectory {
        private final UserDirectory kept;
        private boolean hidesEverybody;

        Switch(UserDirectory kept) {
            this.kept = kept;
        }

        @Override
        public Optional<User> findById(String userId) {
            return hidesEverybody ? Optional.empty() : kept.findById(userId);
        }

        @Override
        public Optional<User> findByVerifiedEmail(String email) {
            return hidesEverybody ? Optional.empty() : kept.findByVerifiedEmail(email);
        }

        @Override
        public Optional<User> findByVerifiedPhone(String phone) {
            return hidesEverybody ? Optional.empty() : kept.findByVerifiedPhone(phone);
        }

        @Override
        public Optional<User> create(Contact contact) {
            return kept.create(contact);
        }
    }

    /** A directory in which somebody gets an address just before a user is to be made of it. */
    private static class Late implements UserDirectory {
        private final UserDirectory kept;
        private String doesNotSee = "";

        Late(UserDirectory kept) {
            this.kept = kept;
        }

        @Override
        public Optional<User> findById(String userId) {
            return kept.findById(userId);
        }

        @Override
        public Optional<User> findByVerifiedEmail(String email) {
            return email.equals(doesNotSee) ? Optional.empty() : kept.findByVerifiedEmail(email);
        }

        @Override
        public Optional<User> findByVerifiedPhone(String phone) {
            return kept.findByVerifiedPhone(phone);
        }

        @Override
        public Optional<User> create(Contact contact) {
            doesNotSee = "";
            return kept.create(contact);
        }
    }
}
