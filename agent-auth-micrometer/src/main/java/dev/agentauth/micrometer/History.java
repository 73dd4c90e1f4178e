package dev.agentauth.micrometer;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What was heard of one registration. */
final class History {
    private String kind = "unknown";
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
}
