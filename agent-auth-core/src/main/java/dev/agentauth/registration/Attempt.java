package dev.agentauth.registration;

import dev.agentauth.SecretHash;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One question to a person: whom it is for, the link that leads to it, the code that was revealed behind the link, and the
 * code that the agent shows to be typed there.
 *
 * @param id {@code cla_…}
 * @param tokenHash hash of the attempt token in the link, see {@link Way#hash}
 * @param way how it is known who answers
 * @param asked whom it is for
 * @param startedAt when the agent asked
 * @param linkExpiresAt the first instant at which the link is no longer good
 * @param delivery what became of its mail
 * @param code the code to be read back, once the person has revealed one; gone once the claim is completed or the person
 *     said no
 * @param typed the code to be typed, if the agent was given one; gone like the other
 * @param pace how often the agent may poll; null if it never has
 * @since 0.2.0
 */
public record Attempt(
        String id,
        SecretHash tokenHash,
        Way way,
        Asked asked,
        Instant startedAt,
        Instant linkExpiresAt,
        Delivery delivery,
        @Nullable OneTimeCode code,
        @Nullable TypedCode typed,
        @Nullable PollPace pace) {

    /** Checks that nothing is missing but codes and pace, and that all of it is of one way. */
    public Attempt {
        Objects.requireNonNull(id);
        Objects.requireNonNull(tokenHash);
        Objects.requireNonNull(asked);
        Objects.requireNonNull(startedAt);
        Objects.requireNonNull(linkExpiresAt);
        if ((way == Way.SIGN_IN) != (delivery == Delivery.NOT_MAILED)) {
            throw new IllegalArgumentException("a mailed link is mailed, and no other is");
        }
        if (way != Way.SIGN_IN && asked instanceof Asked.Anybody) {
            throw new IllegalArgumentException("nothing can be mailed to nobody");
        }
        if (code != null && (way == Way.SIGN_IN) != (code.revealedBy() != null)) {
            throw new IllegalArgumentException("who reveals a code is known by signing in, and not otherwise");
        }
    }

    /**
     * A question that is about to be mailed.
     *
     * @param id {@code cla_…}
     * @param tokenHash hash of the attempt token in the link
     * @param asked whom it is for
     * @param now when the agent asks
     * @param linkExpiresAt the first instant at which the link is no longer good
     * @return the attempt
     */
    public static Attempt asking(String id, SecretHash tokenHash, Asked asked, Instant now, Instant linkExpiresAt) {
        return new Attempt(
                id, tokenHash, Way.MAILED_LINK, asked, now, linkExpiresAt, Delivery.UNDERWAY, null, null, null);
    }

    /**
     * A question whose link the agent hands on, to somebody who has to sign in.
     *
     * @param id {@code cla_…}
     * @param tokenHash hash of the attempt token in the link
     * @param asked whom it is for
     * @param now when the agent asks
     * @param linkExpiresAt the first instant at which the link is no longer good
     * @return the attempt
     */
    public static Attempt signingIn(String id, SecretHash tokenHash, Asked asked, Instant now, Instant linkExpiresAt) {
        return new Attempt(
                id, tokenHash, Way.SIGN_IN, asked, now, linkExpiresAt, Delivery.NOT_MAILED, null, null, null);
    }

    /**
     * The same question with a code that the agent shows to be typed.
     *
     * @param newTyped the code; null if there is to be none
     * @return with that code in the place of any other
     */
    public Attempt withTyped(@Nullable TypedCode newTyped) {
        return new Attempt(id, tokenHash, way, asked, startedAt, linkExpiresAt, delivery, code, newTyped, pace);
    }

    /**
     * Whether a repeat of the same request is the same attempt.
     *
     * @param now the instant of asking
     * @return true if its mail was accepted, or none was needed, and the link has not lapsed
     */
    public boolean isOpen(Instant now) {
        return delivery != Delivery.UNDERWAY && isLinkGood(now);
    }

    /**
     * Whether the person can still answer: see the page, show a code, say no.
     *
     * @param now the instant of asking
     * @return true while the link or a code that it revealed lives
     */
    public boolean isCurrent(Instant now) {
        return now.isBefore(answerableUntil());
    }

    /**
     * Until when the person can answer.
     *
     * @return the first instant at which neither the link nor a code of it lives
     */
    public Instant answerableUntil() {
        if (delivery == Delivery.REFUSED) {
            return startedAt;
        }
        return code != null && code.expiresAt().isAfter(linkExpiresAt) ? code.expiresAt() : linkExpiresAt;
    }

    boolean isLinkGood(Instant now) {
        return delivery != Delivery.REFUSED && now.isBefore(linkExpiresAt);
    }

    /**
     * How long the agent has to wait between two polls.
     *
     * @return at least {@link PollPace#FIRST_INTERVAL}
     */
    public Duration pollInterval() {
        return pace == null ? PollPace.FIRST_INTERVAL : pace.interval();
    }

    Attempt withCode(@Nullable OneTimeCode newCode) {
        return new Attempt(id, tokenHash, way, asked, startedAt, linkExpiresAt, delivery, newCode, typed, pace);
    }

    Attempt withLink(SecretHash newTokenHash) {
        return new Attempt(id, newTokenHash, way, asked, startedAt, linkExpiresAt, delivery, code, typed, pace);
    }

    Attempt withPace(PollPace newPace) {
        return new Attempt(id, tokenHash, way, asked, startedAt, linkExpiresAt, delivery, code, typed, newPace);
    }

    Attempt delivered(Delivery outcome) {
        return new Attempt(id, tokenHash, way, asked, startedAt, linkExpiresAt, outcome, code, typed, pace);
    }

    /** A wrong code counts for every code that is out, whichever it was tried as. */
    Attempt wrongGuess() {
        return withCode(code == null ? null : code.wrongGuess()).withTyped(typed == null ? null : typed.wrongGuess());
    }

    /** The person has answered: what is left is the link, so that it can say so. */
    Attempt answered() {
        return new Attempt(id, tokenHash, way, asked, startedAt, linkExpiresAt, delivery, null, null, null);
    }
}
