package dev.agentauth.internal;

import dev.agentauth.spi.RateLimit;
import dev.agentauth.spi.RateLimiter;
import java.time.Duration;
import java.util.Optional;

/** Grants everything. */
public final class NoLimits implements RateLimiter {
    @Override
    public Optional<Duration> tryAcquire(RateLimit limit, String key) {
        return Optional.empty();
    }

    @Override
    public Optional<Duration> check(RateLimit limit, String key) {
        return Optional.empty();
    }
}
