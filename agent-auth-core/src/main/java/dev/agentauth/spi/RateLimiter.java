package dev.agentauth.spi;

import java.time.Duration;
import java.util.Optional;

/** Counts requests against limits. */
@FunctionalInterface
public interface RateLimiter {

    /**
     * Takes one permit.
     *
     * <p><b>Atomicity:</b> concurrent calls never get more permits than the limit has.
     *
     * <p><b>Failure:</b> {@link StoreUnavailableException} if the backend is out of reach. The request is then allowed,
     * and audited.
     *
     * @param limit which limit
     * @param key whose: an address in normal form, or a constant for everybody
     * @return empty if granted; otherwise how long until the next permit, more than zero
     */
    Optional<Duration> tryAcquire(RateLimit limit, String key);
}
