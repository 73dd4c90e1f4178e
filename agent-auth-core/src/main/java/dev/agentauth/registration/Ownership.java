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
 * @since 0.2.0
 */
public record Ownership(
        String userId, Instant since, @Nullable Completion completion) {

    /** Checks that nothing but the completion is missing. */
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

    /** The same in another epoch: what typing brought and nobody has collected yet has ended like all that was issued. */
    Ownership inAnotherEpoch() {
        return completion == Completion.TYPED ? new Ownership(userId, since, null) : this;
    }
}
