package dev.agentauth.spring;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * What {@link dev.agentauth.AgentAuth#health} says. A look has the stores write, and the endpoint may be open to everybody:
 * however often it is asked, there is one in five seconds.
 */
final class AgentAuthHealthIndicator implements HealthIndicator {
    static final Duration FRESH = Duration.ofSeconds(5);

    private final Supplier<dev.agentauth.Health> look;
    private final LongSupplier nanoTime;
    private @Nullable Health latest;
    private long lookedAt;

    AgentAuthHealthIndicator(Supplier<dev.agentauth.Health> look, LongSupplier nanoTime) {
        this.look = look;
        this.nanoTime = nanoTime;
    }

    @Override
    public synchronized Health health() {
        long now = nanoTime.getAsLong();
        if (latest == null || now - lookedAt >= FRESH.toNanos()) {
            latest = of(look.get());
            lookedAt = now;
        }
        return latest;
    }

    private static Health of(dev.agentauth.Health health) {
        Map<String, Object> details = new LinkedHashMap<>();
        health.components()
                .forEach(component -> details.put(
                        component.name(),
                        (component.up() ? "up" : "down")
                                + component.age().map(age -> ", keys of " + age).orElse("")));
        details.put("lostAuditEvents", health.lostAuditEvents());
        return (health.isUp() ? Health.up() : Health.down())
                .withDetails(details)
                .build();
    }
}
