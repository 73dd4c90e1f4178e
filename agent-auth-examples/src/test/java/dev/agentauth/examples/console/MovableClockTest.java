package dev.agentauth.examples.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MovableClockTest {
    private static final Instant NOW = Instant.parse("2026-05-04T13:00:00Z");
    private static final long CENTURY = MovableClock.FARTHEST.toSeconds();

    private final MovableClock clock = new MovableClock(InstantSource.fixed(NOW));

    @Test
    void movesAddUp() {
        assertThat(clock.instant()).isEqualTo(NOW);
        assertThat(clock.forwardBy(60)).isTrue();
        assertThat(clock.forwardBy(1)).isTrue();
        assertThat(clock.instant()).isEqualTo(NOW.plusSeconds(61));
        assertThat(clock.ahead()).isEqualTo(61);
    }

    @Test
    void timeGoesForwardOnly() {
        assertThatThrownBy(() -> clock.forwardBy(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> clock.forwardBy(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(clock.instant()).isEqualTo(NOW);
    }

    @Test
    void centuryIsTheFarthestAndNothingOverflows() {
        assertThat(clock.forwardBy(CENTURY)).isTrue();
        assertThat(clock.forwardBy(1)).isFalse();
        assertThat(clock.forwardBy(Long.MAX_VALUE)).isFalse();
        assertThat(clock.ahead()).isEqualTo(CENTURY);
    }

    @Test
    void noMoveIsLostAmongThreads() throws InterruptedException {
        CountDownLatch start = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        for (int i = 0; i < 4; i++) {
            threads.execute(() -> {
                try {
                    start.await();
                    for (int moves = 0; moves < 1000; moves++) {
                        clock.forwardBy(1);
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
        start.countDown();
        threads.shutdown();

        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThat(clock.ahead()).isEqualTo(4000);
    }
}
