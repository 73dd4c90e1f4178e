package dev.agentauth.servlet;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.agentauth.spi.RateLimit;
import dev.agentauth.spi.RateLimiter;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Counts in the memory of this process, with Bucket4j. The hour of a key begins with its first request; within it no more
 * than the limit's figure is granted, and the next hour begins with a full measure. Safe for use by many threads.
 *
 * <p>Memory is bounded: a key that nobody has used for an hour is forgotten, and of each limit at most 50,000 keys are
 * kept. Beyond that the least used ones are forgotten early and start anew, so that somebody who commands more networks
 * than that gets more than one measure for a network; the service-wide limits, each with a single key, still hold.
 *
 * <p>Each replica counts for itself. To count for all replicas together, implement {@link RateLimiter} over a
 * {@code ProxyManager} of Bucket4j, which has one for each of the usual backends: build the key from the limit's name and
 * the key, use a bandwidth of {@link RateLimit#perHour} with an interval refill of one hour, return {@code
 * getNanosToWaitForRefill} of a {@code tryConsumeAndReturnRemaining(1)} that was refused, and turn the backend's exceptions
 * into {@link dev.agentauth.spi.StoreUnavailableException}.
 */
public final class Bucket4jRateLimiter implements RateLimiter {
    private static final Duration PERIOD = Duration.ofHours(1);
    private static final int MAX_KEYS = 50_000;

    private final InstantSource clock;
    private final int factor;
    private final TimeMeter meter;
    private final Map<RateLimit, Cache<String, Bucket>> buckets = new EnumMap<>(RateLimit.class);

    private Bucket4jRateLimiter(InstantSource clock, int factor) {
        this.clock = Objects.requireNonNull(clock);
        this.factor = factor;
        this.meter = new ClockMeter(clock);
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
     * The protocol's figures on the system's clock.
     *
     * @return a limiter with nothing counted
     */
    public static Bucket4jRateLimiter create() {
        return create(InstantSource.system());
    }

    /**
     * The protocol's figures.
     *
     * @param clock tells the time
     * @return a limiter with nothing counted
     */
    public static Bucket4jRateLimiter create(InstantSource clock) {
        return new Bucket4jRateLimiter(clock, 1);
    }

    /**
     * The protocol's figures times a factor, for services with more traffic.
     *
     * @param timesAsMany 1 to 1,000,000
     * @return another limiter on the same clock, with nothing counted
     * @throws IllegalArgumentException if the factor is out of range
     */
    public Bucket4jRateLimiter times(int timesAsMany) {
        if (timesAsMany < 1 || timesAsMany > 1_000_000) {
            throw new IllegalArgumentException("timesAsMany must be 1 to 1,000,000: " + timesAsMany);
        }
        return new Bucket4jRateLimiter(clock, timesAsMany);
    }

    @Override
    public Optional<Duration> tryAcquire(RateLimit limit, String key) {
        Cache<String, Bucket> ofLimit = Objects.requireNonNull(buckets.get(limit));
        Bucket bucket = ofLimit.get(key, unused -> full(limit));
        ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
        return probe.isConsumed() ? Optional.empty() : Optional.of(Duration.ofNanos(probe.getNanosToWaitForRefill()));
    }

    /** How many keys of a limit are remembered. */
    long keys(RateLimit limit) {
        Cache<String, Bucket> ofLimit = Objects.requireNonNull(buckets.get(limit));
        ofLimit.cleanUp();
        return ofLimit.estimatedSize();
    }

    private Bucket full(RateLimit limit) {
        long permits = (long) limit.perHour() * factor;
        return Bucket.builder()
                .addLimit(bandwidth -> bandwidth.capacity(permits).refillIntervally(permits, PERIOD))
                .withCustomTimePrecision(meter)
                .build();
    }

    /** The injected clock as Bucket4j and Caffeine want to read it. */
    private record ClockMeter(InstantSource clock) implements TimeMeter {
        @Override
        public long currentTimeNanos() {
            Instant now = clock.instant();
            return now.getEpochSecond() * 1_000_000_000L + now.getNano();
        }

        @Override
        public boolean isWallClockBased() {
            return true;
        }
    }
}
