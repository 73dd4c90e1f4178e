package dev.agentauth.keys;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** So many fetches in a window that slides with the time, in nanoseconds that nobody sets. Not thread-safe. */
final class FetchBudget {
    private final int size;
    private final long window;
    private final Deque<Long> taken = new ArrayDeque<>();

    FetchBudget(int size, Duration window) {
        this.size = size;
        this.window = window.toNanos();
    }

    /** Takes one if there is one; what was taken a full window ago is there again. */
    boolean tryTake(long now) {
        taken.removeIf(then -> now - then >= window);
        return taken.size() < size && taken.add(now);
    }
}
