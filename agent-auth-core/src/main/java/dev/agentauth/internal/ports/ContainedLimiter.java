package dev.agentauth.internal.ports;

import dev.agentauth.spi.PortUnavailableException;
import dev.agentauth.spi.RateLimit;
import dev.agentauth.spi.RateLimiter;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** {@link RateLimiter}: whatever is thrown or null is {@code PortUnavailableException}, which lets the request through. */
final class ContainedLimiter implements RateLimiter {
    private static final Logger LOG = System.getLogger(ContainedLimiter.class.getName());

    private final RateLimiter kept;

    ContainedLimiter(RateLimiter kept) {
        this.kept = kept;
    }

    @Override
    public Optional<Duration> tryAcquire(RateLimit limit, String key) {
        return asked("rateLimiter.tryAcquire", () -> kept.tryAcquire(limit, key));
    }

    @Override
    public Optional<Duration> check(RateLimit limit, String key) {
        return asked("rateLimiter.check", () -> kept.check(limit, key));
    }

    private static Optional<Duration> asked(String call, Supplier<Optional<Duration>> question) {
        PortUnavailableException told;
        try {
            return Foreign.answer(question.get(), call);
        } catch (Foreign.NoAnswerException e) {
            told = e;
        } catch (PortUnavailableException e) {
            throw e; // The audit tells of it.
        } catch (Throwable e) {
            told = Foreign.undeclared(call, e);
        }
        // Nobody else would see it: the request goes on.
        LOG.log(Level.WARNING, told.getMessage());
        throw told;
    }
}
