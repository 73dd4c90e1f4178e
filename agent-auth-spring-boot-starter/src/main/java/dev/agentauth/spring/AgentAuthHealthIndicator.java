package dev.agentauth.spring;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * What {@link dev.agentauth.AgentAuth#health} says: down if it is not {@link dev.agentauth.Health#isReady}. A look has the
 * stores write, and the endpoint may be open to everybody: however often it is asked, there is one in five seconds, and
 * nobody waits for another's.
 */
final class AgentAuthHealthIndicator implements HealthIndicator {
    static final Duration FRESH = Duration.ofSeconds(5);

    private final Supplier<dev.agentauth.Health> look;
    private final LongSupplier nanoTime;
    private final ReentrantLock looking = new ReentrantLock();
    private volatile @Nullable Seen latest;

    /** What a look has found, and when it was over. */
    private record Seen(Health health, long at) {}

    AgentAuthHealthIndicator(Supplier<dev.agentauth.Health> look, LongSupplier nanoTime) {
        this.look = look;
        this.nanoTime = nanoTime;
    }

    @Override
    public Health health() {
        Seen before = latest;
        if (before == null) {
            looking.lock();
        } else if (isFresh(before) || !looking.tryLock()) {
            return before.health();
        }
        try {
            Seen seen = latest;
            if (seen == null || !isFresh(seen)) {
                Health health = of(look.get());
                seen = new Seen(health, nanoTime.getAsLong());
                latest = seen;
            }
            return seen.health();
        } finally {
            looking.unlock();
        }
    }

    private boolean isFresh(Seen seen) {
        return nanoTime.getAsLong() - seen.at() < FRESH.toNanos();
    }

    private static Health of(dev.agentauth.Health health) {
        Map<String, Object> details = new LinkedHashMap<>();
        health.components()
                .forEach(component -> details.put(
                        component.name(),
                        (component.up() ? "up" : "down")
                                + component.age().map(age -> ", keys of " + age).orElse("")));
        details.put("lostAuditEvents", health.lostAuditEvents());
        return (health.isReady() ? Health.up() : Health.down())
                .withDetails(details)
                .build();
    }
}
