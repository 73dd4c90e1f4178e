package dev.agentauth.internal.claim;

import dev.agentauth.AttemptHandle;
import dev.agentauth.Caller;
import dev.agentauth.ClaimHandle;
import dev.agentauth.Problem;
import dev.agentauth.Secret;
import dev.agentauth.SecretHash;
import dev.agentauth.internal.Limits;
import dev.agentauth.internal.Secrets;
import dev.agentauth.internal.Settings;
import dev.agentauth.internal.Surroundings;
import dev.agentauth.registration.Asked;
import dev.agentauth.registration.Attempt;
import dev.agentauth.registration.Claim;
import dev.agentauth.registration.Registration;
import dev.agentauth.registration.Transition;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * Asks a person to take ownership: the one way in which an attempt comes to be, whatever the registration and however it
 * is stored.
 */
public final class Asking {
    private final Settings settings;
    private final Limits limits;
    private final Secrets secrets;
    private final ClaimMailing mailing;

    public Asking(Surroundings around, ClaimMailing mailing) {
        this.settings = around.settings();
        this.limits = around.limits();
        this.secrets = around.secrets();
        this.mailing = mailing;
    }

    /** What one request asks, in whatever number of rounds: the mail that it causes is counted once. */
    public static final class Question {
        private final Caller caller;
        private final Limits.Mail limit;
        private boolean counted;

        /** Nothing is counted before a mail is to be sent. */
        public Question(Caller caller, Limits.Mail limit) {
            this.caller = caller;
            this.limit = limit;
        }
    }

    /** Somebody is asked: the registration as it is stored, with its attempt, and what the agent is to know of that. */
    public record Opened(Registration registration, AttemptHandle handle) {

        private static Opened of(Registration registration) {
            Attempt attempt = Objects.requireNonNull(registration.attempt(), "somebody has been asked");
            return new Opened(registration, new AttemptHandle(attempt.linkExpiresAt()));
        }

        /** The id of the attempt. */
        public String attemptId() {
            return Objects.requireNonNull(registration.attempt()).id();
        }
    }

    /** Mints a claim token. */
    public ClaimHandle newHandle(Instant expiresAt) {
        return new ClaimHandle(Secret.of(secrets.claimToken()), expiresAt);
    }

    /** Mints a claim token for a registration that is made now. */
    public ClaimHandle newRegistrationsHandle(Instant now) {
        return newHandle(now.plus(settings.lifetimes().registration()));
    }

    /** The claim that the holder of a new token can have completed. */
    public static Claim open(ClaimHandle handle) {
        return Claim.open(SecretHash.of(handle.token().reveal()), handle.expiresAt());
    }

    /**
     * Asks, unless the same person has just been asked and the link is still good: that is the same attempt then.
     *
     * @param registration unclaimed, stored or about to be
     * @param write stores what it is given; empty on a conflict, and then nothing is mailed
     * @return what is stored, and what the agent is to know; empty if it is to be decided anew
     */
    public Optional<Opened> ask(
            Question question,
            Registration registration,
            Asked asked,
            Instant now,
            Function<Registration, Optional<Registration>> write) {
        Attempt before = registration.attempt();
        if (before != null && before.asked().isTheSameAs(asked) && !registration.isRejected()) {
            if (before.isOpen(now)) {
                return write.apply(registration).map(Opened::of);
            }
            if (mailing.awaitOutcome(before)) {
                return Optional.empty();
            }
        }
        String token = secrets.attemptToken();
        Attempt attempt =
                Attempt.asking(secrets.id("cla_"), SecretHash.of(token), asked, now, linkExpiry(registration, now));
        Transition asking = registration.startAttempt(attempt, now);
        if (asking instanceof Transition.Refused refused && refused.problem() == Problem.LIMIT_SPENT) {
            throw limits.recipientsSpent(question.caller, registration, now);
        }
        Registration next = asking.orElseThrow();
        if (!question.counted) {
            question.limit.count(limits, question.caller, asked.address());
            question.counted = true;
        }
        return mailing.storeAndSend(question.caller, new Invitation(attempt, token), () -> write.apply(next))
                .map(Opened::of);
    }

    /** A link never outlives the claim. */
    private Instant linkExpiry(Registration registration, Instant now) {
        Claim claim = Objects.requireNonNull(registration.claim(), "only what can be claimed is asked for");
        return earlier(now.plus(settings.lifetimes().attempt()), claim.expiresAt());
    }

    static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }
}
