package dev.agentauth.remote;

import dev.agentauth.AuthenticatedAgent;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the service has said of a token.
 *
 * @param agent null if it is not good
 * @param expiresAt the first instant at which it is no longer good, whatever the service would say now
 */
record Introspected(@Nullable AuthenticatedAgent agent, Instant expiresAt) {
    static final Introspected INACTIVE = new Introspected(null, Instant.MAX);

    boolean isActive() {
        return agent != null;
    }

    Optional<AuthenticatedAgent> agentAt(Instant now) {
        return now.isBefore(expiresAt) ? Optional.ofNullable(agent) : Optional.empty();
    }
}
