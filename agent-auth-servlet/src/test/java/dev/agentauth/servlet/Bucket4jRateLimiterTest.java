package dev.agentauth.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.agentauth.spi.RateLimit;
import java.time.Duration;
import java.time.Instant;
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

    private Instant now = Instant.parse("2026-05-04T13:00:00Z");
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
        now = now.plus(Duration.ofMinutes(59));
        assertThat(limiter.tryAcquire(LIMIT, "k")).contains(Duration.ofMinutes(1));
        now = now.plusSeconds(60).minusNanos(1);
        assertThat(limiter.tryAcquire(LIMIT, "k")).contains(Duration.ofNanos(1));
        now = now.plusNanos(1);
        assertThat(grantsNow(limiter, LIMIT, "k")).isEqualTo(5);
    }

    @Test
    void acquireSpreadOverTheHourIsGrantedNoMoreThanTheFigure() {
        int granted = 0;
        for (int minute = 0; minute < 60; minute++) {
            granted += limiter.tryAcquire(LIMIT, "k").isEmpty() ? 1 : 0;
            now = now.plus(Duration.ofMinutes(1));
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

        now = now.plus(Duration.ofHours(1)).minusNanos(1);
        assertThat(limiter.keys(LIMIT)).isEqualTo(1);
        now = now.plusNanos(1);
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
