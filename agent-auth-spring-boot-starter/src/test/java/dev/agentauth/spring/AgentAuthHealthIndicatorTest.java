package dev.agentauth.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.Health;
import dev.agentauth.Health.Component;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Status;

class AgentAuthHealthIndicatorTest {
    private static final Health UP = new Health(
            List.of(
                    new Component("users", true, true, Optional.empty()),
                    new Component("provider https://agents.example", true, false, Optional.of(Duration.ofMinutes(3)))),
            0);
    private static final Health DOWN = new Health(List.of(new Component("writes", false, true, Optional.empty())), 7);

    private final Deque<Health> looks = new ArrayDeque<>(List.of(UP, DOWN));
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 10);
    private final AgentAuthHealthIndicator indicator = new AgentAuthHealthIndicator(looks::remove, nanos::get);

    @Test
    void saysOfEachPartHowItIsDoing() {
        assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
        assertThat(indicator.health().getDetails())
                .containsEntry("users", "up")
                .containsEntry("provider https://agents.example", "up, keys of PT3M")
                .containsEntry("lostAuditEvents", 0L);
    }

    @Test
    void whatStrangersCanBringDownIsShownAndMakesNobodyDown() {
        looks.clear();
        looks.add(new Health(
                List.of(
                        new Component("mail", false, false, Optional.empty()),
                        new Component("provider https://agents.example", false, false, Optional.empty())),
                0));

        assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
        assertThat(indicator.health().getDetails())
                .containsEntry("mail", "down")
                .containsEntry("provider https://agents.example", "down");
    }

    @Test
    void lookThatTakesLongKeepsNobodyWaitingAndIsFreshFromItsEnd() throws Exception {
        CountDownLatch looking = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        AtomicInteger taken = new AtomicInteger();
        AgentAuthHealthIndicator slow = new AgentAuthHealthIndicator(
                () -> {
                    if (taken.incrementAndGet() == 2) {
                        looking.countDown();
                        await(answer);
                        nanos.addAndGet(AgentAuthHealthIndicator.FRESH.toNanos());
                    }
                    return UP;
                },
                nanos::get);
        slow.health();
        nanos.addAndGet(AgentAuthHealthIndicator.FRESH.toNanos());
        CompletableFuture<?> second = CompletableFuture.supplyAsync(slow::health);
        await(looking);

        CompletableFuture<org.springframework.boot.health.contributor.Health> meanwhile =
                CompletableFuture.supplyAsync(slow::health);
        assertThat(meanwhile.get(10, TimeUnit.SECONDS).getStatus()).isEqualTo(Status.UP);

        answer.countDown();
        second.get(10, TimeUnit.SECONDS);
        slow.health();
        assertThat(taken).hasValue(2);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Test
    void looksOnceInFiveSeconds() {
        indicator.health();
        nanos.addAndGet(AgentAuthHealthIndicator.FRESH.toNanos() - 1);
        assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);

        nanos.addAndGet(1);
        assertThat(indicator.health().getStatus()).isEqualTo(Status.DOWN);
        assertThat(indicator.health().getDetails())
                .containsEntry("writes", "down")
                .containsEntry("lostAuditEvents", 7L);
    }
}
