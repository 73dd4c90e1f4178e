package dev.agentauth.spi;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The published keys of trusted providers.
 *
 * @see dev.agentauth.keys.RemoteProviderKeys
 */
public interface ProviderKeys {

    /**
     * Finds the keys of a provider that have a key id. May go over the network, within limits of its own.
     *
     * <p><b>Failure:</b> {@link StoreUnavailableException} if the answer cannot be known now, so that the caller may try
     * again later.
     *
     * @param provider a trusted provider
     * @param keyId the {@code kid} of a JWT's header
     * @return the usable keys with that id; empty if the provider has none; more than one is the provider's mistake
     */
    List<ProviderKey> find(TrustedProvider provider, String keyId);

    /**
     * When the provider's keys were last obtained, for the health view.
     *
     * @param provider a trusted provider
     * @return empty if they never were
     */
    Optional<Instant> obtainedAt(TrustedProvider provider);
}
