package dev.agentauth.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.agentauth.spi.RateLimit;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class Bucket4jRateLimiterTest {
    private static final RateLimit LIMIT = RateLimit.ANONYMOUS_PER_CLIENT;

    /** A minute before it overflows, as a source of nanoseconds may. */
    private long now = Long.MAX_VALUE - Duration.ofMinutes(1).toNanos();

    private final Bucket4jRateLimiter limiter = Bucket4jRateLimiter.create(() -> now);

    @ParameterizedTest
    @EnumSource(RateLimit.class)
    void acquireIsGrantedExactlyTheFigureOfTheLimit(RateLimit limit) {
        assertThat(grantsNow(limiter, limit, "k")).isEqualTo(limit.perHour());
    }

    @Test
    void acquireWithTimesIsGrantedTheMultiple() {
        assertThat(grantsNow(limiter.times(50), LIMIT, "k")).isEqualTo(250);
        assertThat(grantsNow(limiter, LIMIT, "k")).isEqualTo(5);
    }

    @Test
    void acquireOfASpentKeyTellsTheTimeToTheNextHour() {
        grantsNow(limiter, LIMIT, "k");

        assertThat(limiter.tryAcquire(LIMIT, "k")).contains(Duration.ofHours(1));
        now += Duration.ofMinutes(59).toNanos();
        assertThat(limiter.tryAcquire(LIMIT, "k")).contains(Duration.ofMinutes(1));
        now += Duration.ofMinutes(1).toNanos() - 1;
        assertThat(limiter.tryAcquire(LIMIT, "k")).contains(Duration.ofNanos(1));
        now += 1;
        assertThat(grantsNow(limiter, LIMIT, "k")).isEqualTo(5);
    }

    @Test
    void acquireSpreadOverTheHourIsGrantedNoMoreThanTheFigure() {
        int granted = 0;
        for (int minute = 0; minute < 60; minute++) {
            granted += limiter.tryAcquire(LIMIT, "k").isEmpty() ? 1 : 0;
            now += Duration.ofMinutes(1).toNanos();
        }

        assertThat(granted).isEqualTo(5);
    }

    @Test
    void keysAndLimitsDoNotTouchEachOther() {
        grantsNow(limiter, LIMIT, "k");

        assertThat(limiter.tryAcquire(LIMIT, "other")).isEmpty();
        assertThat(limiter.tryAcquire(RateLimit.ASSERTION_PER_CLIENT, "k")).isEmpty();
    }

    @Test
    void floodOfKeysForgetsNeitherTheServiceWideLimitNorGrowsWithoutBound() {
        grantsNow(limiter, RateLimit.ANONYMOUS_TOTAL, "*");

        for (int i = 0; i < 200_000; i++) {
            limiter.tryAcquire(LIMIT, "k" + i);
        }

        assertThat(limiter.tryAcquire(RateLimit.ANONYMOUS_TOTAL, "*")).isPresent();
        assertThat(limiter.keys(LIMIT)).isLessThanOrEqualTo(50_000);
    }

    @Test
    void keyUnusedForAnHourIsForgotten() {
        limiter.tryAcquire(LIMIT, "k");

        now += Duration.ofHours(1).toNanos() - 1;
        assertThat(limiter.keys(LIMIT)).isEqualTo(1);
        now += 1;
        assertThat(limiter.keys(LIMIT)).isZero();
    }

    @Test
    void concurrentAcquiresGetNoMoreThanTheFigure() throws InterruptedException {
        CountDownLatch start = new CountDownLatch(1);
        AtomicInteger granted = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(16);
        for (int i = 0; i < 16; i++) {
            threads.execute(() -> {
                try {
                    start.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
                for (int j = 0; j < 20; j++) {
                    granted.addAndGet(
                            limiter.tryAcquire(RateLimit.ASSERTION_PER_CLIENT, "k")
                                            .isEmpty()
                                    ? 1
                                    : 0);
                }
            });
        }
        start.countDown();
        threads.shutdown();

        assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        assertThat(granted).hasValue(60);
    }

    @Test
    void checkTellsWhatAcquireWouldAndTakesNothing() {
        for (int i = 0; i < 10; i++) {
            assertThat(limiter.check(LIMIT, "k")).isEmpty();
        }
        assertThat(limiter.keys(LIMIT)).as("keys made by asking").isZero();
        assertThat(grantsNow(limiter, LIMIT, "k")).isEqualTo(5);

        assertThat(limiter.check(LIMIT, "k")).contains(Duration.ofHours(1));
        now += Duration.ofHours(1).toNanos();
        assertThat(limiter.check(LIMIT, "k")).isEmpty();
    }

    @Test
    void factorOutOfRangeIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> limiter.times(0));
        assertThatIllegalArgumentException().isThrownBy(() -> limiter.times(1_000_001));
    }

    private static int grantsNow(Bucket4jRateLimiter limiter, RateLimit limit, String key) {
        int granted = 0;
        while (limiter.tryAcquire(limit, key).isEmpty()) {
            granted++;
        }
        return granted;
    }
}
