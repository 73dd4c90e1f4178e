package dev.agentauth;

import dev.agentauth.spi.TrustList;
import dev.agentauth.spi.TrustedProvider;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** A trust list that changes while the service runs. */
final class ChangingTrust implements TrustList {
    private final Map<String, TrustedProvider> byIssuer = new ConcurrentHashMap<>();

    void add(TrustedProvider provider) {
        byIssuer.put(provider.issuer(), provider);
    }

    void remove(String issuer) {
        byIssuer.remove(issuer);
    }

    @Override
    public Optional<TrustedProvider> find(String issuer) {
        return Optional.ofNullable(byIssuer.get(issuer));
    }

    @Override
    public Collection<TrustedProvider> all() {
        return List.copyOf(byIssuer.values());
    }
}
