package dev.agentauth;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How the parts that the library depends on are doing.
 *
 * @param components one for each part
 * @param lostAuditEvents how many events the audit sinks have not recorded since this {@code AgentAuth} was built, because they
 *     threw, or lost them afterwards; one that two sinks lost counts twice. Requests are answered all the same, so it does not make the service unhealthy,
 *     but somebody should be told. A sink that fails and does not say so is not found out
 * @since 0.2.0
 */
public record Health(List<Component> components, long lostAuditEvents) {

    /** Copies the list. */
    public Health {
        components = List.copyOf(components);
    }

    /**
     * Whether everything works: what a person in charge wants to know.
     *
     * @return true if every part is up
     */
    public boolean isUp() {
        return components.stream().allMatch(Component::up);
    }

    /**
     * Whether requests should come here: what a load balancer or an orchestrator wants to know.
     *
     * @return true if every part is up that agents {@linkplain Component#needed need}
     */
    public boolean isReady() {
        return components.stream().allMatch(component -> component.up() || !component.needed());
    }

    /**
     * One part.
     *
     * @param name {@code registrations}, {@code accessTokens}, {@code replay}, {@code logoutMarks}, {@code userOrigins},
     *     {@code writes} (whether the stores take any), {@code users}, {@code signingKeys}, {@code mail}, {@code trust}, or
     *     {@code provider <issuer>}
     * @param up false if its last use, or the look just taken, failed
     * @param needed false if agents that are there already get along without it, and taking this process out of service would
     *     help nobody: {@code mail}, which an address that the mail server refuses is enough to bring down, and each {@code provider},
     *     whose keys are out of this service's hands
     * @param age for a provider: how long ago its keys were obtained; empty if they never were, which by itself is no
     *     failure
     */
    public record Component(String name, boolean up, boolean needed, Optional<Duration> age) {}
}
