package dev.agentauth.internal.ports;

import dev.agentauth.spi.TrustList;
import dev.agentauth.spi.TrustedProvider;
import java.util.Collection;
import java.util.Optional;

/** {@link TrustList}: whatever is thrown or null is {@code PortUnavailableException}. */
final class ContainedTrust implements TrustList {
    private final TrustList kept;

    ContainedTrust(TrustList kept) {
        this.kept = kept;
    }

    @Override
    public Optional<TrustedProvider> find(String issuer) {
        try {
            return Foreign.answer(kept.find(issuer), "trust.find");
        } catch (Throwable e) {
            throw Foreign.outOfReach("trust.find", e);
        }
    }

    @Override
    public Collection<TrustedProvider> all() {
        try {
            return Foreign.all(kept.all(), "trust.all");
        } catch (Throwable e) {
            throw Foreign.outOfReach("trust.all", e);
        }
    }
}
