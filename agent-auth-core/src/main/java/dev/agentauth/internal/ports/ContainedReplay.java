package dev.agentauth.internal.ports;

import dev.agentauth.spi.JwtKind;
import dev.agentauth.spi.ReplayStore;
import java.time.Instant;

/** {@link ReplayStore}: whatever is thrown or null is {@code PortUnavailableException}. */
final class ContainedReplay implements ReplayStore {
    private final ReplayStore kept;

    ContainedReplay(ReplayStore kept) {
        this.kept = kept;
    }

    @Override
    public boolean recordFirst(JwtKind kind, String issuer, String jti, Instant now, Instant until) {
        try {
            return kept.recordFirst(kind, issuer, jti, now, until);
        } catch (Throwable e) {
            throw Foreign.outOfReach("replay.recordFirst", e);
        }
    }

    @Override
    public boolean seen(JwtKind kind, String issuer, String jti, Instant now) {
        try {
            return kept.seen(kind, issuer, jti, now);
        } catch (Throwable e) {
            throw Foreign.outOfReach("replay.seen", e);
        }
    }

    @Override
    public int purgeExpired(Instant now, int limit) {
        try {
            return kept.purgeExpired(now, limit);
        } catch (Throwable e) {
            throw Foreign.outOfReach("replay.purgeExpired", e);
        }
    }
}
