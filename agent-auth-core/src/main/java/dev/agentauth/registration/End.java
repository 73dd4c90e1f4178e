package dev.agentauth.registration;

import java.time.Instant;
import java.util.Objects;

/**
 * That a registration is over.
 *
 * @param at since when
 * @param reason what ended it; the first reason stands
 * @since 0.2.0
 */
public record End(Instant at, EndReason reason) {

    /** Checks that nothing is missing. */
    public End {
        Objects.requireNonNull(at);
        Objects.requireNonNull(reason);
    }
}
