package dev.agentauth.registration;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * That a registration is somebody's.
 *
 * @param userId the service's own id of the owner
 * @param since when the owner took it
 * @param completion how the owner's yes reached the agent; null if nobody had to be asked, if what there was to collect has
 *     ended with its epoch, or if a release wrote it that
 *     knew one way only: to be read back
 * @param label what the owner calls the agent; null if it was given no name
 * @since 0.2.0
 */
public record Ownership(
        String userId,
        Instant since,
        @Nullable Completion completion,
        @Nullable String label) {

    /** Checks that nothing but completion and label is missing. */
    public Ownership {
        Objects.requireNonNull(userId);
        Objects.requireNonNull(since);
    }

    /**
     * Ownership that nobody had to be asked for.
     *
     * @param userId the service's own id of the owner
     * @param since when the owner took it
     */
    public Ownership(String userId, Instant since) {
        this(userId, since, null);
    }

    /**
     * Ownership of an agent that has no name yet.
     *
     * @param userId the service's own id of the owner
     * @param since when the owner took it
     * @param completion how the owner's yes reached the agent
     */
    public Ownership(String userId, Instant since, @Nullable Completion completion) {
        this(userId, since, completion, null);
    }

    /** The same in another epoch: what typing brought and nobody has collected yet has ended like all that was issued. */
    Ownership inAnotherEpoch() {
        return completion == Completion.TYPED ? new Ownership(userId, since, null, label) : this;
    }

    Ownership named(@Nullable String newLabel) {
        return new Ownership(userId, since, completion, newLabel);
    }
}
