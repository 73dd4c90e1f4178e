package dev.agentauth.registration;

import java.time.Instant;
import java.util.Objects;

/**
 * That a registration is somebody's.
 *
 * @param userId the service's own id of the owner
 * @param since when the owner took it
 * @since 0.2.0
 */
public record Ownership(String userId, Instant since) {

    /** Checks that nothing is missing. */
    public Ownership {
        Objects.requireNonNull(userId);
        Objects.requireNonNull(since);
    }
}
