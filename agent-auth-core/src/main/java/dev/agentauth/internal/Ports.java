package dev.agentauth.internal;

import dev.agentauth.spi.AuditSink;
import dev.agentauth.spi.ClaimMailer;
import dev.agentauth.spi.LogoutMarks;
import dev.agentauth.spi.ProviderKeys;
import dev.agentauth.spi.RateLimiter;
import dev.agentauth.spi.RegistrationStore;
import dev.agentauth.spi.ReplayStore;
import dev.agentauth.spi.ResourceServers;
import dev.agentauth.spi.SigningKeys;
import dev.agentauth.spi.Stores;
import dev.agentauth.spi.TokenStore;
import dev.agentauth.spi.TrustList;
import dev.agentauth.spi.UserDirectory;
import dev.agentauth.spi.UserOrigins;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** Everything that was plugged in. */
public record Ports(
        Stores stores,
        UserDirectory users,
        ClaimMailer mailer,
        SigningKeys signingKeys,
        ProviderKeys providerKeys,
        TrustList trust,
        RateLimiter rateLimiter,
        ResourceServers resourceServers,
        List<AuditSink> audit,
        InstantSource clock) {

    public RegistrationStore registrations() {
        return stores.registrations();
    }

    public TokenStore tokens() {
        return stores.tokens();
    }

    public ReplayStore replay() {
        return stores.replay();
    }

    public LogoutMarks logoutMarks() {
        return stores.logoutMarks();
    }

    public UserOrigins userOrigins() {
        return stores.userOrigins();
    }

    /** The time to the millisecond: what is answered and what is stored are then the same on every store. */
    public Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }
}
