package dev.agentauth;

import static dev.agentauth.TestService.ALICE;
import static dev.agentauth.TestService.BOB;
import static dev.agentauth.TestService.CALLER;
import static dev.agentauth.TestService.START;
import static dev.agentauth.TestService.wrong;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.registration.Guess;
import dev.agentauth.registration.Registration;
import dev.agentauth.spi.AuditEvent;
import dev.agentauth.testkit.Race;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** The races of the protocol, each with 64 threads behind one latch. */
class RacesTest {
    private static final String ANSWERED = "answered";

    private final TestService service = TestService.start();

    @AfterEach
    void close() {
        service.close();
    }

    // The ceremony

    @RepeatedTest(10)
    void t28_ofManyCorrectCompletionsExactlyOneSucceeds() {
        Registered.Email email = service.email(ALICE);
        String emailCode = service.reveal();
        Registered.Anonymous anonymous = service.anonymous();
        service.startClaim(anonymous.claim(), BOB);
        String anonymousCode = service.reveal();

        List<String> answers = Race.runEach(number -> () -> number % 2 == 0
                ? "email " + said(() -> service.complete(email.claim(), emailCode))
                : "anonymous " + said(() -> service.complete(anonymous.claim(), anonymousCode)));

        assertThat(count(answers))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "email answered", 1L,
                        "email CLAIMED", 31L,
                        "anonymous answered", 1L,
                        "anonymous CLAIMED", 31L));
        assertThat(service.audit.of(AuditEvent.Type.CLAIM_CONFIRMED)).hasSize(2);
    }

    @RepeatedTest(10)
    void t27_parallelWrongGuessesAreFiveAtTheMost() {
        Registered.Email agent = service.email(ALICE);
        String code = service.reveal();

        List<String> answers = Race.run(() -> said(() -> service.complete(agent.claim(), wrong(code))));

        assertThat(count(answers)).containsExactlyInAnyOrderEntriesOf(Map.of("CODE_WRONG", 5L, "CODE_VOID", 59L));
        assertThat(said(() -> service.complete(agent.claim(), code))).isEqualTo("CODE_VOID");
        assertThat(service.audit.of(AuditEvent.Type.OTP_FAILED)).hasSize(5);
    }

    @RepeatedTest(3)
    void t25_t27_guessingWhileCodesAreMadeAnewIsTwentyAtTheMost() {
        Registered.Anonymous agent = service.anonymous();
        service.startClaim(agent.claim(), ALICE);
        String link = service.outbox.lastToken();
        service.reveal();

        List<List<String>> answers = Race.runEach(number -> () -> IntStream.range(0, 20)
                .mapToObj(i -> number % 8 == 0
                        ? said(() -> service.auth.revealCode(CALLER, link))
                        : said(() -> service.complete(agent.claim(), String.format("%06d", number * 20 + i))))
                .toList());

        List<String> all = new ArrayList<>();
        answers.forEach(all::addAll);
        long guessed = all.stream().filter("CODE_WRONG"::equals).count();
        if (service.stored(agent.registrationId()).claimedAt() == null) {
            assertThat(guessed).isLessThanOrEqualTo(20);
            assertThat(service.stored(agent.registrationId()).claim().wrongGuesses())
                    .as("each answered guess was counted")
                    .isEqualTo((int) guessed);
        }
    }

    @RepeatedTest(10)
    void rightCodeAmongWrongOnesCountsOnceOrIsVoid() {
        Registered.Email agent = service.email(ALICE);
        String code = service.reveal();

        List<String> answers = Race.runEach(number ->
                () -> said(() -> service.complete(agent.claim(), number == 0 ? code : wrong(code))));

        Map<String, Long> count = count(answers);
        assertThat(count.getOrDefault("CODE_WRONG", 0L)).isLessThanOrEqualTo(5);
        if (service.stored(agent.registrationId()).claimedAt() == null) {
            assertThat(answers.get(0)).isEqualTo("CODE_VOID");
        } else {
            assertThat(answers.get(0)).isEqualTo(ANSWERED);
            assertThat(count.keySet()).containsAnyOf("CLAIMED", "CODE_WRONG");
        }
        assertThat(count.getOrDefault(ANSWERED, 0L)).isLessThanOrEqualTo(1);
    }

    @RepeatedTest(5)
    void sameStartManyTimesIsOneMailAndOneAttempt() {
        Registered.Anonymous agent = service.anonymous();

        List<String> attempts = Race.run(() -> {
            try {
                return service.startClaim(agent.claim(), ALICE).attemptId();
            } catch (AgentAuthException e) {
                assertThat(e.problem())
                        .as("its mail is on the way to the mailer")
                        .isEqualTo(Problem.OUT_OF_REACH);
                return "";
            }
        });

        assertThat(service.outbox.mails).hasSize(1);
        assertThat(attempts).filteredOn(attempt -> !attempt.isEmpty()).isNotEmpty();
        assertThat(Set.copyOf(attempts).stream().filter(attempt -> !attempt.isEmpty()))
                .containsExactly(
                        service.stored(agent.registrationId()).claim().attempt().id());
    }

    @RepeatedTest(10)
    void ofManyRevealedCodesOnlyTheLastStoredOneIsGood() {
        Registered.Email agent = service.email(ALICE);
        String link = service.outbox.lastToken();

        List<String> codes =
                Race.run(() -> service.auth.revealCode(CALLER, link).code().reveal());

        Registration stored = service.stored(agent.registrationId());
        List<String> good = codes.stream()
                .filter(code -> stored.guess(code, service.clock.instant()) instanceof Guess.Right)
                .toList();
        assertThat(Set.copyOf(good)).hasSize(1);
        assertThat(said(() -> service.complete(agent.claim(), good.get(0)))).isEqualTo(ANSWERED);
    }

    @RepeatedTest(10)
    void t26_codeOfASupersededLinkIsDead() {
        Registered.Anonymous agent = service.anonymous();
        service.startClaim(agent.claim(), ALICE);
        String alicesLink = service.outbox.lastToken();
        ConcurrentLinkedQueue<String> alicesCodes = new ConcurrentLinkedQueue<>();

        Race.runEach(number -> () -> {
            if (number % 16 == 0) {
                return said(() -> service.startClaim(agent.claim(), BOB));
            }
            return said(() -> alicesCodes.add(
                    service.auth.revealCode(CALLER, alicesLink).code().reveal()));
        });

        assertThat(service.stored(agent.registrationId()).attempt().asked().address())
                .isEqualTo(BOB);
        for (String code : alicesCodes) {
            assertThat(said(() -> service.complete(agent.claim(), code))).isEqualTo("CODE_NOT_SHOWN");
        }
        assertThat(said(() -> service.auth.revealCode(CALLER, alicesLink))).isEqualTo("ATTEMPT_UNKNOWN");
    }

    @RepeatedTest(10)
    void yesAndNoAreNeverBoth() {
        Registered.Email agent = service.email(ALICE);
        String link = service.outbox.lastToken();
        String code = service.reveal();

        List<String> answers = Race.runEach(number -> () -> number % 2 == 0
                ? "yes " + said(() -> service.complete(agent.claim(), code))
                : "no " + said(() -> service.auth.rejectClaim(CALLER, link)));

        Map<String, Long> count = count(answers);
        assertThat(count.getOrDefault("yes answered", 0L) + count.getOrDefault("no answered", 0L))
                .isEqualTo(1);
        Registration stored = service.stored(agent.registrationId());
        assertThat(stored.claimedAt() == null).isEqualTo(count.containsKey("no answered"));
    }

    @RepeatedTest(10)
    void t64_revokingEverythingIsNotUndoneByAClaimInFlight() {
        List<Registered.Email> agents = new ArrayList<>();
        List<String> codes = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            agents.add(service.email("user" + i + "@example.com"));
            codes.add(service.reveal());
        }

        Race.runEach(number -> () -> number == 0
                ? said(() -> assertThat(service.auth.revokeAllRegistrations()).isEqualTo(16))
                : said(() -> service.complete(agents.get(number % 16).claim(), codes.get(number % 16))));

        for (Registered.Email agent : agents) {
            assertThat(service.stored(agent.registrationId()).revokedAt()).isEqualTo(START);
        }
    }

    // Presentations

    @RepeatedTest(10)
    void t13_oneIdJagIsAcceptedOnce() {
        String idJag = service.provider.idJag("s").email(ALICE).compact();

        List<String> answers = Race.run(() -> said(() -> service.auth.registerWithIdJag(CALLER, idJag)));

        assertThat(count(answers)).containsExactlyInAnyOrderEntriesOf(Map.of(ANSWERED, 1L, "REPLAYED", 63L));
    }

    @RepeatedTest(5)
    void manyFirstPresentationsAreOneRegistrationAndOneUser() {
        List<Registered> registered = Race.runEach(number -> present("s", ALICE));

        assertThat(registered).allMatch(Registered.Provider.class::isInstance);
        assertThat(registered.stream().map(Registered::registrationId).distinct())
                .hasSize(1);
        assertThat(service.users.findById("user_2")).isEmpty();
        String owner = service.users.findByVerifiedEmail(ALICE).orElseThrow().id();
        assertThat(service.registrations.findByUser(owner)).hasSize(1);
        assertThat(service.audit.of(AuditEvent.Type.REGISTRATION_CREATED)).hasSize(1);
        for (Registered one : registered) {
            assertThat(service.exchange(((Registered.Provider) one).assertion()).scopes())
                    .hasSize(3);
        }
    }

    @RepeatedTest(5)
    void manyFirstPresentationsForAnExistingUserAreOneStepUpAndOneMail() {
        service.user("user_a", ALICE);

        ConcurrentLinkedQueue<Registered.StepUp> registered = new ConcurrentLinkedQueue<>();
        List<String> answers = Race.runEach(number -> {
            Callable<Registered> present = present("s", ALICE);
            return () -> said(() -> registered.add((Registered.StepUp) present.call()));
        });

        assertThat(answers)
                .as("answered, or told to repeat while the mail is on its way to the mailer")
                .isSubsetOf(ANSWERED, "OUT_OF_REACH")
                .contains(ANSWERED);
        assertThat(registered.stream().map(Registered::registrationId).distinct())
                .hasSize(1);
        assertThat(service.outbox.mails).hasSize(1);
        assertThat(service.registrations.findByUser("user_a")).hasSize(1);
        String code = service.reveal();
        List<String> completions = registered.stream()
                .map(one -> said(() -> service.complete(one.claim(), code)))
                .toList();
        assertThat(completions)
                .filteredOn(ANSWERED::equals)
                .as("one claim token is in force")
                .hasSizeLessThanOrEqualTo(1);
        if (!completions.contains(ANSWERED)) {
            service.complete(service.presentForStepUp("s", ALICE).claim(), code);
        }
        assertThat(service.registrations.findByUser("user_a").get(0).userId()).isEqualTo("user_a");
    }

    @RepeatedTest(10)
    void t57_oneAddressAssertedForManyIdentitiesAtOnceNeverBindsTwoOfThem() {
        List<Registered> registered = Race.runEach(number -> present("s" + number, ALICE));

        String owner = service.users.findByVerifiedEmail(ALICE).orElseThrow().id();
        assertThat(registered).filteredOn(Registered.Provider.class::isInstance).hasSize(1);
        assertThat(service.registrations.findByUser(owner))
                .hasSize(64)
                .filteredOn(registration -> registration.userId() != null)
                .hasSize(1);
    }

    @RepeatedTest(10)
    void t58_nobodyComesInBesideTheFirstOwnProof() {
        Registered.Email own = service.email(ALICE);
        String code = service.reveal();

        Race.runEach(number -> {
            if (number == 0) {
                return () -> said(() -> service.complete(own.claim(), code));
            }
            Callable<Registered> present = present("s" + number, ALICE);
            return () -> said(present::call);
        });

        String owner = service.stored(own.registrationId()).userId();
        assertThat(owner).isNotNull();
        assertThat(service.registrations.findByUser(owner))
                .filteredOn(registration -> owner.equals(registration.userId()) && registration.isLive(START))
                .extracting(Registration::id)
                .containsExactly(own.registrationId());
    }

    // Ends

    @RepeatedTest(5)
    void noTokenIsAcceptedAfterTheLogoutWasAnswered() {
        Registered.Provider agent = service.presentCleanly("s", ALICE);
        String logout = service.provider.logout("s").compact();
        ConcurrentLinkedQueue<IssuedToken> tokens = new ConcurrentLinkedQueue<>();
        AtomicBoolean answered = new AtomicBoolean();

        List<String> late = Collections.synchronizedList(new ArrayList<>());
        Race.runEach(number -> () -> {
            if (number == 0) {
                service.auth.logout(CALLER, logout);
                answered.set(true);
                return ANSWERED;
            }
            for (int i = 0; i < 50; i++) {
                boolean after = answered.get();
                try {
                    IssuedToken token = service.exchange(agent.assertion());
                    tokens.add(token);
                    if (after) {
                        late.add("exchanged");
                    }
                    boolean afterwards = answered.get();
                    if (service.scopesOf(token) != null && afterwards) {
                        late.add("used");
                    }
                } catch (AgentAuthException e) {
                    assertThat(e.problem()).isEqualTo(Problem.ASSERTION_UNUSABLE);
                }
            }
            return ANSWERED;
        });

        assertThat(late).isEmpty();
        assertThat(tokens)
                .allSatisfy(token -> assertThat(service.scopesOf(token)).isNull());
    }

    @RepeatedTest(10)
    void t60_noPresentationFromBeforeTheLogoutSlipsThrough() {
        String logout = service.provider.logout("s").compact();
        ConcurrentLinkedQueue<IssuedAssertion> assertions = new ConcurrentLinkedQueue<>();

        Race.runEach(number -> {
            if (number == 20) {
                return () -> said(() -> service.auth.logout(CALLER, logout));
            }
            Callable<Registered> present = present("s", "user" + number + "@example.com");
            return () -> said(() -> assertions.add(((Registered.Provider) present.call()).assertion()));
        });

        assertThat(assertions)
                .allSatisfy(assertion ->
                        assertThat(said(() -> service.exchange(assertion))).isEqualTo("ASSERTION_UNUSABLE"));
        service.clock.advance(Duration.ofSeconds(1));
        assertThat(said(() -> service.present("s", "user0@example.com"))).isEqualTo(ANSWERED);
    }

    @RepeatedTest(10)
    void t40_duplicateLogoutsDoNotHurtWhatIsPresentedMeanwhile() {
        service.presentCleanly("s", ALICE);
        String logout = service.provider.logout("s").compact();
        service.clock.advance(Duration.ofSeconds(1));

        Race.runEach(number -> {
            if (number % 2 == 0) {
                return () -> said(() -> service.auth.logout(CALLER, logout));
            }
            Callable<Registered> present = present("s", "new@example.com");
            return () -> said(present::call);
        });
        Registered last = service.present("s", "new@example.com");
        service.auth.logout(CALLER, logout);

        assertThat(last).isInstanceOf(Registered.Provider.class);
        assertThat(said(() -> service.exchange(((Registered.Provider) last).assertion())))
                .isEqualTo(ANSWERED);
    }

    @RepeatedTest(5)
    void t39_revokedTokenIsNeverAcceptedOnceThatWasAnswered() {
        IssuedAssertion assertion = service.anonymous().assertion();
        List<IssuedToken> tokens = IntStream.range(0, 50)
                .mapToObj(i -> service.exchange(assertion))
                .toList();
        Map<Integer, AtomicBoolean> revoked = new HashMap<>();
        for (int i = 0; i < tokens.size(); i++) {
            revoked.put(i, new AtomicBoolean());
        }
        ConcurrentLinkedQueue<Integer> late = new ConcurrentLinkedQueue<>();

        Race.runEach(number -> () -> {
            for (int i = 0; i < tokens.size(); i++) {
                if (number == 0) {
                    service.auth.revokeToken(CALLER, tokens.get(i).value().reveal());
                    revoked.get(i).set(true);
                } else {
                    boolean after = revoked.get(i).get();
                    if (service.scopesOf(tokens.get(i)) != null && after) {
                        late.add(i);
                    }
                }
            }
            return true;
        });

        assertThat(late).isEmpty();
    }

    @Test
    void t13_anIdJagAndALogoutOfTheSameIdAreDifferentJwts() {
        service.present(service.provider.idJag("s").email(ALICE).claim("jti", "same"));
        service.auth.logout(
                CALLER, service.provider.logout("s").claim("jti", "same").compact());

        assertThat(said(() -> service.present(
                        service.otherProvider.idJag("o").email("o@example.com").claim("jti", "same"))))
                .isEqualTo(ANSWERED);
    }

    /** Signs beforehand, so that the race is about the service. */
    private Callable<Registered> present(String subject, String email) {
        String idJag = service.provider.idJag(subject).email(email).compact();
        return () -> service.auth.registerWithIdJag(CALLER, idJag);
    }

    private interface Request {
        void run() throws Exception;
    }

    private static String said(Request request) {
        try {
            request.run();
            return ANSWERED;
        } catch (AgentAuthException e) {
            return e.problem().name();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static Map<String, Long> count(List<String> answers) {
        return answers.stream().collect(Collectors.groupingBy(answer -> answer, Collectors.counting()));
    }
}
