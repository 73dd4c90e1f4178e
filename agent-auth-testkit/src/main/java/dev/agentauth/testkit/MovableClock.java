package dev.agentauth.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;

/** A clock that stands still until a test moves it. Safe for use by many threads. */
public final class MovableClock implements InstantSource {
    private volatile Instant now;

    private MovableClock(Instant start) {
        now = Objects.requireNonNull(start);
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
        return now;
    }

    /**
     * Moves the clock on, or back by a negative amount.
     *
     * @param amount how far
     * @return where it stands now
     */
    public synchronized Instant advance(Duration amount) {
        now = now.plus(amount);
        return now;
    }

    /**
     * Puts the clock to an instant, for boundaries that have to be hit exactly.
     *
     * @param instant where it is to stand
     */
    public synchronized void moveTo(Instant instant) {
        now = Objects.requireNonNull(instant);
    }

    @Override
    public String toString() {
        return "MovableClock[" + now + "]";
    }
}
