package dev.agentauth.keys;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** So many fetches in a window that slides with the time. Not thread-safe. */
final class FetchBudget {
    private final int size;
    private final Duration window;
    private final Deque<Instant> taken = new ArrayDeque<>();

    FetchBudget(int size, Duration window) {
        this.size = size;
        this.window = window;
    }

    /** Takes one if there is one; what was taken a full window ago is there again. */
    boolean tryTake(Instant now) {
        taken.removeIf(instant -> !instant.plus(window).isAfter(now));
        return taken.size() < size && taken.add(now);
    }
}
