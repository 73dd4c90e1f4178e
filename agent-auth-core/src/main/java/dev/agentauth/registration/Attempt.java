package dev.agentauth.registration;

import dev.agentauth.SecretHash;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One mailed link of a claim, and the code that was revealed behind it.
 *
 * @param id {@code cla_…}
 * @param tokenHash hash of the attempt token in the link
 * @param startedAt when the agent asked
 * @param linkExpiresAt the first instant at which the link is no longer good
 * @param mailed whether the mailer has accepted the mail
 * @param code the code, once the person has revealed one; gone once the claim is completed
 */
public record Attempt(
        String id,
        SecretHash tokenHash,
        Instant startedAt,
        Instant linkExpiresAt,
        boolean mailed,
        @Nullable OneTimeCode code) {

    /** Checks that nothing but the code is missing. */
    public Attempt {
        Objects.requireNonNull(id);
        Objects.requireNonNull(tokenHash);
        Objects.requireNonNull(startedAt);
        Objects.requireNonNull(linkExpiresAt);
    }

    /**
     * Whether the person may still open the link.
     *
     * @param now the instant of asking
     * @return true before the link's expiry
     */
    public boolean isLinkGood(Instant now) {
        return now.isBefore(linkExpiresAt);
    }

    /**
     * Whether a repeat of the same request needs no second mail.
     *
     * @param now the instant of asking
     * @return true if its mail was accepted and the link has not lapsed
     */
    public boolean isOpen(Instant now) {
        return mailed && isLinkGood(now);
    }

    boolean isCurrent(Instant now) {
        return isLinkGood(now) || (code != null && now.isBefore(code.expiresAt()));
    }

    Attempt withCode(@Nullable OneTimeCode newCode) {
        return new Attempt(id, tokenHash, startedAt, linkExpiresAt, mailed, newCode);
    }

    Attempt accepted() {
        return new Attempt(id, tokenHash, startedAt, linkExpiresAt, true, code);
    }
}
