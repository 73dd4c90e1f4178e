package dev.agentauth.internal.operate;

import dev.agentauth.spi.ProviderKey;
import dev.agentauth.spi.ProviderKeys;
import dev.agentauth.spi.StoreUnavailableException;
import dev.agentauth.spi.TrustedProvider;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Providers' keys, with a memory of whose could not be had at their last use. */
public final class WatchedProviderKeys implements ProviderKeys {
    private final ProviderKeys keys;
    private final Set<String> failing = ConcurrentHashMap.newKeySet();

    public WatchedProviderKeys(ProviderKeys keys) {
        this.keys = keys;
    }

    @Override
    public List<ProviderKey> find(TrustedProvider provider, String keyId) {
        try {
            List<ProviderKey> found = keys.find(provider, keyId);
            failing.remove(provider.issuer());
            return found;
        } catch (StoreUnavailableException e) {
            failing.add(provider.issuer());
            throw e;
        }
    }

    @Override
    public Optional<Instant> obtainedAt(TrustedProvider provider) {
        return keys.obtainedAt(provider);
    }

    /** Whether keys are at hand or were not needed yet: made-up key ids, which cannot be answered, prove no failure. */
    boolean areUsable(TrustedProvider provider) {
        return !failing.contains(provider.issuer()) || obtainedAt(provider).isPresent();
    }
}
