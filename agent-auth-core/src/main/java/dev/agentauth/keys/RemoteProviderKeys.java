package dev.agentauth.keys;

import dev.agentauth.spi.ProviderKey;
import dev.agentauth.spi.ProviderKeys;
import dev.agentauth.spi.StoreUnavailableException;
import dev.agentauth.spi.TrustedProvider;
import java.lang.System.Logger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Fetches the JWK sets of trusted providers from their {@link TrustedProvider#jwksUri()} and caches them in memory.
 *
 * <p><b>Freshness.</b> A set is fresh for the {@code max-age} of its {@code Cache-Control}, less its {@code Age}, but
 * never for less than 10 minutes or more than 24 hours; for 10 minutes where there is no {@code max-age}, or where there
 * is {@code no-cache} or {@code no-store}. After that, the next request for one of its keys fetches it anew and waits for
 * the outcome; requests for cached keys that come meanwhile are answered from the cache.
 *
 * <p><b>Unknown key ids.</b> A key id that a fresh set does not have may belong to a new key, so the set is fetched at
 * once. All unknown key ids of an issuer together cause at most 3 fetches in any 5 minutes. The answer is "no such key"
 * only if the set was fetched after the question was put; for 5 minutes, that answer is also given from memory where no
 * fetch is left. Any other key id that is unknown while no fetch is left gets a {@link StoreUnavailableException}.
 * Refreshing a set that is no longer fresh neither counts against that allowance nor needs it: no flood of invented key
 * ids puts it off.
 *
 * <p><b>Outages.</b> When a refresh fails, the old set goes on serving for the outage time, 4 hours by default, also
 * against {@code must-revalidate}. The refresh is repeated 10 seconds later, then after a minute, then every 2 minutes,
 * each time by the first request that comes. With no set, or with one whose outage time is over, every request in between
 * gets a {@link StoreUnavailableException}. The log says once that a provider fails, and once that it is back.
 *
 * <p><b>Limits.</b> {@code https} only, and plain {@code http} for {@code 127.x.x.x}, {@code [::1]} and {@code localhost};
 * 2 seconds to connect and 5 for everything; status 200, no redirects, no content encoding, at most 256 KiB. There is one
 * fetch at a time for an issuer, and nobody waits longer than 5 seconds, for whatever fetch it is. If it fails, it
 * fails for all who waited. TLS and proxy are those of {@link javax.net.ssl.SSLContext#getDefault()} and {@link
 * java.net.ProxySelector#getDefault()}.
 *
 * <p>The clock that is passed in decides about freshness, allowance and outage time; only the limits of a single fetch are
 * kept in real time. Keys belong to an issuer <em>at an address</em>: after a change of the trust list, nothing that came
 * from the old address is used. Thread-safe. There is nothing to close: all threads are daemons, and those of a fetch end
 * with it.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7517#section-5">RFC 7517, section 5</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9111#section-4.2">RFC 9111, section 4.2</a>
 * @since 0.2
 */
public final class RemoteProviderKeys implements ProviderKeys {
    private final InstantSource clock;
    private final Duration outageTime;
    private final Logger log;
    private final JwksFetcher fetcher = new JwksFetcher();
    private final Map<Source, IssuerKeys> sources = new ConcurrentHashMap<>();

    private record Source(String issuer, URI jwksUri) {}

    RemoteProviderKeys(InstantSource clock, Duration outageTime, Logger log) {
        this.clock = clock;
        this.outageTime = outageTime;
        this.log = log;
    }

    /**
     * With the defaults.
     *
     * @param clock decides how old keys are
     * @return keys that are fetched when they are first asked for
     */
    public static RemoteProviderKeys create(InstantSource clock) {
        return builder(clock).build();
    }

    /**
     * With settings of your own.
     *
     * @param clock decides how old keys are
     * @return a builder that holds the defaults
     */
    public static Builder builder(InstantSource clock) {
        return new Builder(clock);
    }

    /**
     * Answers from memory, except as described {@linkplain RemoteProviderKeys above}, and after 5 seconds at the latest.
     */
    @Override
    public List<ProviderKey> find(TrustedProvider provider, String keyId) {
        Source source = new Source(provider.issuer(), provider.jwksUri());
        IssuerKeys keys = sources.get(source);
        return (keys == null ? added(source) : keys).find(keyId);
    }

    @Override
    public Optional<Instant> obtainedAt(TrustedProvider provider) {
        IssuerKeys keys = sources.get(new Source(provider.issuer(), provider.jwksUri()));
        return keys == null ? Optional.empty() : keys.obtainedAt();
    }

    /** A trust list that is edited for years leaves nothing behind: whoever is new sweeps out what has become useless. */
    private IssuerKeys added(Source source) {
        sources.values().removeIf(IssuerKeys::isForgettable);
        return sources.computeIfAbsent(
                source, s -> new IssuerKeys(s.issuer(), s.jwksUri(), outageTime, clock, fetcher, log));
    }

    /** Collects the settings. */
    public static final class Builder {
        private static final Duration DEFAULT_OUTAGE_TIME = Duration.ofHours(4);

        private final InstantSource clock;
        private Duration outageTime = DEFAULT_OUTAGE_TIME;

        private Builder(InstantSource clock) {
            this.clock = Objects.requireNonNull(clock);
        }

        /**
         * For how long cached keys serve, beyond their freshness, while newer ones cannot be obtained. A key that the
         * provider withdraws in an outage stays good for so long.
         *
         * @param value zero or more; 4 hours by default
         * @return this builder
         * @throws IllegalArgumentException if it is negative
         */
        public Builder outageTime(Duration value) {
            if (value.isNegative()) {
                throw new IllegalArgumentException("outageTime must not be negative");
            }
            outageTime = value;
            return this;
        }

        /**
         * Makes it. Nothing is fetched yet.
         *
         * @return keys that are fetched when they are first asked for
         */
        public RemoteProviderKeys build() {
            return new RemoteProviderKeys(clock, outageTime, System.getLogger(RemoteProviderKeys.class.getName()));
        }
    }
}
