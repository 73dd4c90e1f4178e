package dev.agentauth.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that stands still until it is moved. Safe for use by many threads. */
public final class MovableClock implements InstantSource {
    private final AtomicReference<Instant> now;

    /**
     * A clock that stands.
     *
     * @param start what it shows
     */
    public MovableClock(Instant start) {
        now = new AtomicReference<>(Objects.requireNonNull(start));
    }

    @Override
    public Instant instant() {
        return now.get();
    }

    /**
     * Moves the clock.
     *
     * @param amount how far; back if negative
     * @return what it shows then
     */
    public Instant advance(Duration amount) {
        return now.updateAndGet(instant -> instant.plus(amount));
    }

    /**
     * Moves the clock to an instant.
     *
     * @param instant what it is to show
     */
    public void moveTo(Instant instant) {
        now.set(Objects.requireNonNull(instant));
    }
}
