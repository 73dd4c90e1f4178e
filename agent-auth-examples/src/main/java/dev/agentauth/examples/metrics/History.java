package dev.agentauth.examples.metrics;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What was heard of one registration. */
final class History {
    private static final String OTHER = "other";

    private String kind = "unknown";
    private String warning = OTHER;
    private Instant warnedAt = Instant.MIN;
    private @Nullable Instant createdAt;
    private @Nullable Instant claimStartedAt;

    synchronized void created(String kindOfIt, Instant time) {
        kind = kindOfIt;
        createdAt = time;
    }

    synchronized String kind() {
        return kind;
    }

    /** When it was made, if this is its first token; else null. */
    synchronized @Nullable Instant firstToken() {
        Instant first = createdAt;
        createdAt = null;
        return first;
    }

    /** A mail went out. The first counts until the person has decided. */
    synchronized void claimStarted(Instant time) {
        if (claimStartedAt == null) {
            claimStartedAt = time;
        }
    }

    synchronized @Nullable Instant claimStartedAt() {
        return claimStartedAt;
    }

    /** When the claim was started that has ended now; null if that is not known. */
    synchronized @Nullable Instant claimEnded() {
        Instant started = claimStartedAt;
        claimStartedAt = null;
        return started;
    }

    synchronized void wrongCode(Instant time) {
        warning = "guesses";
        warnedAt = time;
    }

    synchronized void rejected(Instant time) {
        warning = "person";
        warnedAt = time;
    }

    /**
     * Why it ended. The audit does not say it in the event itself; where a wrong code or the person's no was the reason, it
     * has told that right before.
     */
    synchronized String cause(Instant time) {
        return time.isBefore(warnedAt) || !time.minusSeconds(1).isBefore(warnedAt) ? OTHER : warning;
    }
}
