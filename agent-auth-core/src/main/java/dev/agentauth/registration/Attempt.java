package dev.agentauth.registration;

import dev.agentauth.SecretHash;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One question to a person: whom it is for, the link that leads to it, and the code that was revealed behind the link.
 *
 * @param id {@code cla_…}
 * @param tokenHash hash of the attempt token in the link
 * @param asked whom it is for
 * @param startedAt when the agent asked
 * @param linkExpiresAt the first instant at which the link is no longer good
 * @param delivery what became of its mail
 * @param code the code, once the person has revealed one; gone once the claim is completed or the person said no
 * @since 0.2.0
 */
public record Attempt(
        String id,
        SecretHash tokenHash,
        Asked asked,
        Instant startedAt,
        Instant linkExpiresAt,
        Delivery delivery,
        @Nullable OneTimeCode code) {

    /** Checks that nothing but the code is missing. */
    public Attempt {
        Objects.requireNonNull(id);
        Objects.requireNonNull(tokenHash);
        Objects.requireNonNull(asked);
        Objects.requireNonNull(startedAt);
        Objects.requireNonNull(linkExpiresAt);
        Objects.requireNonNull(delivery);
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
        return new Attempt(id, tokenHash, asked, now, linkExpiresAt, Delivery.UNDERWAY, null);
    }

    /**
     * Whether a repeat of the same request needs no second mail.
     *
     * @param now the instant of asking
     * @return true if its mail was accepted and the link has not lapsed
     */
    public boolean isOpen(Instant now) {
        return delivery == Delivery.ACCEPTED && isLinkGood(now);
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

    Attempt withCode(@Nullable OneTimeCode newCode) {
        return new Attempt(id, tokenHash, asked, startedAt, linkExpiresAt, delivery, newCode);
    }

    Attempt delivered(Delivery outcome) {
        return new Attempt(id, tokenHash, asked, startedAt, linkExpiresAt, outcome, code);
    }
}
