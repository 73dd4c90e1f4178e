package dev.agentauth;

import dev.agentauth.spi.RateLimit;
import dev.agentauth.spi.RateLimiter;
import dev.agentauth.spi.StoreUnavailableException;
import dev.agentauth.testkit.MovableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Grants each limit's permits in any hour. */
final class HourlyLimiter implements RateLimiter {
    private final MovableClock clock;
    private final Map<String, Deque<Instant>> granted = new HashMap<>();
    boolean isDown;

    HourlyLimiter(MovableClock clock) {
        this.clock = clock;
    }

    @Override
    public synchronized Optional<Duration> tryAcquire(RateLimit limit, String key) {
        if (isDown) {
            throw new StoreUnavailableException("limiter down");
        }
        Instant now = clock.instant();
        Deque<Instant> times = granted.computeIfAbsent(limit + " " + key, unused -> new ArrayDeque<>());
        while (!times.isEmpty() && !times.peekFirst().plus(Duration.ofHours(1)).isAfter(now)) {
            times.removeFirst();
        }
        if (times.size() == limit.perHour()) {
            return Optional.of(Duration.between(now, times.getFirst().plus(Duration.ofHours(1))));
        }
        times.addLast(now);
        return Optional.empty();
    }

    /** How many permits of a limit are out, whoever has them. */
    synchronized int out(RateLimit limit) {
        return granted.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(limit + " "))
                .mapToInt(entry -> entry.getValue().size())
                .sum();
    }
}
