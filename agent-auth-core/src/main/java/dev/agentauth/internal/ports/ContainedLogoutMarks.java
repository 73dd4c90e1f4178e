package dev.agentauth.internal.ports;

import dev.agentauth.registration.ProviderIdentity;
import dev.agentauth.spi.LogoutMarks;
import java.time.Instant;
import java.util.Optional;

/** {@link LogoutMarks}: whatever is thrown or null is {@code PortUnavailableException}. */
final class ContainedLogoutMarks implements LogoutMarks {
    private final LogoutMarks kept;

    ContainedLogoutMarks(LogoutMarks kept) {
        this.kept = kept;
    }

    @Override
    public void raise(ProviderIdentity subject, Instant issuedAt, Instant until) {
        try {
            kept.raise(subject, issuedAt, until);
        } catch (Throwable e) {
            throw Foreign.outOfReach("logoutMarks.raise", e);
        }
    }

    @Override
    public Optional<Instant> newest(ProviderIdentity identity) {
        try {
            return Foreign.answer(kept.newest(identity), "logoutMarks.newest");
        } catch (Throwable e) {
            throw Foreign.outOfReach("logoutMarks.newest", e);
        }
    }

    @Override
    public int purgeExpired(Instant now, int limit) {
        try {
            return kept.purgeExpired(now, limit);
        } catch (Throwable e) {
            throw Foreign.outOfReach("logoutMarks.purgeExpired", e);
        }
    }
}
