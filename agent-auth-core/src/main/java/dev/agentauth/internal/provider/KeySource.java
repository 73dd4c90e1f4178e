package dev.agentauth.internal.provider;

import dev.agentauth.spi.PortUnavailableException;
import dev.agentauth.spi.ProviderKeys;
import dev.agentauth.spi.TrustedProvider;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Where providers' keys come from, with a memory of whose could not be had at their last use. */
public final class KeySource {
    private final ProviderKeys keys;
    private final Set<String> failing = ConcurrentHashMap.newKeySet();

    public KeySource(ProviderKeys keys) {
        this.keys = keys;
    }

    ProviderKeys.Answer find(TrustedProvider provider, String keyId) {
        try {
            ProviderKeys.Answer found = keys.find(provider, keyId);
            failing.remove(provider.issuer());
            return found;
        } catch (PortUnavailableException e) {
            failing.add(provider.issuer());
            throw e;
        }
    }

    /** How long ago the keys were obtained; empty if they never were. */
    public Optional<Duration> age(TrustedProvider provider) {
        return keys.age(provider);
    }

    /** Whether keys are at hand or were not needed yet: made-up key ids, which cannot be answered, prove no failure. */
    public boolean isUsable(TrustedProvider provider) {
        return !failing.contains(provider.issuer()) || age(provider).isPresent();
    }
}
