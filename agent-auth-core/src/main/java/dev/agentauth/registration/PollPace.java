package dev.agentauth.registration;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * How often the agent may ask whether its person has typed the code.
 *
 * @param lastPending when it was last told that the person has not
 * @param interval how long it has to wait from then on
 * @param raised whether it has asked too early since, and been made to wait longer
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8628#section-3.5">RFC 8628, section 3.5</a>
 * @since 0.2.0
 */
public record PollPace(Instant lastPending, Duration interval, boolean raised) {

    /** How long an agent waits between two polls that has never been too early. */
    public static final Duration FIRST_INTERVAL = Duration.ofSeconds(5);

    /** By how much being too early makes the interval longer. */
    public static final Duration STEP = Duration.ofSeconds(5);

    /** Checks that nothing is missing. */
    public PollPace {
        Objects.requireNonNull(lastPending);
        Objects.requireNonNull(interval);
    }

    static PollPace beginning(Instant now) {
        return new PollPace(now, FIRST_INTERVAL, false);
    }

    /** A poll that lies in the future was another clock's, and does not count. */
    boolean isTooEarly(Instant now) {
        return !lastPending.isAfter(now) && now.isBefore(lastPending.plus(interval));
    }

    PollPace accepted(Instant now) {
        return new PollPace(now, interval, false);
    }

    /** Once after each poll that was accepted, so that a flood writes no more than that. */
    PollPace tooEarly() {
        return raised ? this : new PollPace(lastPending, interval.plus(STEP), true);
    }
}
