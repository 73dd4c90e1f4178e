package dev.agentauth.registration;

import static dev.agentauth.testkit.TestRegistrations.ALICE;
import static dev.agentauth.testkit.TestRegistrations.BOB;
import static dev.agentauth.testkit.TestRegistrations.CODE;
import static dev.agentauth.testkit.TestRegistrations.NOW;
import static dev.agentauth.testkit.TestRegistrations.WRONG_CODE;
import static dev.agentauth.testkit.TestRegistrations.anonymous;
import static dev.agentauth.testkit.TestRegistrations.attempt;
import static dev.agentauth.testkit.TestRegistrations.claimToken;
import static dev.agentauth.testkit.TestRegistrations.email;
import static dev.agentauth.testkit.TestRegistrations.guessedWrong;
import static dev.agentauth.testkit.TestRegistrations.identity;
import static dev.agentauth.testkit.TestRegistrations.revealed;
import static dev.agentauth.testkit.TestRegistrations.stepUp;
import static dev.agentauth.testkit.TestRegistrations.withCode;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.Problem;
import dev.agentauth.SecretHash;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** T18, T25, T77: five wrong guesses a code and twenty a life, whatever is done in between and whichever way is tried. */
class GuessLimitTest {
    private static final int RUNS = 400;
    private static final int STEPS = 150;

    @Test
    void fifthWrongGuessVoidsTheCode() {
        Registration fourth = guessed(withCode("reg"), 4);
        Registration fifth = guessedWrong(fourth, NOW);

        assertThat(fourth.guessProblem(NOW)).isEmpty();
        assertThat(fifth.guessProblem(NOW)).contains(Problem.CODE_VOID);
        assertThat(fifth.guess(CODE, NOW)).as("even the right one").isEqualTo(new Guess.Refused(Problem.CODE_VOID));
    }

    @Test
    void aNewCodeHasFiveGuessesAgainButNotALifeOfTwenty() {
        Registration current = withCode("reg");
        for (int code = 1; code <= 3; code++) {
            current = revealed(guessed(current, 5));
            assertThat(current.guessProblem(NOW)).isEmpty();
        }
        Registration nineteenth = guessed(current, 4);
        Registration twentieth = guessedWrong(nineteenth, NOW);

        assertThat(nineteenth.guessProblem(NOW)).isEmpty();
        assertThat(twentieth.guessProblem(NOW)).contains(Problem.GUESSED_OUT);
        assertThat(twentieth.guess(CODE, NOW)).isEqualTo(new Guess.Refused(Problem.GUESSED_OUT));
        assertThat(twentieth.isLive(NOW)).as("an anonymous one goes on").isTrue();
    }

    @Test
    void twentiethWrongGuessEndsWhatCannotActWithoutItsClaim() {
        for (Registration registration : new Registration[] {email("reg"), stepUp("reg", identity("s"), "user_1")}) {
            Registration current = registration;
            for (int i = 0; i < 4; i++) {
                assertThat(current.isLive(NOW)).isTrue();
                current = guessed(revealed(current), 5);
            }
            assertThat(current.status(NOW)).isEqualTo(RegistrationStatus.REVOKED);
            assertThat(current.revokedAt()).isEqualTo(NOW);
        }
    }

    @ParameterizedTest
    @EnumSource(RegistrationKind.class)
    void neverMoreThanFiveACodeAndTwentyALifeOverRandomInterleavings(RegistrationKind kind) {
        int guessedOut = 0;
        for (int seed = 0; seed < RUNS; seed++) {
            guessedOut += run(kind, new Random(seed));
        }
        assertThat(guessedOut).as("runs that came to the end of their guesses").isBetween(10, RUNS);
    }

    /** One life; 1 if it was guessed out. */
    private static int run(RegistrationKind kind, Random random) {
        Registration current = switch (kind) {
            case ANONYMOUS -> anonymous("reg");
            case EMAIL -> email("reg");
            case PROVIDER -> stepUp("reg", identity("s"), "user_1");
        };
        Map<Integer, Integer> perCode = new HashMap<>();
        Map<SecretHash, Integer> perTyped = new HashMap<>();
        int perLife = 0;
        int code = 0;
        Instant now = NOW;
        for (int step = 0; step < STEPS; step++) {
            int choice = random.nextInt(20);
            if (choice < 12) {
                Attempt before = current.attempt();
                boolean types = choice % 2 == 0;
                Guess guess = types ? current.type(WRONG_CODE, null, now) : current.guess(WRONG_CODE, now);
                if (guess instanceof Guess.Wrong wrong) {
                    current = wrong.next();
                    perLife++;
                    if (before.code() != null) {
                        int guesses = perCode.merge(code, 1, Integer::sum);
                        assertThat(guesses).isLessThanOrEqualTo(types ? 20 : 5);
                    }
                    if (before.typed() != null) {
                        int guesses = perTyped.merge(before.typed().hash(), 1, Integer::sum);
                        assertThat(guesses).isLessThanOrEqualTo(types ? 5 : 20);
                    }
                    assertThat(perLife).isLessThanOrEqualTo(20);
                }
            } else if (choice < 16) {
                Claim claim = current.claim();
                Attempt attempt = claim == null ? null : claim.attempt();
                OneTimeCode fresh = new OneTimeCode(
                        OneTimeCode.hash(attempt == null ? "none" : attempt.id(), "000000"), now.plusSeconds(600), 0);
                if (current.revealCode(fresh, now) instanceof Transition.Allowed allowed) {
                    current = allowed.next();
                    code++;
                }
            } else {
                current = somethingElse(current, choice, step, now);
                now = now.plusSeconds(random.nextInt(90));
            }
        }
        if (perLife < 20) {
            return 0;
        }
        assertThat(current.guessProblem(now).isPresent() && current.ended(now).isPresent())
                .isTrue();
        return 1;
    }

    private static Registration somethingElse(Registration current, int choice, int step, Instant now) {
        String address = choice == 17 ? BOB : ALICE;
        Attempt attempt = Attempt.asking(
                        "cla_" + step,
                        attempt("step_" + step).tokenHash(),
                        new Asked.Mailbox(address),
                        now,
                        now.plusSeconds(600))
                .withTyped(TypedCode.of("cla_" + step, "000000"));
        return switch (choice) {
            case 16 ->
                allowed(
                        current,
                        current.repeatAttempt(null, TypedCode.of("again " + step, "000000"), now)
                                        instanceof Transition.Allowed again
                                ? again
                                : current.startAttempt(attempt, now));
            case 17 -> allowed(current, current.startAttempt(attempt, now));
            case 18 -> allowed(current, current.renewClaimToken(claimToken("step_" + step), now));
            default ->
                current.mailed("cla_" + (step - 1), Delivery.ACCEPTED)
                        .mailed("cla_" + (step - 2), Delivery.REFUSED)
                        .raiseEpoch();
        };
    }

    private static Registration allowed(Registration current, Transition transition) {
        return transition instanceof Transition.Allowed allowed ? allowed.next() : current;
    }

    private static Registration guessed(Registration registration, int times) {
        Registration current = registration;
        for (int i = 0; i < times; i++) {
            current = guessedWrong(current, NOW);
        }
        return current;
    }
}
