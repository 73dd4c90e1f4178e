package dev.agentauth.registration;

import static dev.agentauth.testkit.TestRegistrations.ALICE;
import static dev.agentauth.testkit.TestRegistrations.CODE;
import static dev.agentauth.testkit.TestRegistrations.LINK_EXPIRES;
import static dev.agentauth.testkit.TestRegistrations.NOW;
import static dev.agentauth.testkit.TestRegistrations.TYPED;
import static dev.agentauth.testkit.TestRegistrations.WRONG_CODE;
import static dev.agentauth.testkit.TestRegistrations.attempt;
import static dev.agentauth.testkit.TestRegistrations.bySignIn;
import static dev.agentauth.testkit.TestRegistrations.claimed;
import static dev.agentauth.testkit.TestRegistrations.next;
import static dev.agentauth.testkit.TestRegistrations.owned;
import static dev.agentauth.testkit.TestRegistrations.ownedByTyping;
import static dev.agentauth.testkit.TestRegistrations.pending;
import static dev.agentauth.testkit.TestRegistrations.revealed;
import static dev.agentauth.testkit.TestRegistrations.signInToken;
import static dev.agentauth.testkit.TestRegistrations.withTyped;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.agentauth.Problem;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** B3 on the aggregate: two codes of one attempt, and the way that an attempt is answered. */
class TypedCodeTest {
    private static final Duration TICK = Duration.ofNanos(1000);

    @Test
    void neitherCodeWorksInTheOthersPlace() {
        Registration both = revealed(withTyped("reg"));

        assertThat(both.guess(TYPED, NOW)).isInstanceOf(Guess.Wrong.class);
        assertThat(both.type(CODE, null, NOW)).isInstanceOf(Guess.Wrong.class);
        assertThat(both.guess(CODE, NOW)).isInstanceOf(Guess.Right.class);
        assertThat(both.type(TYPED, null, NOW)).isInstanceOf(Guess.Right.class);
    }

    @Test
    void equalDigitsAreNotTheSameCode() {
        assertThat(TypedCode.hash("cla", CODE)).isNotEqualTo(OneTimeCode.hash("cla", CODE));
        assertThat(TypedCode.hash("cla", CODE)).isNotEqualTo(TypedCode.hash("cla_2", CODE));
    }

    @Test
    void wrongOnesCountTogetherAndFiveVoidBoth() {
        Registration current = revealed(withTyped("reg"));
        for (int i = 0; i < 5; i++) {
            assertThat(current.guessProblem(NOW)).isEmpty();
            assertThat(current.typeProblem(NOW)).isEmpty();
            current = wrong(i % 2 == 0 ? current.type(WRONG_CODE, null, NOW) : current.guess(WRONG_CODE, NOW));
        }

        assertThat(current.guess(CODE, NOW)).isEqualTo(new Guess.Refused(Problem.CODE_VOID));
        assertThat(current.type(TYPED, null, NOW)).isEqualTo(new Guess.Refused(Problem.CODE_VOID));
        assertThat(current.claim().wrongGuesses()).isEqualTo(5);
    }

    @Test
    void aCodeThatWasRevealedLaterCountsOnlyWhatWasTriedSince() {
        Registration current = withTyped("reg");
        for (int i = 0; i < 4; i++) {
            current = wrong(current.type(WRONG_CODE, null, NOW));
        }
        Registration fifth = wrong(revealed(current).guess(WRONG_CODE, NOW));

        assertThat(fifth.typeProblem(NOW)).contains(Problem.CODE_VOID);
        assertThat(fifth.guess(CODE, NOW)).isInstanceOf(Guess.Right.class);
    }

    @Test
    void theTypedCodeIsGoodUntilExactlyTheLinksExpiry() {
        Registration both = revealed(withTyped("reg"));

        assertThat(both.type(TYPED, null, LINK_EXPIRES.minus(TICK))).isInstanceOf(Guess.Right.class);
        assertThat(both.typeProblem(LINK_EXPIRES)).contains(Problem.CODE_LAPSED);
    }

    @Test
    void completingSaysHowAndLeavesTheLinkAlone() {
        Registration both = revealed(withTyped("reg"));

        for (Registration claimed : new Registration[] {
            ownedByTyping(both, "user_1", NOW), owned(both, "user_1", NOW),
        }) {
            Attempt attempt = claimed.attempt();
            assertThat(attempt.code()).isNull();
            assertThat(attempt.typed()).isNull();
            assertThat(attempt.pace()).isNull();
            assertThat(attempt.tokenHash()).isEqualTo(both.attempt().tokenHash());
        }
        assertThat(ownedByTyping(both, "user_1", NOW).ownership())
                .isEqualTo(new Ownership("user_1", NOW, Completion.TYPED));
        assertThat(owned(both, "user_1", NOW).ownership())
                .isEqualTo(new Ownership("user_1", NOW, Completion.READ_BACK));
    }

    @Test
    void aProofOfAnotherValueIsNone() {
        Registration both = revealed(withTyped("reg"));
        Guess.Right proof = (Guess.Right) both.type(TYPED, null, NOW);

        assertThatIllegalArgumentException().isThrownBy(() -> both.raiseEpoch().claim(proof, "user_1"));
    }

    @Test
    void aRepeatIsTheSameAttemptWithAFreshCodeAndTheRevealedOneStaysGood() {
        Registration both = polled(revealed(withTyped("reg")));
        Registration again = next(both.repeatAttempt(null, TypedCode.of("cla_reg", "111111"), NOW.plusSeconds(60)));

        assertThat(again.attempt().id()).isEqualTo(both.attempt().id());
        assertThat(again.attempt().linkExpiresAt()).isEqualTo(LINK_EXPIRES);
        assertThat(again.attempt().tokenHash()).isEqualTo(both.attempt().tokenHash());
        assertThat(again.attempt().pace()).isEqualTo(both.attempt().pace());
        assertThat(again.type(TYPED, null, NOW)).isInstanceOf(Guess.Wrong.class);
        assertThat(again.type("111111", null, NOW)).isInstanceOf(Guess.Right.class);
        assertThat(again.guess(CODE, NOW)).isInstanceOf(Guess.Right.class);
        assertThat(again.claim().recipients()).isEqualTo(both.claim().recipients());
    }

    @Test
    void aRepeatWithoutACodeTakesTheOldOneAway() {
        Registration again = next(withTyped("reg").repeatAttempt(null, null, NOW));

        assertThat(again.typeProblem(NOW)).contains(Problem.CODE_NOT_SHOWN);
    }

    @Test
    void aRepeatUnderSignInGivesAFreshLink() {
        Registration asked = revealed(bySignIn("reg", new Asked.Mailbox(ALICE)));
        Registration again = next(asked.repeatAttempt(signInToken("new"), TypedCode.of("cla_reg", TYPED), NOW));

        assertThat(again.attempt().tokenHash()).isEqualTo(signInToken("new"));
        assertThat(again.attempt().linkExpiresAt()).isEqualTo(LINK_EXPIRES);
        assertThat(again.attempt().code()).isEqualTo(asked.attempt().code());
        assertThatIllegalArgumentException().isThrownBy(() -> asked.repeatAttempt(null, null, NOW));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> withTyped("reg").repeatAttempt(signInToken("new"), null, NOW));
    }

    @Test
    void noTokenOfOneWayIsFoundAsOneOfTheOther() {
        assertThat(Way.SIGN_IN.hash("svt_1")).isNotEqualTo(Way.MAILED_LINK.hash("svt_1"));
        assertThat(Way.SIGN_IN.hash("cvt_1")).isNotEqualTo(Way.MAILED_LINK.hash("cvt_1"));
    }

    @Test
    void underSignInACodeBindsWhoeverRevealedItAndTypingWhoeverTyped() {
        Registration asked = revealed(bySignIn("reg", new Asked.Anybody()));
        Guess.Right readBack = (Guess.Right) asked.guess(CODE, NOW);
        Guess.Right typed = (Guess.Right) asked.type(TYPED, "user_2", NOW);

        assertThat(readBack.by()).isEqualTo("user_1");
        assertThat(typed.by()).isEqualTo("user_2");
        assertThat(asked.claim(readBack, "user_1").userId()).isEqualTo("user_1");
        assertThat(asked.claim(typed, "user_2").userId()).isEqualTo("user_2");
        assertThatIllegalArgumentException().isThrownBy(() -> asked.claim(readBack, "user_2"));
        assertThatIllegalArgumentException().isThrownBy(() -> asked.claim(typed, "user_1"));
    }

    @Test
    void whoAnswersIsKnownBySigningInAndNotOtherwise() {
        Registration signIn = bySignIn("reg", new Asked.Anybody());
        Registration mailed = withTyped("reg");
        OneTimeCode ofNobody = new OneTimeCode(OneTimeCode.hash("cla_reg", CODE), LINK_EXPIRES, 0);
        OneTimeCode ofSomebody = new OneTimeCode(OneTimeCode.hash("cla_reg", CODE), LINK_EXPIRES, 0, "user_1", null);

        assertThatIllegalArgumentException().isThrownBy(() -> signIn.type(TYPED, null, NOW));
        assertThatIllegalArgumentException().isThrownBy(() -> mailed.type(TYPED, "user_1", NOW));
        assertThatIllegalArgumentException().isThrownBy(() -> signIn.revealCode(ofNobody, NOW));
        assertThatIllegalArgumentException().isThrownBy(() -> mailed.revealCode(ofSomebody, NOW));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Attempt.asking("cla", signInToken("x"), new Asked.Anybody(), NOW, LINK_EXPIRES));
        assertThatIllegalArgumentException().isThrownBy(() -> signIn.attempt().delivered(Delivery.ACCEPTED));
    }

    @Test
    void whatIsNotMailedTakesNoneOfTheFiveRecipients() {
        Registration current = pending("reg");
        for (int i = 0; i < 10; i++) {
            Asked asked = new Asked.Mailbox("somebody" + i + "@example.com");
            current = next(current.startAttempt(
                    Attempt.signingIn("cla_" + i, signInToken("t" + i), asked, NOW, LINK_EXPIRES), NOW));
        }

        assertThat(current.claim().recipients())
                .isEqualTo(pending("reg").claim().recipients());
    }

    @Test
    void anAttemptWithoutAnAddressCountsAsTheEmptyOneForRefusals() {
        Registration rejected = next(bySignIn("reg", new Asked.Anybody()).reject(NOW));
        Attempt again = Attempt.signingIn("cla_2", signInToken("2"), new Asked.Anybody(), NOW, LINK_EXPIRES);
        Attempt alice = Attempt.signingIn("cla_2", signInToken("2"), new Asked.Mailbox(ALICE), NOW, LINK_EXPIRES);

        assertThat(rejected.refused("")).isTrue();
        assertThat(rejected.startAttempt(again, NOW)).isEqualTo(new Transition.Refused(Problem.SAID_NO));
        assertThat(rejected.startAttempt(alice, NOW)).isInstanceOf(Transition.Allowed.class);
    }

    // polling

    @Test
    void theFirstPollIsNeverTooEarly() {
        Registration polled = polled(withTyped("reg"));

        assertThat(polled.attempt().pace()).isEqualTo(new PollPace(NOW, Duration.ofSeconds(5), false));
        assertThat(polled.attempt().pollInterval()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void theFirstPollTooEarlyRaisesTheIntervalAndFurtherOnesWriteNothing() {
        Registration polled = polled(withTyped("reg"));
        Poll early = polled.poll(NOW.plusSeconds(5).minus(TICK));
        Registration raised = ((Poll.TooEarly) early).next();

        assertThat(raised.attempt().pace()).isEqualTo(new PollPace(NOW, Duration.ofSeconds(10), true));
        assertThat(raised.poll(NOW.plusSeconds(5))).isEqualTo(new Poll.TooEarly(raised));
        assertThat(raised.poll(NOW.plusSeconds(10).minus(TICK))).isEqualTo(new Poll.TooEarly(raised));
        assertThat(raised.poll(NOW.plusSeconds(10))).isInstanceOf(Poll.Pending.class);
        assertThat(polled.poll(NOW.plusSeconds(5))).isInstanceOf(Poll.Pending.class);
    }

    @Test
    void aRaisedIntervalStaysAndCanBeRaisedOnceMoreAfterEachAcceptedPoll() {
        Registration raised = ((Poll.TooEarly) polled(withTyped("reg")).poll(NOW)).next();
        Instant later = NOW.plusSeconds(10);
        Registration accepted = ((Poll.Pending) raised.poll(later)).next();

        assertThat(accepted.attempt().pace()).isEqualTo(new PollPace(later, Duration.ofSeconds(10), false));
        assertThat(((Poll.TooEarly) accepted.poll(later)).next().attempt().pace())
                .isEqualTo(new PollPace(later, Duration.ofSeconds(15), true));
    }

    @Test
    void aPollThatLiesInTheFutureDoesNotCount() {
        Registration polled = polled(withTyped("reg"));

        assertThat(polled.poll(NOW.minus(TICK))).isInstanceOf(Poll.Pending.class);
    }

    @Test
    void whatIsOverIsToldWhateverThePace() {
        Registration polled = polled(withTyped("reg"));
        Registration bothCodes = revealed(polled);

        assertThat(next(polled.reject(NOW)).poll(NOW)).isEqualTo(new Poll.SaidNo());
        assertThat(ownedByTyping(polled, "user_1", NOW).poll(NOW)).isEqualTo(new Poll.Typed());
        assertThat(ownedByTyping(polled, "user_1", NOW).raiseEpoch().poll(NOW))
                .as("what ends all that was issued ends what there is to collect")
                .isEqualTo(new Poll.Over());
        assertThat(owned(bothCodes, "user_1", NOW).poll(NOW)).as("read back").isEqualTo(new Poll.Over());
        assertThat(claimed("reg", "user_1").poll(NOW)).isEqualTo(new Poll.Over());
        assertThat(polled.poll(LINK_EXPIRES)).isEqualTo(new Poll.Over());
        assertThat(bothCodes.poll(LINK_EXPIRES))
                .as("lapsed, though a revealed code lives")
                .isEqualTo(new Poll.Over());
        assertThat(guessedVoid(polled).poll(NOW)).isEqualTo(new Poll.Over());
        assertThat(polled.revoke(EndReason.OPERATOR, NOW).poll(NOW)).isEqualTo(new Poll.Over());
        assertThat(ownedByTyping(polled, "user_1", NOW)
                        .revoke(EndReason.OPERATOR, NOW)
                        .poll(NOW))
                .isEqualTo(new Poll.Over());
        assertThat(pending("reg").poll(NOW)).as("no code to be typed").isEqualTo(new Poll.Over());
        assertThat(polled.erase(NOW).poll(NOW)).isEqualTo(new Poll.Over());
    }

    @Test
    void whatWasTypedIsCollectedAgainAndAgainForExactlyTenMinutes() {
        Registration typed = ownedByTyping(withTyped("reg"), "user_1", NOW);
        Instant last = NOW.plus(Duration.ofMinutes(10));

        assertThat(typed.poll(last)).isEqualTo(new Poll.Typed());
        assertThat(typed.poll(last.plus(TICK))).isEqualTo(new Poll.Over());
    }

    @Test
    void anotherAttemptIsPolledAtItsOwnPace() {
        Registration other = next(polled(withTyped("reg"))
                .startAttempt(attempt("other").withTyped(TypedCode.of("cla_other", TYPED)), NOW));

        assertThat(other.poll(NOW)).isInstanceOf(Poll.Pending.class);
    }

    private static Registration polled(Registration registration) {
        return ((Poll.Pending) registration.poll(NOW)).next();
    }

    private static Registration guessedVoid(Registration registration) {
        Registration current = registration;
        for (int i = 0; i < 5; i++) {
            current = wrong(current.type(WRONG_CODE, null, NOW));
        }
        return current;
    }

    private static Registration wrong(Guess guess) {
        return ((Guess.Wrong) guess).next();
    }
}
