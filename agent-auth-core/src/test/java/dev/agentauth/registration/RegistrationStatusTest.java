package dev.agentauth.registration;

import static dev.agentauth.testkit.TestRegistrations.ALICE;
import static dev.agentauth.testkit.TestRegistrations.BOB;
import static dev.agentauth.testkit.TestRegistrations.CLAIM_EXPIRES;
import static dev.agentauth.testkit.TestRegistrations.CODE_EXPIRES;
import static dev.agentauth.testkit.TestRegistrations.LINK_EXPIRES;
import static dev.agentauth.testkit.TestRegistrations.NOW;
import static dev.agentauth.testkit.TestRegistrations.anonymous;
import static dev.agentauth.testkit.TestRegistrations.attempt;
import static dev.agentauth.testkit.TestRegistrations.claim;
import static dev.agentauth.testkit.TestRegistrations.claimed;
import static dev.agentauth.testkit.TestRegistrations.email;
import static dev.agentauth.testkit.TestRegistrations.guessedWrong;
import static dev.agentauth.testkit.TestRegistrations.identity;
import static dev.agentauth.testkit.TestRegistrations.next;
import static dev.agentauth.testkit.TestRegistrations.owned;
import static dev.agentauth.testkit.TestRegistrations.pending;
import static dev.agentauth.testkit.TestRegistrations.provider;
import static dev.agentauth.testkit.TestRegistrations.stepUp;
import static dev.agentauth.testkit.TestRegistrations.withCode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentauth.Problem;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The status table of PROTOCOL A2: rows in their order, boundaries on the instant. */
class RegistrationStatusTest {
    private static final Duration TICK = Duration.ofNanos(1000);

    @Test
    void revokedBeforeAllElse() {
        Registration everything = claimed("reg_1", "user_1").revoke(EndReason.OPERATOR, NOW);

        assertThat(everything.claimedAt()).isNotNull();
        assertThat(everything.status(NOW)).isEqualTo(RegistrationStatus.REVOKED);
        assertThat(everything.status(CLAIM_EXPIRES.plus(TICK))).isEqualTo(RegistrationStatus.REVOKED);
        assertThat(pending("reg_2").revoke(EndReason.OPERATOR, NOW).status(NOW)).isEqualTo(RegistrationStatus.REVOKED);
    }

    @Test
    void revokedWhateverTheClockSaysOfItsRevocationTime() {
        assertThat(pending("reg_1").revoke(EndReason.OPERATOR, NOW).status(NOW.minus(Duration.ofDays(1))))
                .isEqualTo(RegistrationStatus.REVOKED);
    }

    @Test
    void claimedBeforeExpired() {
        Registration claimed = claimed("reg_1", "user_1");

        assertThat(claimed.status(CLAIM_EXPIRES.minus(TICK))).isEqualTo(RegistrationStatus.CLAIMED);
        assertThat(claimed.status(CLAIM_EXPIRES)).isEqualTo(RegistrationStatus.CLAIMED);
        assertThat(claimed.status(CLAIM_EXPIRES.plus(Duration.ofDays(10_000)))).isEqualTo(RegistrationStatus.CLAIMED);
    }

    @Test
    void expiredExactlyAtTheClaimsExpiryAndBeforePending() {
        Instant justBefore = CLAIM_EXPIRES.minus(TICK);
        Attempt lastMinute = Attempt.asking(
                "cla_late",
                attempt("late").tokenHash(),
                new Asked.Mailbox(ALICE),
                justBefore,
                CLAIM_EXPIRES.plus(TICK));
        Registration pending = next(anonymous("reg_1").startAttempt(lastMinute, justBefore));

        assertThat(pending.status(justBefore)).isEqualTo(RegistrationStatus.PENDING_CLAIM);
        assertThat(pending.status(CLAIM_EXPIRES)).isEqualTo(RegistrationStatus.EXPIRED);
        assertThat(anonymous("reg_2").status(justBefore)).isEqualTo(RegistrationStatus.UNCLAIMED);
        assertThat(anonymous("reg_2").status(CLAIM_EXPIRES)).isEqualTo(RegistrationStatus.EXPIRED);
    }

    @Test
    void pendingUntilExactlyTheLinksExpiry() {
        assertThat(pending("reg_1").status(NOW)).isEqualTo(RegistrationStatus.PENDING_CLAIM);
        assertThat(pending("reg_1").status(LINK_EXPIRES.minus(TICK))).isEqualTo(RegistrationStatus.PENDING_CLAIM);
        assertThat(pending("reg_1").status(LINK_EXPIRES)).isEqualTo(RegistrationStatus.UNCLAIMED);
    }

    @Test
    void pendingBeyondTheLinkUntilExactlyTheCodesExpiry() {
        Registration withCode = withCode("reg_1");

        assertThat(withCode.status(LINK_EXPIRES)).isEqualTo(RegistrationStatus.PENDING_CLAIM);
        assertThat(withCode.status(CODE_EXPIRES.minus(TICK))).isEqualTo(RegistrationStatus.PENDING_CLAIM);
        assertThat(withCode.status(CODE_EXPIRES)).isEqualTo(RegistrationStatus.UNCLAIMED);
    }

    @Test
    void unclaimedOnceThePersonSaidNoAndPendingAgainWithAnother() {
        Registration refused = next(pending("reg_1").reject(NOW));
        Registration another = next(refused.startAttempt(attempt("second", new Asked.Mailbox(BOB)), NOW));

        assertThat(refused.status(NOW)).isEqualTo(RegistrationStatus.UNCLAIMED);
        assertThat(refused.isRejected()).isTrue();
        assertThat(refused.refused(ALICE)).isTrue();
        assertThat(refused.refused(BOB)).isFalse();
        assertThat(another.status(NOW)).isEqualTo(RegistrationStatus.PENDING_CLAIM);
        assertThat(another.isRejected()).isFalse();
        assertThat(another.refused(ALICE)).isTrue();
    }

    @Test
    void unclaimedOnceTheMailWasRefused() {
        assertThat(pending("reg_1").mailed("cla_reg_1", Delivery.REFUSED).status(NOW))
                .isEqualTo(RegistrationStatus.UNCLAIMED);
    }

    @Test
    void liveUnlessRevokedOrExpired() {
        assertThat(anonymous("reg_1").isLive(NOW)).isTrue();
        assertThat(anonymous("reg_1").isLive(CLAIM_EXPIRES.minus(TICK))).isTrue();
        assertThat(anonymous("reg_1").isLive(CLAIM_EXPIRES)).isFalse();
        assertThat(pending("reg_1").isLive(NOW)).isTrue();
        assertThat(claimed("reg_1", "user_1").isLive(CLAIM_EXPIRES)).isTrue();
        assertThat(claimed("reg_1", "user_1").revoke(EndReason.OPERATOR, NOW).isLive(NOW))
                .isFalse();
    }

    @Test
    void eachKindBeginsAsTheProtocolSays() {
        assertThat(anonymous("reg_1").status(NOW)).isEqualTo(RegistrationStatus.UNCLAIMED);
        assertThat(email("reg_1").status(NOW)).isEqualTo(RegistrationStatus.PENDING_CLAIM);
        assertThat(provider("reg_1", identity("s"), "user_1").status(NOW)).isEqualTo(RegistrationStatus.CLAIMED);
        assertThat(stepUp("reg_1", identity("s"), "user_1").status(NOW)).isEqualTo(RegistrationStatus.PENDING_CLAIM);
        assertThat(stepUp("reg_1", identity("s"), "user_1").userId()).isNull();
        assertThat(anonymous("reg_1").epoch()).isZero();
        assertThat(anonymous("reg_1").version()).isZero();
    }

    @Test
    void openUntilTheLinkLapsesOnceTheMailWasAccepted() {
        Registration mailed = pending("reg_1").mailed("cla_reg_1", Delivery.ACCEPTED);

        assertThat(attemptOf(mailed).isOpen(LINK_EXPIRES.minus(TICK))).isTrue();
        assertThat(attemptOf(mailed).isOpen(LINK_EXPIRES)).isFalse();
    }

    @Test
    void notOpenBeforeTheMailerHasAcceptedTheMail() {
        Attempt handedOver = attemptOf(pending("reg_1"));

        assertThat(handedOver.isOpen(NOW)).isFalse();
        assertThat(handedOver.isLinkGood(NOW)).isTrue();
    }

    @Test
    void whatTheMailerSaysOfAnOlderAttemptChangesNothing() {
        Registration newer = next(pending("reg_1").startAttempt(attempt("second", new Asked.Mailbox(BOB)), NOW));

        assertThat(newer.mailed("cla_reg_1", Delivery.ACCEPTED)).isEqualTo(newer);
        assertThat(newer.mailed("cla_reg_1", Delivery.REFUSED)).isEqualTo(newer);
        assertThat(anonymous("reg_2").mailed("cla_reg_1", Delivery.ACCEPTED)).isEqualTo(anonymous("reg_2"));
        assertThat(anonymous("reg_2").mailed("cla_reg_1", Delivery.REFUSED)).isEqualTo(anonymous("reg_2"));
    }

    @Test
    void aNewAttemptTakesThePlaceOfTheOldOneAndItsCode() {
        Registration second = next(withCode("reg_1").startAttempt(attempt("second"), NOW));

        assertThat(attemptOf(second)).isEqualTo(attempt("second"));
        assertThat(second.guessProblem(NOW)).contains(Problem.CODE_NOT_SHOWN);
    }

    @Test
    void claimingDeletesTheCodeAndKeepsTheLink() {
        Registration claimed = claimed("reg_1", "user_1");

        assertThat(attemptOf(claimed).code()).isNull();
        assertThat(attemptOf(claimed).tokenHash()).isEqualTo(attempt("reg_1").tokenHash());
        assertThat(claimed.userId()).isEqualTo("user_1");
        assertThat(claimed.claimedAt()).isEqualTo(NOW);
        assertThat(claimed.epoch()).isZero();
    }

    @Test
    void aStepUpBindsNobodyButTheUserWhomItIsFor() {
        Registration stepUp =
                dev.agentauth.testkit.TestRegistrations.revealed(stepUp("reg_1", identity("s"), "user_1"));

        assertThatIllegalArgumentException().isThrownBy(() -> owned(stepUp, "user_2", NOW));
        assertThat(owned(stepUp, "user_1", NOW).userId()).isEqualTo("user_1");
    }

    @Test
    void nobodyOwnsItWithoutAProofFromThisVeryValue() {
        Registration withCode = withCode("reg_1");
        Guess.Right proof = (Guess.Right) withCode.guess(dev.agentauth.testkit.TestRegistrations.CODE, NOW);

        assertThat(withCode.claim(proof, "user_1").userId()).isEqualTo("user_1");
        assertThatIllegalArgumentException()
                .as("of another registration")
                .isThrownBy(() -> withCode("reg_2").claim(proof, "user_1"));
        assertThatIllegalArgumentException()
                .as("from before a guess was counted")
                .isThrownBy(() -> guessedWrong(withCode, NOW).claim(proof, "user_1"));
        assertThatIllegalArgumentException()
                .as("from before it was revoked")
                .isThrownBy(() -> withCode.revoke(EndReason.OPERATOR, NOW).claim(proof, "user_1"));
    }

    @Test
    void whyItEndedIsTheFirstReason() {
        Registration ended = email("reg_1").revoke(EndReason.PROVIDER, NOW);

        assertThat(ended.end()).isEqualTo(new End(NOW, EndReason.PROVIDER));
        assertThat(ended.revoke(EndReason.OPERATOR, NOW.plusSeconds(1))).isSameAs(ended);
        assertThat(next(email("reg_1").reject(NOW)).end()).isEqualTo(new End(NOW, EndReason.PERSON));
        assertThat(stepUp("reg_1", identity("s"), "user_1").loggedOut(NOW, NOW).end())
                .isEqualTo(new End(NOW, EndReason.PROVIDER));
    }

    @Test
    void settledOnceClaimedOrRevoked() {
        assertThat(anonymous("reg_1").isSettled()).isFalse();
        assertThat(withCode("reg_1").isSettled()).isFalse();
        assertThat(claimed("reg_1", "user_1").isSettled()).isTrue();
        assertThat(anonymous("reg_1").revoke(EndReason.OPERATOR, NOW).isSettled())
                .isTrue();
    }

    @Test
    void restsSinceItsExpiryIfNobodyClaimedIt() {
        assertThat(withCode("reg_1").restingSince()).isEqualTo(CLAIM_EXPIRES);
    }

    @Test
    void restsSinceTheLaterOfClaimAndNewestPresentation() {
        Registration claimed = provider("reg_1", identity("s"), "user_1");
        Instant later = NOW.plus(Duration.ofDays(3));

        assertThat(claimed("reg_1", "user_1").restingSince()).isEqualTo(NOW);
        assertThat(claimed.restingSince()).isEqualTo(NOW);
        assertThat(claimed.presented(later).restingSince()).isEqualTo(later);
        assertThat(claimed.presented(NOW.minusSeconds(5)).restingSince()).isEqualTo(NOW);
    }

    @Test
    void restsSinceItsRevocationWhateverCameBefore() {
        Instant later = NOW.plus(Duration.ofDays(3));
        Registration revoked = provider("reg_1", identity("s"), "user_1")
                .presented(later)
                .revoke(EndReason.OPERATOR, NOW.plusSeconds(1));

        assertThat(revoked.restingSince()).isEqualTo(NOW.plusSeconds(1));
        assertThat(revoked.revoke(EndReason.OPERATOR, later)).isEqualTo(revoked);
    }

    @Test
    void eraseKeepsNothingButIdKindAndTimes() {
        Registration erased = dev.agentauth.testkit.TestRegistrations.revealed(stepUp("reg_1", identity("s"), "user_1"))
                .erase(NOW);

        assertThat(erased)
                .isEqualTo(new Registration(
                        "reg_1",
                        RegistrationKind.PROVIDER,
                        NOW,
                        0,
                        1,
                        null,
                        null,
                        null,
                        null,
                        new End(NOW, EndReason.ERASURE)));
        assertThat(erased.status(NOW)).isEqualTo(RegistrationStatus.REVOKED);
        assertThat(erased.restingSince()).isEqualTo(NOW);
    }

    @Test
    void eraseOfARevokedOneKeepsWhenItEnded() {
        Registration erased =
                claimed("reg_1", "user_1").revoke(EndReason.OPERATOR, NOW).erase(NOW.plusSeconds(60));

        assertThat(erased.revokedAt()).isEqualTo(NOW);
        assertThat(erased.userId()).isNull();
        assertThat(erased.claimedAt()).isNull();
    }

    @Test
    void raisedEpochAndNothingElse() {
        Registration claimed = claimed("reg_1", "user_1");

        assertThat(claimed.raiseEpoch().epoch()).isEqualTo(1);
        assertThat(claimed.raiseEpoch().raiseEpoch().epoch()).isEqualTo(2);
        assertThat(claimed.raiseEpoch().withVersion(7))
                .isEqualTo(new Registration(
                        "reg_1",
                        RegistrationKind.ANONYMOUS,
                        NOW,
                        7,
                        1,
                        new Ownership("user_1", NOW, Completion.READ_BACK),
                        claimed.claim(),
                        null,
                        null,
                        null));
    }

    @Test
    void presentedWithoutAProviderIdentityIsAMistake() {
        Registration anonymous = anonymous("reg_1");

        assertThatThrownBy(() -> anonymous.presented(NOW)).isInstanceOf(IllegalStateException.class);
        assertThat(anonymous.loggedOut(NOW, NOW)).isSameAs(anonymous);
    }

    @Test
    void factsThatDoNotFitTogetherAreRefused() {
        assertThatIllegalArgumentException()
                .as("nobody owns it and nobody can")
                .isThrownBy(() ->
                        new Registration("reg_1", RegistrationKind.ANONYMOUS, NOW, 0, 0, null, null, null, null, null));
        assertThatIllegalArgumentException()
                .as("newest before first")
                .isThrownBy(() -> new ProviderLink(identity("s"), NOW, NOW.minusSeconds(1)));
    }

    @Test
    void noTextOfARegistrationShowsAnAddress() {
        Registration refused = next(withCode("reg_1").reject(NOW));
        Registration second = next(refused.startAttempt(attempt("second", new Asked.Mailbox(BOB)), NOW));

        for (Registration registration : new Registration[] {
            withCode("reg_1"),
            refused,
            second,
            email("reg_2"),
            stepUp("reg_3", identity("s"), "user_1"),
            claimed("reg_4", "user_1").revoke(EndReason.OPERATOR, NOW)
        }) {
            assertThat(registration.toString())
                    .doesNotContain("alice")
                    .doesNotContain("bob")
                    .doesNotContain("@");
            assertThat(String.valueOf(registration.claim()))
                    .doesNotContain("alice")
                    .doesNotContain("@");
        }
    }

    @Test
    void f18_sixthRecipientIsOneTooManyAndTheFiveCanBeAskedAgain() {
        Registration asked = anonymous("reg_1");
        for (int i = 0; i < 5; i++) {
            asked = next(asked.startAttempt(attempt("cla_" + i, new Asked.Mailbox("p" + i + "@example.com")), NOW));
        }

        assertThat(asked.startAttempt(attempt("sixth", new Asked.Mailbox("p5@example.com")), NOW))
                .isEqualTo(new Transition.Refused(Problem.LIMIT_SPENT));
        assertThat(asked.startAttempt(attempt("again", new Asked.Mailbox("p0@example.com")), NOW))
                .isInstanceOf(Transition.Allowed.class);
    }

    @Test
    void refusalsAreKeptAsHashesSaltedWithTheRegistration() {
        Claim one = next(pending("reg_1").reject(NOW)).claim();
        Claim two = next(pending("reg_2").reject(NOW)).claim();

        assertThat(one).isNotNull();
        assertThat(two).isNotNull();
        assertThat(one.refusals()).hasSize(1).doesNotContain(dev.agentauth.SecretHash.of(ALICE));
        assertThat(one.refusals()).doesNotContainAnyElementsOf(two.refusals());
    }

    @Test
    void equalCodesOfTwoAttemptsHashApart() {
        assertThat(OneTimeCode.hash("cla_1", "123456")).isNotEqualTo(OneTimeCode.hash("cla_2", "123456"));
        assertThat(OneTimeCode.hash("cla_1", "123456")).isEqualTo(OneTimeCode.hash("cla_1", "123456"));
    }

    private static Attempt attemptOf(Registration registration) {
        Claim claim = registration.claim();
        assertThat(claim).isNotNull();
        assertThat(claim.attempt()).isNotNull();
        return claim.attempt();
    }
}
