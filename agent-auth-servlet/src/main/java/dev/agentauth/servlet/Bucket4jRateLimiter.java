package dev.agentauth.servlet;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.agentauth.spi.RateLimit;
import dev.agentauth.spi.RateLimiter;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Counts in the memory of this process, with Bucket4j. The hour of a key begins with its first request; within it no more
 * than the limit's figure is granted, and the next hour begins with a full measure. An hour is measured by {@link
 * System#nanoTime}: setting the clock neither prolongs nor ends one. Safe for use by many threads.
 *
 * <p>Memory is bounded: a key that nobody has used for an hour is forgotten, and of each limit at most 50,000 keys are
 * kept. Beyond that the least used ones are forgotten early and start anew, so that somebody who commands more networks
 * than that gets more than one measure for a network; the service-wide limits, each with a single key, still hold.
 *
 * <p>Each replica counts for itself. To count for all replicas together, implement {@link RateLimiter} over a
 * {@code ProxyManager} of Bucket4j, which has one for each of the usual backends: build the key from the limit's name and
 * the key, use a bandwidth of {@link RateLimit#perHour} with an interval refill of one hour, return {@code
 * getNanosToWaitForRefill} of a {@code tryConsumeAndReturnRemaining(1)} (to check, of an {@code estimateAbilityToConsume(1)})
 * that was refused, and turn the backend's exceptions
 * into {@link dev.agentauth.spi.PortUnavailableException}.
 *
 * @since 0.2.0
 */
public final class Bucket4jRateLimiter implements RateLimiter {
    private static final Duration PERIOD = Duration.ofHours(1);
    private static final int MAX_KEYS = 50_000;

    private final LongSupplier nanoTime;
    private final int factor;
    private final TimeMeter meter;
    private final Map<RateLimit, Cache<String, Bucket>> buckets = new EnumMap<>(RateLimit.class);

    private Bucket4jRateLimiter(LongSupplier nanoTime, int factor) {
        this.nanoTime = Objects.requireNonNull(nanoTime);
        this.factor = factor;
        this.meter = new NanoTimeMeter(nanoTime, nanoTime.getAsLong());
        for (RateLimit limit : RateLimit.values()) {
            buckets.put(
                    limit,
                    Caffeine.newBuilder()
                            .expireAfterAccess(PERIOD)
                            .maximumSize(MAX_KEYS)
                            .ticker(meter::currentTimeNanos)
                            .executor(Runnable::run)
                            .build());
        }
    }

    /**
     * The protocol's figures.
     *
     * @return a limiter with nothing counted
     */
    public static Bucket4jRateLimiter create() {
        return create(System::nanoTime);
    }

    /**
     * The protocol's figures, for tests that do not wait for the hour to end.
     *
     * @param nanoTime nanoseconds that only ever go on, as {@link System#nanoTime}
     * @return a limiter with nothing counted
     */
    public static Bucket4jRateLimiter create(LongSupplier nanoTime) {
        return new Bucket4jRateLimiter(nanoTime, 1);
    }

    /**
     * The protocol's figures times a factor, for services with more traffic.
     *
     * @param timesAsMany 1 to 1,000,000
     * @return another limiter on the same source of time, with nothing counted
     * @throws IllegalArgumentException if the factor is out of range
     */
    public Bucket4jRateLimiter times(int timesAsMany) {
        if (timesAsMany < 1 || timesAsMany > 1_000_000) {
            throw new IllegalArgumentException("timesAsMany must be 1 to 1,000,000: " + timesAsMany);
        }
        return new Bucket4jRateLimiter(nanoTime, timesAsMany);
    }

    @Override
    public Optional<Duration> tryAcquire(RateLimit limit, String key) {
        Bucket bucket = of(limit).get(key, unused -> full(limit));
        ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
        return probe.isConsumed() ? Optional.empty() : Optional.of(Duration.ofNanos(probe.getNanosToWaitForRefill()));
    }

    @Override
    public Optional<Duration> check(RateLimit limit, String key) {
        return Optional.ofNullable(of(limit).getIfPresent(key))
                .map(bucket -> bucket.estimateAbilityToConsume(1))
                .filter(probe -> !probe.canBeConsumed())
                .map(probe -> Duration.ofNanos(probe.getNanosToWaitForRefill()));
    }

    /** How many keys of a limit are remembered. */
    long keys(RateLimit limit) {
        Cache<String, Bucket> ofLimit = of(limit);
        ofLimit.cleanUp();
        return ofLimit.estimatedSize();
    }

    private Cache<String, Bucket> of(RateLimit limit) {
        return Objects.requireNonNull(buckets.get(limit));
    }

    private Bucket full(RateLimit limit) {
        long permits = (long) limit.perHour() * factor;
        return Bucket.builder()
                .addLimit(bandwidth -> bandwidth.capacity(permits).refillIntervally(permits, PERIOD))
                .withCustomTimePrecision(meter)
                .build();
    }

    /** Time since the beginning: Bucket4j cannot do with nanoseconds that overflow, as those of a JVM may. */
    private record NanoTimeMeter(LongSupplier nanoTime, long beginning) implements TimeMeter {
        @Override
        public long currentTimeNanos() {
            return nanoTime.getAsLong() - beginning;
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }
}
