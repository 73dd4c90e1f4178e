package dev.agentauth.spi;

import java.time.Duration;
import java.util.Optional;

/**
 * Counts requests against limits.
 *
 * @since 0.2.0
 */
public interface RateLimiter {

    /**
     * Takes one permit.
     *
     * <p><b>Atomicity:</b> concurrent calls never get more permits than the limit has.
     *
     * <p><b>Failure:</b> {@link PortUnavailableException} if the backend is out of reach. The request is then allowed,
     * and audited. Whatever else is thrown, or null, is treated the same, and its types are logged.
     *
     * @param limit which limit
     * @param key whose: an address in normal form, or a constant for everybody
     * @return empty if granted; otherwise how long until the next permit, more than zero
     */
    Optional<Duration> tryAcquire(RateLimit limit, String key);

    /**
     * Tells what {@link #tryAcquire} would answer, and takes nothing: for limits of what fails, which is known only
     * afterwards.
     *
     * <p><b>Atomicity:</b> none; a permit that is told may be gone the next moment.
     *
     * <p><b>Failure:</b> as with {@link #tryAcquire}.
     *
     * @param limit which limit
     * @param key whose
     * @return empty if one would be granted; otherwise how long until the next permit, more than zero
     * @since 0.2.0
     */
    Optional<Duration> check(RateLimit limit, String key);
}
