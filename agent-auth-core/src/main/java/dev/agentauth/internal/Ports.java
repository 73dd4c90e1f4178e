package dev.agentauth.internal;

import dev.agentauth.spi.AccessTokenStore;
import dev.agentauth.spi.AuditSink;
import dev.agentauth.spi.ClaimMailer;
import dev.agentauth.spi.LogoutMarks;
import dev.agentauth.spi.ProviderKeys;
import dev.agentauth.spi.RateLimiter;
import dev.agentauth.spi.RegistrationStore;
import dev.agentauth.spi.ReplayStore;
import dev.agentauth.spi.SigningKeys;
import dev.agentauth.spi.TrustList;
import dev.agentauth.spi.UserDirectory;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Everything that was plugged in. */
public record Ports(
        RegistrationStore registrations,
        AccessTokenStore accessTokens,
        ReplayStore replay,
        LogoutMarks logoutMarks,
        UserDirectory users,
        ClaimMailer mailer,
        SigningKeys signingKeys,
        ProviderKeys providerKeys,
        TrustList trust,
        RateLimiter rateLimiter,
        List<AuditSink> audit,
        InstantSource clock) {

    /** The time to the millisecond: what is answered and what is stored are then the same on every store. */
    public Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
