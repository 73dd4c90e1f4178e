package dev.agentauth.internal.operate;

import dev.agentauth.Health;
import dev.agentauth.SecretHash;
import dev.agentauth.internal.Ports;
import dev.agentauth.internal.claim.ClaimMailing;
import dev.agentauth.internal.ports.Contained;
import dev.agentauth.internal.ports.Foreign;
import dev.agentauth.internal.provider.KeySource;
import dev.agentauth.registration.ProviderIdentity;
import dev.agentauth.spi.InstallationException;
import dev.agentauth.spi.JwtKind;
import dev.agentauth.spi.PortUnavailableException;
import dev.agentauth.spi.TrustedProvider;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Takes a look at every part that requests depend on. */
public final class HealthProbe {
    private static final Logger LOG = System.getLogger(HealthProbe.class.getName());
    private static final String NOBODY = "health-probe";

    private final Ports ports;
    private final KeySource providerKeys;
    private final ClaimMailing mailing;

    public HealthProbe(Ports ports, KeySource providerKeys, ClaimMailing mailing) {
        this.ports = ports;
        this.providerKeys = providerKeys;
        this.mailing = mailing;
    }

    /** See {@code AgentAuth.health}. */
    public Health look() {
        Instant now = ports.now();
        List<Health.Component> components = new ArrayList<>();
        components.add(tried("registrations", () -> ports.registrations().findById(NOBODY)));
        components.add(tried("accessTokens", () -> ports.tokens().find(SecretHash.ofBytes(new byte[32]))));
        components.add(tried("replay", () -> ports.replay().seen(JwtKind.ID_JAG, NOBODY, NOBODY, now)));
        components.add(tried(
                "logoutMarks", () -> ports.logoutMarks().newest(new ProviderIdentity(NOBODY, null, NOBODY, NOBODY))));
        components.add(tried("userOrigins", () -> ports.userOrigins().isOnProvidersWord(NOBODY)));
        components.add(tried("writes", () -> ports.stores().checkWritable()));
        components.add(tried("users", () -> ports.users().findById(NOBODY)));
        components.add(tried("signingKeys", () -> ports.signingKeys().current()));
        components.add(new Health.Component("mail", mailing.mailWorks(), false, Optional.empty()));
        List<TrustedProvider> trusted = new ArrayList<>();
        components.add(tried("trust", () -> trusted.addAll(ports.trust().all())));
        for (TrustedProvider provider : trusted) {
            components.add(provider(provider));
        }
        return new Health(components, Contained.lostEvents(ports));
    }

    private Health.Component provider(TrustedProvider provider) {
        String name = "provider " + provider.issuer();
        try {
            return new Health.Component(name, providerKeys.isUsable(provider), false, providerKeys.age(provider));
        } catch (PortUnavailableException | InstallationException e) {
            LOG.log(Level.WARNING, "health: " + name + " failed: " + Foreign.told(e));
            return new Health.Component(name, false, false, Optional.empty());
        }
    }

    private static Health.Component tried(String name, Runnable look) {
        boolean up = true;
        try {
            look.run();
        } catch (PortUnavailableException | InstallationException e) {
            LOG.log(Level.WARNING, "health: " + name + " failed: " + Foreign.told(e));
            up = false;
        }
        return new Health.Component(name, up, true, Optional.empty());
    }
}
