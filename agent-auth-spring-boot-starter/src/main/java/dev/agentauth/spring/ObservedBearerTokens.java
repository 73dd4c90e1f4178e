package dev.agentauth.spring;

import dev.agentauth.AuthenticatedAgent;
import dev.agentauth.BearerTokens;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.Optional;

/** {@code agent.auth.authenticate}: looking a token up; {@code outcome} is agent, unknown or unavailable. */
final class ObservedBearerTokens implements BearerTokens {
    static final String NAME = "agent.auth.authenticate";

    private final BearerTokens tokens;
    private final ObservationRegistry registry;

    ObservedBearerTokens(BearerTokens tokens, ObservationRegistry registry) {
        this.tokens = tokens;
        this.registry = registry;
    }

    @Override
    public Optional<AuthenticatedAgent> authenticate(String token) {
        Observation observation = Observation.createNotStarted(NAME, registry)
                .contextualName("authenticate agent")
                .lowCardinalityKeyValue("outcome", "unavailable");
        return observation.observe(() -> {
            Optional<AuthenticatedAgent> agent = tokens.authenticate(token);
            observation.lowCardinalityKeyValue("outcome", agent.isPresent() ? "agent" : "unknown");
            return agent;
        });
    }

    @Override
    public String resourceMetadataUrl() {
        return tokens.resourceMetadataUrl();
    }
}
