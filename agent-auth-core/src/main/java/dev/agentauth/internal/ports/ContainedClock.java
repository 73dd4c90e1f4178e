package dev.agentauth.internal.ports;

import java.time.Instant;
import java.time.InstantSource;

/** The clock: whatever is thrown or null is {@code PortUnavailableException}. */
final class ContainedClock implements InstantSource {
    private final InstantSource kept;

    ContainedClock(InstantSource kept) {
        this.kept = kept;
    }

    @Override
    public Instant instant() {
        try {
            return Foreign.answer(kept.instant(), "clock.instant");
        } catch (Throwable e) {
            throw Foreign.outOfReach("clock.instant", e);
        }
    }
}
