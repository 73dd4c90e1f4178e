package dev.agentauth.internal.claim;

import dev.agentauth.AgentAuthException;
import dev.agentauth.AttemptHandle;
import dev.agentauth.Caller;
import dev.agentauth.ClaimHandle;
import dev.agentauth.ClaimStarted;
import dev.agentauth.CodeToType;
import dev.agentauth.Problem;
import dev.agentauth.Secret;
import dev.agentauth.SecretHash;
import dev.agentauth.internal.Audit;
import dev.agentauth.internal.EmailAddress;
import dev.agentauth.internal.Feature;
import dev.agentauth.internal.Limits;
import dev.agentauth.internal.Secrets;
import dev.agentauth.internal.Settings;
import dev.agentauth.internal.Surroundings;
import dev.agentauth.internal.wire.Paths;
import dev.agentauth.registration.Asked;
import dev.agentauth.registration.Attempt;
import dev.agentauth.registration.Claim;
import dev.agentauth.registration.Registration;
import dev.agentauth.registration.Transition;
import dev.agentauth.registration.TypedCode;
import dev.agentauth.registration.Way;
import dev.agentauth.spi.AuditEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks a person to take ownership: the one way in which an attempt comes to be, whatever the registration and however it
 * is stored.
 */
public final class Asking {
    private final Settings settings;
    private final Limits limits;
    private final Secrets secrets;
    private final ClaimMailing mailing;
    private final Audit audit;

    public Asking(Surroundings around, ClaimMailing mailing) {
        this.settings = around.settings();
        this.limits = around.limits();
        this.secrets = around.secrets();
        this.mailing = mailing;
        this.audit = around.audit();
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

        /** What is answered where the registration was there before. */
        public ClaimStarted started() {
            return new ClaimStarted(
                    registration.id(),
                    Objects.requireNonNull(registration.attempt()).id(),
                    handle);
        }
    }

    /** Whoever has a mailbox, by an address as a request spells it. */
    public static Asked mailbox(String address) {
        return new Asked.Mailbox(
                EmailAddress.normalize(address).orElseThrow(() -> new AgentAuthException(Problem.ADDRESS_UNUSABLE)));
    }

    /** Whoever signs in, where a service asks nobody in particular. */
    public Asked anybody() {
        if (!settings.features().has(Feature.NAMELESS)) {
            throw nobodyNamed();
        }
        return new Asked.Anybody();
    }

    static AgentAuthException nobodyNamed() {
        return new AgentAuthException(Problem.ADDRESS_UNUSABLE, "Name the person whom this service is to ask.");
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
        Way way = settings.features().has(Feature.SIGN_IN) ? Way.SIGN_IN : Way.MAILED_LINK;
        Attempt before = registration.attempt();
        if (before != null && before.way() == way && before.asked().isTheSameAs(asked) && !registration.isRejected()) {
            if (before.isOpen(now)) {
                return repeat(registration, before, now, write);
            }
            if (mailing.awaitOutcome(before)) {
                return Optional.empty();
            }
        }
        boolean mails = way == Way.MAILED_LINK;
        String token = mails ? secrets.attemptToken() : secrets.signInToken();
        Optional<String> digits = digitsToType();
        String id = secrets.id("cla_");
        Instant expiresAt = linkExpiry(registration, now);
        Attempt attempt = (mails
                        ? Attempt.asking(id, way.hash(token), asked, now, expiresAt)
                        : Attempt.signingIn(id, way.hash(token), asked, now, expiresAt))
                .withTyped(typed(id, digits));
        Transition asking = registration.startAttempt(attempt, now);
        if (asking instanceof Transition.Refused refused && refused.problem() == Problem.LIMIT_SPENT) {
            throw limits.recipientsSpent(question.caller, registration, now);
        }
        Registration next = asking.orElseThrow();
        if (!question.counted) {
            if (mails) {
                question.limit.count(limits, question.caller, asked.address());
            } else {
                limits.question(question.caller);
            }
            question.counted = true;
        }
        Optional<Registration> stored = mails
                ? mailing.storeAndSend(question.caller, new Invitation(attempt, token), () -> write.apply(next))
                : write.apply(next);
        return stored.map(registered -> {
            if (!mails) {
                audit.record(
                        AuditEvent.Type.CLAIM_REQUESTED, question.caller, registered, ClaimMailing.fields(attempt));
            }
            return opened(registered, mails ? null : token, digits, now);
        });
    }

    /** The same attempt once more. What the agent hands on or shows is minted anew, since only its hash is kept. */
    private Optional<Opened> repeat(
            Registration registration,
            Attempt open,
            Instant now,
            Function<Registration, Optional<Registration>> write) {
        String link = open.way() == Way.SIGN_IN ? secrets.signInToken() : null;
        Optional<String> digits = digitsToType();
        Registration next = registration
                .repeatAttempt(link == null ? null : Way.SIGN_IN.hash(link), typed(open.id(), digits), now)
                .orElseThrow();
        return write.apply(next).map(stored -> opened(stored, link, digits, now));
    }

    private Optional<String> digitsToType() {
        return settings.features().has(Feature.TYPED_CODE) ? Optional.of(secrets.code()) : Optional.empty();
    }

    private static @Nullable TypedCode typed(String attemptId, Optional<String> digits) {
        return digits.map(code -> TypedCode.of(attemptId, code)).orElse(null);
    }

    private Opened opened(
            Registration registration, @Nullable String signInToken, Optional<String> digits, Instant now) {
        Attempt attempt = Objects.requireNonNull(registration.attempt(), "somebody has been asked");
        Optional<Secret> link =
                Optional.ofNullable(signInToken).map(token -> Secret.of(Paths.link(settings.base(), token)));
        Duration left = Duration.ofSeconds(
                Duration.between(now, attempt.linkExpiresAt()).toSeconds());
        return new Opened(
                registration,
                new AttemptHandle(
                        link,
                        attempt.linkExpiresAt(),
                        digits.map(code -> new CodeToType(Secret.of(code), left, attempt.pollInterval()))));
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
