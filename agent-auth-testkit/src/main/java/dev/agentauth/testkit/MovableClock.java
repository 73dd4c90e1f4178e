package dev.agentauth.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;

/**
 * A clock that stands still until a test moves it. It has two hands: the time of day, which {@link #set} can put
 * anywhere, as an operator or NTP does, and {@link #nanoTime}, which only ever goes on. When time passes, by {@link
 * #advance} or {@link #moveTo}, both go on. Safe for use by many threads.
 *
 * @since 0.2.0
 */
public final class MovableClock implements InstantSource {
    private volatile Instant now;
    private volatile long nanoTime;

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
     * What is to be measured by, in place of {@link System#nanoTime}: {@code clock::nanoTime}.
     *
     * @return how many nanoseconds have passed since the clock was made, however it was set meanwhile
     * @since 0.2.0
     */
    public long nanoTime() {
        return nanoTime;
    }

    /**
     * Lets time pass. A negative amount sets the clock back.
     *
     * @param amount how much
     * @return where it stands now
     */
    public synchronized Instant advance(Duration amount) {
        moveTo(now.plus(amount));
        return now;
    }

    /**
     * Lets time pass until an instant, for boundaries that have to be hit exactly. An earlier one sets the clock back.
     *
     * @param instant where it is to stand
     */
    public synchronized void moveTo(Instant instant) {
        Duration passed = Duration.between(now, instant);
        if (!passed.isNegative()) {
            nanoTime += passed.toNanos();
        }
        now = instant;
    }

    /**
     * Sets the clock, while no time passes: whoever measures by {@link #nanoTime} sees nothing of it.
     *
     * @param instant where it is to stand
     * @since 0.2.0
     */
    public synchronized void set(Instant instant) {
        now = Objects.requireNonNull(instant);
    }

    @Override
    public String toString() {
        return "MovableClock[" + now + "]";
    }
}
