package dev.agentauth.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.Health;
import dev.agentauth.Health.Component;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Status;

class AgentAuthHealthIndicatorTest {
    private static final Health UP = new Health(
            List.of(
                    new Component("users", true, Optional.empty()),
                    new Component("provider https://agents.example", true, Optional.of(Duration.ofMinutes(3)))),
            0);
    private static final Health DOWN = new Health(List.of(new Component("writes", false, Optional.empty())), 7);

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
