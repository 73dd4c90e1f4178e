package dev.agentauth.internal.ports;

import dev.agentauth.spi.ProviderKeys;
import dev.agentauth.spi.TrustedProvider;
import java.time.Duration;
import java.util.Optional;

/** {@link ProviderKeys}: whatever is thrown or null is {@code PortUnavailableException}. */
final class ContainedProviderKeys implements ProviderKeys {
    private final ProviderKeys kept;

    ContainedProviderKeys(ProviderKeys kept) {
        this.kept = kept;
    }

    @Override
    public Answer find(TrustedProvider provider, String keyId) {
        try {
            return Foreign.answer(kept.find(provider, keyId), "providerKeys.find");
        } catch (Throwable e) {
            throw Foreign.outOfReach("providerKeys.find", e);
        }
    }

    @Override
    public Optional<Duration> age(TrustedProvider provider) {
        try {
            return Foreign.answer(kept.age(provider), "providerKeys.age");
        } catch (Throwable e) {
            throw Foreign.outOfReach("providerKeys.age", e);
        }
    }
}
