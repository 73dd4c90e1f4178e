package dev.agentauth;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How the parts that the library depends on are doing.
 *
 * @param components one for each part
 */
public record Health(List<Component> components) {

    /** Copies the list. */
    public Health {
        components = List.copyOf(components);
    }

    /**
     * Whether requests can be answered.
     *
     * @return true if every part is up
     */
    public boolean isUp() {
        return components.stream().allMatch(Component::up);
    }

    /**
     * One part.
     *
     * @param name {@code registrations}, {@code accessTokens}, {@code replay}, {@code logoutMarks}, {@code users}, {@code
     *     signingKeys}, {@code mail}, or {@code provider <issuer>}
     * @param up false if its last use, or the look just taken, failed
     * @param age for a provider: how long ago its keys were obtained; empty if they never were, which by itself is no
     *     failure
     */
    public record Component(String name, boolean up, Optional<Duration> age) {}
}
