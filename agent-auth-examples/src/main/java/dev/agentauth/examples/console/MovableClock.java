package dev.agentauth.examples.console;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A clock that goes as another does, and can be moved forward for good: what has lapsed stays so. Safe for use by many
 * threads.
 */
public final class MovableClock implements InstantSource {
    /** Far enough for everything here to lapse, near enough for every date to be one of four digits. */
    static final Duration FARTHEST = Duration.ofDays(36_525);

    private final InstantSource clock;
    private final AtomicLong ahead = new AtomicLong();

    /** Starts with the time of another. */
    public MovableClock(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Instant instant() {
        return clock.instant().plusSeconds(ahead.get());
    }

    /**
     * Moves it.
     *
     * @param seconds one at least
     * @return whether it was moved; false if it would be farther ahead than a century
     */
    boolean forwardBy(long seconds) {
        if (seconds < 1) {
            throw new IllegalArgumentException("time goes forward only");
        }
        long farthest = FARTHEST.toSeconds();
        long before = ahead.getAndUpdate(already -> seconds > farthest - already ? already : already + seconds);
        return seconds <= farthest - before;
    }

    /** By how many seconds it was moved in all. */
    long ahead() {
        return ahead.get();
    }
}
