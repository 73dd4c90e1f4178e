package dev.agentauth.servlet.protocol;

import dev.agentauth.spi.TrustList;
import dev.agentauth.spi.TrustedProvider;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A trust list that a test edits while the service runs. */
final class SwitchableTrust implements TrustList {
    private final CopyOnWriteArrayList<TrustedProvider> providers = new CopyOnWriteArrayList<>();

    SwitchableTrust(TrustedProvider... providers) {
        set(providers);
    }

    void set(TrustedProvider... trusted) {
        providers.clear();
        providers.addAll(List.of(trusted));
    }

    void add(TrustedProvider provider) {
        providers.add(provider);
    }

    @Override
    public Optional<TrustedProvider> find(String issuer) {
        return providers.stream()
                .filter(provider -> provider.issuer().equals(issuer))
                .findFirst();
    }

    @Override
    public Collection<TrustedProvider> all() {
        return List.copyOf(providers);
    }
}
