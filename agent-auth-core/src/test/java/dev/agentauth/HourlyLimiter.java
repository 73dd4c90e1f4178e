package dev.agentauth;

import dev.agentauth.spi.PortUnavailableException;
import dev.agentauth.spi.RateLimit;
import dev.agentauth.spi.RateLimiter;
import dev.agentauth.testkit.MovableClock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Grants each limit's permits in any hour. */
final class HourlyLimiter implements RateLimiter {
    private static final long HOUR = Duration.ofHours(1).toNanos();

    private final MovableClock clock;
    private final Map<String, Deque<Long>> granted = new HashMap<>();
    private final Set<RateLimit> ignored = EnumSet.noneOf(RateLimit.class);
    boolean isDown;

    HourlyLimiter(MovableClock clock) {
        this.clock = clock;
    }

    @Override
    public synchronized Optional<Duration> tryAcquire(RateLimit limit, String key) {
        Optional<Duration> wait = check(limit, key);
        if (wait.isEmpty()) {
            granted(limit, key).addLast(clock.nanoTime());
        }
        return wait;
    }

    @Override
    public synchronized Optional<Duration> check(RateLimit limit, String key) {
        if (isDown) {
            throw new PortUnavailableException("limiter down");
        }
        long now = clock.nanoTime();
        Deque<Long> times = granted(limit, key);
        while (!times.isEmpty() && now - times.peekFirst() >= HOUR) {
            times.removeFirst();
        }
        return ignored.contains(limit) || times.size() < limit.perHour()
                ? Optional.empty()
                : Optional.of(Duration.ofNanos(times.getFirst() + HOUR - now));
    }

    private Deque<Long> granted(RateLimit limit, String key) {
        return granted.computeIfAbsent(limit + " " + key, unused -> new ArrayDeque<>());
    }

    /** Takes some limits away, for a test of the others. */
    void ignore(RateLimit... limits) {
        ignored.addAll(List.of(limits));
    }

    /** How many permits of a limit are out, whoever has them. */
    synchronized int out(RateLimit limit) {
        return granted.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(limit + " "))
                .mapToInt(entry -> entry.getValue().size())
                .sum();
    }
}
