package dev.agentauth.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that stands still until a test moves it. Safe for use by many threads. */
public final class MovableClock implements InstantSource {
    private final AtomicReference<Instant> now;

    private MovableClock(Instant start) {
        this.now = new AtomicReference<>(Objects.requireNonNull(start));
    }

    /**
     * A clock that stands at an instant.
     *
     * @param start where it stands
     * @return the clock
     */
    public static MovableClock at(Instant start) {
        return new MovableClock(start);
    }

    @Override
    public Instant instant() {
        return now.get();
    }

    /**
     * Moves the clock on, or back by a negative amount.
     *
     * @param amount how far
     * @return where it stands now
     */
    public Instant advance(Duration amount) {
        return now.updateAndGet(instant -> instant.plus(amount));
    }

    /**
     * Puts the clock to an instant, for boundaries that have to be hit exactly.
     *
     * @param instant where it is to stand
     */
    public void moveTo(Instant instant) {
        now.set(Objects.requireNonNull(instant));
    }

    @Override
    public String toString() {
        return "MovableClock[" + now.get() + "]";
    }
}
