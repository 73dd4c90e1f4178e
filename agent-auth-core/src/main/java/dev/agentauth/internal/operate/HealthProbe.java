package dev.agentauth.internal.operate;

import dev.agentauth.Health;
import dev.agentauth.SecretHash;
import dev.agentauth.internal.Ports;
import dev.agentauth.internal.claim.ClaimPost;
import dev.agentauth.registration.ProviderIdentity;
import dev.agentauth.spi.JwtKind;
import dev.agentauth.spi.TrustedProvider;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Takes a look at every part that requests depend on. */
public final class HealthProbe {
    private static final Logger LOG = System.getLogger(HealthProbe.class.getName());
    private static final String NOBODY = "health-probe";

    private final Ports ports;
    private final WatchedProviderKeys providerKeys;
    private final ClaimPost post;

    public HealthProbe(Ports ports, WatchedProviderKeys providerKeys, ClaimPost post) {
        this.ports = ports;
        this.providerKeys = providerKeys;
        this.post = post;
    }

    /** See {@code AgentAuth.health}. */
    public Health look() {
        Instant now = ports.now();
        List<Health.Component> components = new ArrayList<>();
        components.add(tried("registrations", () -> ports.registrations().findById(NOBODY)));
        components.add(tried("accessTokens", () -> ports.accessTokens().find(new SecretHash(0, 0, 0, 0))));
        components.add(tried("replay", () -> ports.replay().seen(JwtKind.ID_JAG, NOBODY, NOBODY, now)));
        components.add(tried(
                "logoutMarks", () -> ports.logoutMarks().newest(new ProviderIdentity(NOBODY, null, NOBODY, NOBODY))));
        components.add(tried("users", () -> ports.users().findById(NOBODY)));
        components.add(tried("signingKeys", () -> ports.signingKeys().current()));
        components.add(new Health.Component("mail", post.mailWorks(), Optional.empty()));
        for (TrustedProvider provider : ports.trust().all()) {
            components.add(provider(provider, now));
        }
        return new Health(components);
    }

    private Health.Component provider(TrustedProvider provider, Instant now) {
        String name = "provider " + provider.issuer();
        try {
            Optional<Duration> age = providerKeys.obtainedAt(provider).map(obtained -> Duration.between(obtained, now));
            return new Health.Component(name, providerKeys.areUsable(provider), age);
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "health: " + name + " failed", e);
            return new Health.Component(name, false, Optional.empty());
        }
    }

    private static Health.Component tried(String name, Runnable look) {
        boolean up = true;
        try {
            look.run();
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "health: " + name + " failed", e);
            up = false;
        }
        return new Health.Component(name, up, Optional.empty());
    }
}
