package dev.agentauth.spi;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which agent providers are trusted at this moment. Answers from memory: it is asked at every use of a registration that
 * a provider vouched for, so that removing a provider takes effect at once. Whatever is thrown, or null, is {@link
 * PortUnavailableException}: nobody is trusted or forgotten by a list that fails.
 *
 * @since 0.2.0
 */
public interface TrustList {

    /**
     * Finds a provider.
     *
     * @param issuer compared exactly
     * @return empty if it is not trusted, or not any more
     */
    Optional<TrustedProvider> find(String issuer);

    /**
     * All trusted providers, for the health view.
     *
     * @return a snapshot
     */
    Collection<TrustedProvider> all();

    /**
     * A list that never changes.
     *
     * @param providers each issuer once
     * @return the list
     * @throws IllegalArgumentException if an issuer is listed twice
     */
    static TrustList of(Collection<TrustedProvider> providers) {
        Map<String, TrustedProvider> byIssuer = new LinkedHashMap<>();
        for (TrustedProvider provider : providers) {
            if (byIssuer.put(provider.issuer(), provider) != null) {
                throw new IllegalArgumentException("provider listed twice: " + provider.issuer());
            }
        }
        List<TrustedProvider> all = List.copyOf(byIssuer.values());
        return new TrustList() {
            @Override
            public Optional<TrustedProvider> find(String issuer) {
                return Optional.ofNullable(byIssuer.get(issuer));
            }

            @Override
            public Collection<TrustedProvider> all() {
                return all;
            }
        };
    }
}
