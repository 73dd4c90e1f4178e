package dev.agentauth;

import static dev.agentauth.TestService.ALICE;
import static dev.agentauth.TestService.BOB;
import static dev.agentauth.TestService.CALLER;
import static dev.agentauth.TestService.START;
import static dev.agentauth.TestService.TICK;
import static dev.agentauth.TestService.wrong;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentauth.config.AnonymousClaim;
import dev.agentauth.config.Lifetimes;
import dev.agentauth.config.NewUserPolicy;
import dev.agentauth.memory.InMemoryRegistrationStore;
import dev.agentauth.registration.Registration;
import dev.agentauth.registration.RegistrationKind;
import dev.agentauth.registration.RegistrationStatus;
import dev.agentauth.spi.ClaimMail;
import dev.agentauth.spi.ClaimMailer;
import dev.agentauth.spi.PortUnavailableException;
import dev.agentauth.spi.User;
import dev.agentauth.testkit.DelegatingRegistrationStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PROTOCOL A4: the ceremony of the mailed code. */
class ClaimCeremonyTest {
    private TestService service = TestService.start();

    @AfterEach
    void close() {
        service.close();
    }

    // The whole way

    @Test
    void anonymousAgentIsClaimedByTheCodeAndItsTokensSimplyWiden() {
        Registered.Anonymous agent = service.anonymous();
        IssuedToken token = service.exchange(agent.assertion());
        assertThat(service.scopesOf(token)).containsExactly("api.read");

        ClaimStarted started = service.startClaim(agent.claim(), ALICE);
        assertThat(started.registrationId()).isEqualTo(agent.registrationId());
        assertThat(started.attemptId()).startsWith("cla_");
        assertThat(started.attempt().expiresAt()).isEqualTo(START.plus(Duration.ofMinutes(10)));
        assertThat(service.scopesOf(token)).as("still pending").containsExactly("api.read");
        String code = service.reveal();
        assertThat(service.scopesOf(token)).as("revealed is not completed").containsExactly("api.read");

        ClaimCompleted completed = service.complete(agent.claim(), code);

        assertThat(completed).isEqualTo(new ClaimCompleted(agent.registrationId(), Optional.empty(), Optional.empty()));
        assertThat(service.scopesOf(token)).containsExactly("api.read", "api.write", "api.pay");
        assertThat(service.auth.authenticate(token.value().reveal())).get().satisfies(bearer -> {
            User owner = service.users.findByVerifiedEmail(ALICE).orElseThrow();
            assertThat(bearer.userId()).contains(owner.id());
            assertThat(bearer.registrationId()).isEqualTo(agent.registrationId());
            assertThat(bearer.provider()).isEmpty();
        });
        assertThat(service.origins.isOnProvidersWord(
                        service.users.findByVerifiedEmail(ALICE).orElseThrow().id()))
                .isFalse();
    }

    @Test
    void emailAgentGetsItsFirstAssertionByTheCode() {
        Registered.Email agent = service.email(ALICE);
        assertThat(agent.postClaimScopes()).containsExactly("api.read", "api.write", "api.pay");

        IssuedAssertion assertion =
                service.complete(agent.claim(), service.reveal()).assertion().orElseThrow();

        assertThat(service.exchange(assertion).scopes()).containsExactly("api.read", "api.write", "api.pay");
    }

    @Test
    void rotatingServiceEndsWhatWasIssuedBeforeTheClaim() {
        restart(TestService.start(builder -> builder.anonymousClaim(AnonymousClaim.ROTATE)));
        Registered.Anonymous agent = service.anonymous();
        IssuedToken before = service.exchange(agent.assertion());
        service.startClaim(agent.claim(), ALICE);

        IssuedAssertion assertion =
                service.complete(agent.claim(), service.reveal()).assertion().orElseThrow();

        assertThat(service.auth.authenticate(before.value().reveal())).isEmpty();
        assertThat(Refused.problem(() -> service.exchange(agent.assertion()))).isEqualTo(Problem.ASSERTION_UNUSABLE);
        assertThat(service.exchange(assertion).scopes()).containsExactly("api.read", "api.write", "api.pay");
        assertThat(service.stored(agent.registrationId()).epoch()).isEqualTo(1);
    }

    @Test
    void mailSaysWhatThePersonHasToKnow() {
        service.clock.advance(Duration.ofMinutes(3));
        Registered.Email agent = service.email("Alice@Example.COM");

        assertThat(service.outbox.mails).singleElement().satisfies(mail -> {
            assertThat(mail.recipient()).isEqualTo(ALICE);
            assertThat(mail.serviceName()).isEqualTo("Example");
            assertThat(mail.registrationId()).isEqualTo(agent.registrationId());
            assertThat(mail.kind()).isEqualTo(RegistrationKind.EMAIL);
            assertThat(mail.agentName()).isEmpty();
            assertThat(mail.scopes()).containsExactly("api.read", "api.write", "api.pay");
            assertThat(mail.requestedAt()).isEqualTo(START.plus(Duration.ofMinutes(3)));
            assertThat(mail.linkExpiresAt()).isEqualTo(START.plus(Duration.ofMinutes(13)));
            assertThat(mail.link())
                    .startsWith("https://auth.example.com/agent/identity/claim/view?token=cvt_")
                    .hasSize("https://auth.example.com/agent/identity/claim/view?token=cvt_".length() + 32);
        });
    }

    // Starting

    @Test
    void sameAddressAgainIsTheSameAnswerWithoutASecondMail() {
        Registered.Anonymous agent = service.anonymous();
        ClaimStarted first = service.startClaim(agent.claim(), ALICE);
        service.clock.moveTo(first.attempt().expiresAt().minus(TICK));

        assertThat(untyped(service.startClaim(agent.claim(), "ALICE@example.com")))
                .isEqualTo(untyped(first));
        assertThat(service.outbox.mails).hasSize(1);
    }

    @Test
    void sameAddressExactlyAtTheLinksEndIsAFreshAttempt() {
        Registered.Anonymous agent = service.anonymous();
        ClaimStarted first = service.startClaim(agent.claim(), ALICE);
        String firstToken = service.outbox.lastToken();
        service.clock.moveTo(first.attempt().expiresAt());

        ClaimStarted second = service.startClaim(agent.claim(), ALICE);

        assertThat(second.attemptId()).isNotEqualTo(first.attemptId());
        assertThat(service.outbox.mails).hasSize(2);
        assertThat(Refused.problem(() -> service.auth.revealCode(CALLER, firstToken)))
                .isEqualTo(Problem.ATTEMPT_UNKNOWN);
        assertThat(service.reveal()).hasSize(6);
    }

    @Test
    void anotherAddressKillsTheOldLinkAndItsCode() {
        Registered.Anonymous agent = service.anonymous();
        service.startClaim(agent.claim(), ALICE);
        String aliceToken = service.outbox.lastToken();
        String aliceCode = service.reveal();

        service.startClaim(agent.claim(), BOB);

        assertThat(service.outbox.last().recipient()).isEqualTo(BOB);
        assertThat(Refused.problem(() -> service.complete(agent.claim(), aliceCode)))
                .isEqualTo(Problem.CODE_NOT_SHOWN);
        assertThat(Refused.problem(() -> service.auth.revealCode(CALLER, aliceToken)))
                .isEqualTo(Problem.ATTEMPT_UNKNOWN);
        assertThat(Refused.problem(() -> service.auth.rejectClaim(CALLER, aliceToken)))
                .isEqualTo(Problem.ATTEMPT_UNKNOWN);
        assertThat(service.auth.viewClaim(aliceToken)).isEqualTo(new ClaimView.Closed(ClaimView.Reason.UNKNOWN));

        service.complete(agent.claim(), service.reveal());
        assertThat(service.stored(agent.registrationId()).userId())
                .isEqualTo(service.users.findByVerifiedEmail(BOB).orElseThrow().id());
    }

    @Test
    void startingIsRefusedTruthfully() {
        Registered.Anonymous agent = service.anonymous();
        Registered.Email email = service.email(ALICE);
        Registered.Anonymous claimed = service.claimedAnonymous(BOB);
        Registered.Anonymous revoked = service.anonymous();
        service.auth.revokeRegistration(revoked.registrationId());

        assertThat(Refused.problem(() -> service.auth.startClaim(CALLER, "clm_unknown", ALICE)))
                .isEqualTo(Problem.CLAIM_TOKEN_UNKNOWN);
        assertThat(Refused.problem(() -> service.startClaim(email.claim(), BOB)))
                .isEqualTo(Problem.ASKED_ALREADY);
        assertThat(Refused.problem(() -> service.startClaim(claimed.claim(), BOB)))
                .isEqualTo(Problem.CLAIMED);
        assertThat(Refused.problem(() -> service.startClaim(revoked.claim(), ALICE)))
                .isEqualTo(Problem.REVOKED);
        service.clock.moveTo(agent.claim().expiresAt().minus(TICK));
        service.startClaim(agent.claim(), ALICE);
        service.clock.moveTo(agent.claim().expiresAt());
        assertThat(Refused.problem(() -> service.startClaim(agent.claim(), ALICE)))
                .isEqualTo(Problem.CLAIM_LAPSED);
        assertThat(Refused.problem(() -> service.startClaim(agent.claim(), BOB)))
                .isEqualTo(Problem.CLAIM_LAPSED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "alice",
                "alice@example.com, bob@example.com",
                "Alice <alice@example.com>",
                "\"a\"@example.com"
            })
    void anAddressThatIsNotOnePlainOneIsRefused(String address) {
        Registered.Anonymous agent = service.anonymous();

        assertThat(Refused.problem(() -> service.startClaim(agent.claim(), address)))
                .isEqualTo(Problem.ADDRESS_UNUSABLE);
        assertThat(Refused.problem(() -> service.email(address))).isEqualTo(Problem.ADDRESS_UNUSABLE);
        assertThat(service.outbox.mails).isEmpty();
    }

    @Test
    void theLinkNeverOutlivesTheClaim() {
        Registered.Anonymous agent = service.anonymous();
        service.clock.moveTo(agent.claim().expiresAt().minus(Duration.ofMinutes(4)));

        assertThat(service.startClaim(agent.claim(), ALICE).attempt().expiresAt())
                .isEqualTo(agent.claim().expiresAt());
        assertThat(service.auth.revealCode(CALLER, service.outbox.lastToken()).expiresAt())
                .isEqualTo(agent.claim().expiresAt());
    }

    // Mail that is refused

    @Test
    void refusedMailIs503AndARepeatMailsAnew() {
        Registered.Anonymous agent = service.anonymous();
        service.outbox.refuses = true;
        AgentAuthException refused = Refused.exception(() -> service.startClaim(agent.claim(), ALICE));
        assertThat(refused.problem()).isEqualTo(Problem.OUT_OF_REACH);
        assertThat(refused.retryAfter()).isPresent();
        assertThat(service.stored(agent.registrationId()).status(START)).isEqualTo(RegistrationStatus.UNCLAIMED);

        service.outbox.refuses = false;
        service.startClaim(agent.claim(), ALICE);

        assertThat(service.outbox.mails).hasSize(1);
        service.complete(agent.claim(), service.reveal());
    }

    @Test
    void f05_repeatWhileTheMailIsBeingHandedOverWaitsForItsOutcomeAndMailsNoSecondOne() throws Exception {
        SlowMailer mailer = new SlowMailer();
        restart(TestService.start(builder -> builder.mailer(mailer)));
        Registered.Anonymous agent = service.anonymous();
        CompletableFuture<ClaimStarted> first =
                CompletableFuture.supplyAsync(() -> service.startClaim(agent.claim(), ALICE));
        mailer.awaitMail();
        CompletableFuture<ClaimStarted> second =
                CompletableFuture.supplyAsync(() -> service.startClaim(agent.claim(), ALICE));

        assertThat(second).as("no answer before its cause").isNotDone();
        mailer.accept();

        assertThat(untyped(second.get(30, TimeUnit.SECONDS))).isEqualTo(untyped(first.get(30, TimeUnit.SECONDS)));
        assertThat(untyped(service.startClaim(agent.claim(), ALICE))).isEqualTo(untyped(first.get()));
        assertThat(mailer.mails).hasValue(1);
    }

    @Test
    void f05_repeatOfAMailThatIsRefusedMailsByItself() throws Exception {
        SlowMailer mailer = new SlowMailer();
        restart(TestService.start(builder -> builder.mailer(mailer)));
        Registered.Anonymous agent = service.anonymous();
        CompletableFuture<ClaimStarted> first =
                CompletableFuture.supplyAsync(() -> service.startClaim(agent.claim(), ALICE));
        mailer.awaitMail();
        CompletableFuture<ClaimStarted> second =
                CompletableFuture.supplyAsync(() -> service.startClaim(agent.claim(), ALICE));
        mailer.refuse();

        assertThat(first)
                .failsWithin(Duration.ofSeconds(30))
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(AgentAuthException.class);
        ClaimStarted started = second.get(30, TimeUnit.SECONDS);
        assertThat(mailer.mails).hasValue(2);
        assertThat(untyped(service.startClaim(agent.claim(), ALICE))).isEqualTo(untyped(started));
        assertThat(mailer.mails).hasValue(2);
    }

    /** Without the code that the agent shows, which is fresh in each answer. */
    private static ClaimStarted untyped(ClaimStarted started) {
        return new ClaimStarted(
                started.registrationId(),
                started.attemptId(),
                new AttemptHandle(started.attempt().link(), started.attempt().expiresAt(), Optional.empty()));
    }

    /** Holds the first mail until it is told what becomes of it; takes every further one at once. */
    private static final class SlowMailer implements ClaimMailer {
        private final AtomicInteger mails = new AtomicInteger();
        private final CountDownLatch handedOver = new CountDownLatch(1);
        private final CompletableFuture<Boolean> accepted = new CompletableFuture<>();

        @Override
        public void sendClaimLink(ClaimMail mail) {
            if (mails.incrementAndGet() > 1) {
                return;
            }
            handedOver.countDown();
            if (!accepted.orTimeout(30, TimeUnit.SECONDS).join()) {
                throw new IllegalStateException("refused");
            }
        }

        void awaitMail() throws InterruptedException {
            assertThat(handedOver.await(30, TimeUnit.SECONDS)).isTrue();
        }

        void accept() {
            accepted.complete(true);
        }

        void refuse() {
            accepted.complete(false);
        }
    }

    @Test
    void mailThatWasNeverHandedOverDoesNotKeepALinkOpen() {
        InMemoryRegistrationStore kept = new InMemoryRegistrationStore();
        boolean[] fails = {true};
        restart(TestService.start(builder ->
                builder.stores(TestService.storesWith(new DelegatingRegistrationStore(kept) {
                    @Override
                    public Optional<Registration> replace(Registration current, Registration next) {
                        Optional<Registration> written = super.replace(current, next);
                        if (fails[0]) {
                            fails[0] = false;
                            throw new PortUnavailableException("the answer was lost");
                        }
                        return written;
                    }
                }))));
        Registered.Anonymous agent = service.anonymous();
        assertThatThrownBy(() -> service.startClaim(agent.claim(), ALICE)).isInstanceOf(PortUnavailableException.class);

        service.startClaim(agent.claim(), ALICE);

        assertThat(service.outbox.mails).hasSize(1);
        service.complete(agent.claim(), service.reveal());
    }

    @Test
    void refusedMailOfAnEmailRegistrationLeavesNothingThatActs() {
        service.outbox.refuses = true;
        assertThat(Refused.problem(() -> service.email(ALICE))).isEqualTo(Problem.OUT_OF_REACH);

        String id = service.audit.events.stream()
                .map(event -> event.registrationId())
                .filter(java.util.Objects::nonNull)
                .findFirst()
                .orElseThrow();
        assertThat(service.stored(id).status(START)).isEqualTo(RegistrationStatus.REVOKED);
        service.outbox.refuses = false;
        Registered.Email second = service.email(ALICE);
        assertThat(service.complete(second.claim(), service.reveal()).assertion())
                .isPresent();
    }

    @Test
    void refusedMailToAnotherAddressStillEndsTheFirstLink() {
        Registered.Anonymous agent = service.anonymous();
        service.startClaim(agent.claim(), ALICE);
        String aliceToken = service.outbox.lastToken();
        service.outbox.refuses = true;

        assertThat(Refused.problem(() -> service.startClaim(agent.claim(), BOB)))
                .isEqualTo(Problem.OUT_OF_REACH);
        assertThat(Refused.problem(() -> service.auth.revealCode(CALLER, aliceToken)))
                .isEqualTo(Problem.ATTEMPT_UNKNOWN);
    }

    // The page

    @Test
    void viewTellsWhatThereIsToDecide() {
        Registered.Anonymous agent = service.anonymous();
        service.clock.advance(Duration.ofMinutes(2));
        ClaimStarted started = service.startClaim(agent.claim(), ALICE);

        assertThat(service.auth.viewClaim(service.outbox.lastToken()))
                .isEqualTo(new ClaimView.Open(
                        agent.registrationId(),
                        RegistrationKind.ANONYMOUS,
                        "a\u2026e@example.com",
                        "",
                        List.of("api.read", "api.write", "api.pay"),
                        true,
                        false,
                        START.plus(Duration.ofMinutes(2)),
                        started.attempt().expiresAt(),
                        true,
                        Optional.empty()));
    }

    @Test
    void viewTellsWhyThereIsNothingToDecide() {
        Registered.Anonymous lapsed = service.anonymous();
        service.startClaim(lapsed.claim(), ALICE);
        String lapsedToken = service.outbox.lastToken();
        service.clock.moveTo(START.plus(Duration.ofMinutes(10)).minus(TICK));
        assertThat(service.auth.viewClaim(lapsedToken)).isInstanceOf(ClaimView.Open.class);
        service.clock.advance(TICK);
        assertThat(service.auth.viewClaim(lapsedToken)).isEqualTo(closed(ClaimView.Reason.LAPSED));

        Registered.Anonymous confirmed = service.claimedAnonymous(ALICE);
        assertThat(service.auth.viewClaim(service.outbox.lastToken()))
                .isEqualTo(new ClaimView.Closed(
                        ClaimView.Reason.COMPLETED,
                        Optional.of(new ClaimView.Confirmed(
                                confirmed.registrationId(),
                                "",
                                List.of("api.read", "api.write", "api.pay"),
                                service.clock.instant()))));

        Registered.Anonymous rejected = service.anonymous();
        service.startClaim(rejected.claim(), ALICE);
        service.reject();
        assertThat(service.auth.viewClaim(service.outbox.lastToken())).isEqualTo(closed(ClaimView.Reason.REJECTED));

        service.email(ALICE);
        service.reject();
        assertThat(service.auth.viewClaim(service.outbox.lastToken())).isEqualTo(closed(ClaimView.Reason.REJECTED));

        Registered.Email revoked = service.email(ALICE);
        service.auth.revokeRegistration(revoked.registrationId());
        assertThat(service.auth.viewClaim(service.outbox.lastToken())).isEqualTo(closed(ClaimView.Reason.REVOKED));

        for (Registered.Email agent : List.of(service.email(BOB))) {
            guessWrong(agent.claim(), 20);
            assertThat(service.auth.viewClaim(service.outbox.lastToken())).isEqualTo(closed(ClaimView.Reason.LOCKED));
        }
        assertThat(service.auth.viewClaim("cvt_unknown")).isEqualTo(closed(ClaimView.Reason.UNKNOWN));
        assertThat(service.auth.viewClaim("")).isEqualTo(closed(ClaimView.Reason.UNKNOWN));
    }

    @Test
    void t19_viewingAThousandTimesChangesNothing() {
        Registered.Anonymous agent = service.anonymous();
        service.startClaim(agent.claim(), ALICE);
        String token = service.outbox.lastToken();
        Registration before = service.stored(agent.registrationId());
        int events = service.audit.events.size();

        for (int i = 0; i < 1000; i++) {
            service.auth.viewClaim(token);
        }

        assertThat(service.stored(agent.registrationId())).isEqualTo(before);
        assertThat(service.audit.events).hasSize(events);
    }

    // Revealing

    @Test
    void revealedCodeIsSixDigitsAndVoidsTheOneBefore() {
        Registered.Email agent = service.email(ALICE);
        String first = service.reveal();
        String second = service.reveal();
        while (second.equals(first)) {
            second = service.reveal();
        }

        assertThat(first).matches("[0-9]{6}");
        assertThat(Refused.problem(() -> service.complete(agent.claim(), first)))
                .isEqualTo(Problem.CODE_WRONG);
        assertThat(service.complete(agent.claim(), second).assertion()).isPresent();
    }

    @Test
    void revealingIsRefusedTruthfully() {
        service.email(ALICE);
        String token = service.outbox.lastToken();
        service.clock.moveTo(START.plus(Duration.ofMinutes(10)).minus(TICK));
        service.auth.revealCode(CALLER, token);
        service.clock.advance(Duration.ofMinutes(10).minus(TICK));
        service.auth.revealCode(CALLER, token);
        service.clock.advance(Duration.ofMinutes(10));
        assertThat(Refused.problem(() -> service.auth.revealCode(CALLER, token)))
                .as("neither the link nor a code lives")
                .isEqualTo(Problem.LINK_LAPSED);
        assertThat(Refused.problem(() -> service.auth.rejectClaim(CALLER, token)))
                .isEqualTo(Problem.LINK_LAPSED);

        assertThat(Refused.problem(() -> service.auth.revealCode(CALLER, "cvt_unknown")))
                .isEqualTo(Problem.ATTEMPT_UNKNOWN);

        service.claimedAnonymous(ALICE);
        String completed = service.outbox.lastToken();
        assertThat(Refused.problem(() -> service.auth.revealCode(CALLER, completed)))
                .isEqualTo(Problem.CLAIMED);
        assertThat(Refused.problem(() -> service.auth.rejectClaim(CALLER, completed)))
                .isEqualTo(Problem.CLAIMED);

        service.email(ALICE);
        service.reject();
        String rejected = service.outbox.lastToken();
        assertThat(Refused.problem(() -> service.auth.revealCode(CALLER, rejected)))
                .isEqualTo(Problem.SAID_NO);
        assertThat(Refused.problem(() -> service.auth.rejectClaim(CALLER, rejected)))
                .isEqualTo(Problem.SAID_NO);
    }

    // Saying no

    @Test
    void noEndsAnEmailRegistrationAndCompletingKeepsSayingSo() {
        Registered.Email agent = service.email(ALICE);
        String code = service.reveal();
        service.reject();

        assertThat(service.stored(agent.registrationId()).status(START)).isEqualTo(RegistrationStatus.REVOKED);
        assertThat(Refused.problem(() -> service.complete(agent.claim(), code))).isEqualTo(Problem.SAID_NO);
        assertThat(Refused.problem(() -> service.complete(agent.claim(), code))).isEqualTo(Problem.SAID_NO);
    }

    @Test
    void noLetsAnAnonymousAgentGoOnUnclaimedAndAskSomebodyElse() {
        Registered.Anonymous agent = service.anonymous();
        service.startClaim(agent.claim(), ALICE);
        String code = service.reveal();
        service.reject();

        assertThat(Refused.problem(() -> service.complete(agent.claim(), code))).isEqualTo(Problem.SAID_NO);
        assertThat(Refused.problem(() -> service.startClaim(agent.claim(), ALICE)))
                .isEqualTo(Problem.SAID_NO);
        assertThat(service.exchange(agent.assertion()).scopes()).containsExactly("api.read");
        assertThat(service.outbox.mails).hasSize(1);

        service.startClaim(agent.claim(), BOB);
        service.complete(agent.claim(), service.reveal());
        assertThat(service.exchange(agent.assertion()).scopes()).hasSize(3);
    }

    @Test
    void noToOneRegistrationDoesNotBindAnother() {
        Registered.Anonymous first = service.anonymous();
        service.startClaim(first.claim(), ALICE);
        service.reject();

        Registered.Anonymous second = service.anonymous();
        assertThat(service.startClaim(second.claim(), ALICE).registrationId()).isEqualTo(second.registrationId());
    }

    // Completing

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "12345",
                "1234567",
                "12345a",
                " 12345",
                "12 456",
                "\u0661\u0662\u0663\u0664\u0665\u0666",
                "-12345"
            })
    void whatIsNotSixDigitsIsRefusedAndNotCounted(String otp) {
        Registered.Email agent = service.email(ALICE);
        String code = service.reveal();

        for (int i = 0; i < 30; i++) {
            assertThat(Refused.problem(() -> service.complete(agent.claim(), otp)))
                    .isEqualTo(Problem.MALFORMED);
        }
        assertThat(service.complete(agent.claim(), code).assertion()).isPresent();
    }

    @Test
    void completingIsRefusedTruthfully() {
        Registered.Anonymous agent = service.anonymous();
        assertThat(Refused.problem(() -> service.auth.completeClaim(CALLER, "clm_unknown", "123456")))
                .isEqualTo(Problem.CLAIM_TOKEN_UNKNOWN);
        assertThat(Refused.problem(() -> service.complete(agent.claim(), "123456")))
                .as("no attempt")
                .isEqualTo(Problem.CODE_NOT_SHOWN);
        service.startClaim(agent.claim(), ALICE);
        assertThat(Refused.problem(() -> service.complete(agent.claim(), "123456")))
                .as("no code")
                .isEqualTo(Problem.CODE_NOT_SHOWN);
        String code = service.reveal();
        assertThat(Refused.problem(() -> service.complete(agent.claim(), wrong(code))))
                .isEqualTo(Problem.CODE_WRONG);
        service.complete(agent.claim(), code);
        assertThat(Refused.problem(() -> service.complete(agent.claim(), code))).isEqualTo(Problem.CLAIMED);
        assertThat(Refused.problem(() -> service.complete(agent.claim(), wrong(code))))
                .isEqualTo(Problem.CLAIMED);

        Registered.Email revoked = service.email(ALICE);
        String revokedCode = service.reveal();
        service.auth.revokeRegistration(revoked.registrationId());
        assertThat(Refused.problem(() -> service.complete(revoked.claim(), revokedCode)))
                .isEqualTo(Problem.REVOKED);
    }

    @Test
    void theCodeIsGoodUntilExactlyItsEnd() {
        Registered.Email first = service.email(ALICE);
        String firstCode = service.reveal();
        service.clock.moveTo(START.plus(Duration.ofMinutes(10)).minus(TICK));
        assertThat(service.complete(first.claim(), firstCode).assertion()).isPresent();

        Registered.Email second = service.email(BOB);
        String secondCode = service.reveal();
        service.clock.advance(Duration.ofMinutes(10));
        assertThat(Refused.problem(() -> service.complete(second.claim(), secondCode)))
                .isEqualTo(Problem.CODE_LAPSED);
    }

    @Test
    void theCodeOutlivesItsLink() {
        Registered.Email agent = service.email(ALICE);
        service.clock.moveTo(START.plus(Duration.ofMinutes(9)));
        String code = service.reveal();
        service.clock.moveTo(START.plus(Duration.ofMinutes(19)).minus(TICK));

        assertThat(service.complete(agent.claim(), code).assertion()).isPresent();
    }

    @Test
    void nobodyClaimsExactlyAtTheClaimsEnd() {
        restart(TestService.start(
                builder -> builder.lifetimes(Lifetimes.standard().withRegistration(Duration.ofMinutes(5)))));
        Registered.Email first = service.email(ALICE);
        String firstCode = service.reveal();
        Registered.Email second = service.email(BOB);
        String secondCode = service.reveal();

        service.clock.moveTo(START.plus(Duration.ofMinutes(5)).minus(TICK));
        assertThat(service.complete(first.claim(), firstCode).assertion()).isPresent();
        service.clock.advance(TICK);
        assertThat(Refused.problem(() -> service.complete(second.claim(), secondCode)))
                .isEqualTo(Problem.CLAIM_LAPSED);
    }

    @Test
    void fiveWrongCodesVoidTheCodeUntilANewOneIsRevealed() {
        Registered.Email agent = service.email(ALICE);
        String code = service.reveal();
        for (int i = 0; i < 5; i++) {
            assertThat(Refused.problem(() -> service.complete(agent.claim(), wrong(code))))
                    .isEqualTo(Problem.CODE_WRONG);
        }

        assertThat(Refused.problem(() -> service.complete(agent.claim(), code))).isEqualTo(Problem.CODE_VOID);
        assertThat(Refused.problem(() -> service.complete(agent.claim(), wrong(code))))
                .isEqualTo(Problem.CODE_VOID);
        assertThat(service.complete(agent.claim(), service.reveal()).assertion())
                .isPresent();
    }

    @Test
    void twentyWrongCodesEndTheClaimOfAnAnonymousAgentWhichGoesOn() {
        Registered.Anonymous agent = service.anonymous();
        service.startClaim(agent.claim(), ALICE);
        guessWrong(agent.claim(), 10);
        service.startClaim(agent.claim(), BOB);
        guessWrong(agent.claim(), 9);
        String code = service.reveal();
        assertThat(Refused.problem(() -> service.complete(agent.claim(), wrong(code))))
                .isEqualTo(Problem.CODE_WRONG);

        assertThat(Refused.problem(() -> service.complete(agent.claim(), code))).isEqualTo(Problem.GUESSED_OUT);
        assertThat(Refused.problem(service::reveal)).isEqualTo(Problem.GUESSED_OUT);
        assertThat(Refused.problem(() -> service.startClaim(agent.claim(), "carol@example.com")))
                .isEqualTo(Problem.GUESSED_OUT);
        assertThat(service.exchange(agent.assertion()).scopes()).containsExactly("api.read");
    }

    @Test
    void twentyWrongCodesEndAnEmailRegistration() {
        Registered.Email agent = service.email(ALICE);
        guessWrong(agent.claim(), 19);
        String code = service.reveal();
        assertThat(Refused.problem(() -> service.complete(agent.claim(), wrong(code))))
                .isEqualTo(Problem.CODE_WRONG);

        assertThat(Refused.problem(() -> service.complete(agent.claim(), code))).isEqualTo(Problem.GUESSED_OUT);
        assertThat(service.stored(agent.registrationId()).status(START)).isEqualTo(RegistrationStatus.REVOKED);
    }

    @Test
    void inactiveUserOfTheAddressCannotClaimAndNothingIsMade() {
        service.user("user_a", ALICE);
        service.users.setActive("user_a", false);
        Registered.Email agent = service.email(ALICE);
        String code = service.reveal();

        assertThat(Refused.problem(() -> service.complete(agent.claim(), code))).isEqualTo(Problem.STANDING_LOST);
        assertThat(service.stored(agent.registrationId()).userId()).isNull();

        service.users.setActive("user_a", true);
        service.complete(agent.claim(), code);
        assertThat(service.stored(agent.registrationId()).userId()).isEqualTo("user_a");
    }

    @Test
    void nobodyIsMadeWhereOnlyExistingUsersMayOwnAgents() {
        restart(TestService.start(builder -> builder.newUsers(NewUserPolicy.REFUSE)));
        service.user("user_a", ALICE);
        Registered.Email known = service.email(ALICE);
        service.complete(known.claim(), service.reveal());
        Registered.Email unknown = service.email(BOB);
        String code = service.reveal();

        assertThat(Refused.problem(() -> service.complete(unknown.claim(), code)))
                .isEqualTo(Problem.STANDING_LOST);
        assertThat(service.users.findByVerifiedEmail(BOB)).isEmpty();
    }

    @Test
    void ownersAddressIsComparedWithoutRegardToCase() {
        service.user("user_a", "Alice@Example.com");
        Registered.Email agent = service.email("ALICE@EXAMPLE.COM");
        service.complete(agent.claim(), service.reveal());

        assertThat(service.stored(agent.registrationId()).userId()).isEqualTo("user_a");
    }

    @Test
    void existingOwnerIsNotifiedAndANewOneIsNot() {
        service.user("user_a", ALICE);
        Registered.Email known = service.email(ALICE);
        service.complete(known.claim(), service.reveal());
        Registered.Email unknown = service.email(BOB);
        service.complete(unknown.claim(), service.reveal());

        assertThat(service.outbox.notices).singleElement().satisfies(notice -> {
            assertThat(notice.recipient()).isEqualTo(ALICE);
            assertThat(notice.registrationId()).isEqualTo(known.registrationId());
            assertThat(notice.serviceName()).isEqualTo("Example");
            assertThat(notice.linkedAt()).isEqualTo(START);
        });
    }

    @Test
    void refusedNoticeChangesNothing() {
        service.user("user_a", ALICE);
        Registered.Email agent = service.email(ALICE);
        String code = service.reveal();
        service.outbox.refuses = true;

        assertThat(service.complete(agent.claim(), code).assertion()).isPresent();
    }

    @Test
    void oneAddressIsOneUserForAllItsAgents() {
        Registered.Anonymous first = service.claimedAnonymous(ALICE);
        Registered.Anonymous second = service.claimedAnonymous(ALICE);

        String owner = service.stored(first.registrationId()).userId();
        assertThat(service.stored(second.registrationId()).userId()).isEqualTo(owner);
        assertThat(service.registrations.findByUser(owner))
                .extracting(Registration::id)
                .containsExactlyInAnyOrder(first.registrationId(), second.registrationId());
    }

    @Test
    void addressThatItsUserHasLeftDoesNotLeadToThatUserAnyMore() {
        Registered.Anonymous first = service.claimedAnonymous(ALICE);
        String left = service.stored(first.registrationId()).userId();
        service.users.add(User.of(left, "alice.new@example.com"));

        // Whoever has the mailbox by now proves it.
        Registered.Anonymous second = service.anonymous();
        service.startClaim(second.claim(), ALICE);
        String code = service.reveal();
        try {
            service.complete(second.claim(), code);
        } catch (AgentAuthException e) {
            assertThat(e.problem()).isEqualTo(Problem.STANDING_LOST);
        }

        assertThat(service.stored(second.registrationId()).userId()).isNotEqualTo(left);
    }

    @Test
    void t17_noSecretOfOneRegistrationWorksOnAnother() {
        Registered.Email alices = service.email(ALICE);
        String alicesLink = service.outbox.lastToken();
        String alicesCode = service.reveal();
        Registered.Email bobs = service.email(BOB);
        String bobsLink = service.outbox.lastToken();
        String bobsCode = service.reveal();
        while (bobsCode.equals(alicesCode)) {
            bobsCode = service.reveal();
        }
        String codeOfBob = bobsCode;

        assertThat(Refused.problem(() -> service.complete(alices.claim(), codeOfBob)))
                .isEqualTo(Problem.CODE_WRONG);
        for (String link : List.of(alicesLink, bobsLink)) {
            assertThat(Refused.problem(() -> service.auth.completeClaim(CALLER, link, alicesCode)))
                    .isEqualTo(Problem.CLAIM_TOKEN_UNKNOWN);
            assertThat(Refused.problem(() -> service.auth.startClaim(CALLER, link, ALICE)))
                    .isEqualTo(Problem.CLAIM_TOKEN_UNKNOWN);
            assertThat(service.auth.authenticate(link)).isEmpty();
        }
        for (ClaimHandle claim : List.of(alices.claim(), bobs.claim())) {
            String token = claim.token().reveal();
            assertThat(Refused.problem(() -> service.auth.revealCode(CALLER, token)))
                    .isEqualTo(Problem.ATTEMPT_UNKNOWN);
            assertThat(Refused.problem(() -> service.auth.rejectClaim(CALLER, token)))
                    .isEqualTo(Problem.ATTEMPT_UNKNOWN);
            assertThat(service.auth.viewClaim(token)).isEqualTo(closed(ClaimView.Reason.UNKNOWN));
            assertThat(service.auth.authenticate(token)).isEmpty();
        }
        service.complete(alices.claim(), alicesCode);
        service.complete(bobs.claim(), codeOfBob);
    }

    private void guessWrong(ClaimHandle claim, int times) {
        String code = service.reveal();
        for (int i = 1; i <= times; i++) {
            String guess = wrong(code);
            assertThat(Refused.problem(() -> service.complete(claim, guess))).isEqualTo(Problem.CODE_WRONG);
            if (i % 5 == 0 && i < times) {
                code = service.reveal();
            }
        }
    }

    private void restart(TestService other) {
        service.close();
        service = other;
    }

    private static ClaimView closed(ClaimView.Reason reason) {
        return new ClaimView.Closed(reason);
    }
}
