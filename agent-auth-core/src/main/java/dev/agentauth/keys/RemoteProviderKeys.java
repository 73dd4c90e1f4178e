package dev.agentauth.keys;

import dev.agentauth.spi.PortUnavailableException;
import dev.agentauth.spi.ProviderKeys;
import dev.agentauth.spi.TrustedProvider;
import java.lang.System.Logger;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

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
 * fetch is left. Any other key id that is unknown while no fetch is left gets a {@link PortUnavailableException}.
 * Refreshing a set that is no longer fresh neither counts against that allowance nor needs it: no flood of invented key
 * ids puts it off.
 *
 * <p><b>Outages.</b> When a refresh fails, the old set goes on serving for the outage time, 4 hours by default, also
 * against {@code must-revalidate}. The refresh is repeated 10 seconds later, then after a minute, then every 2 minutes,
 * each time by the first request that comes. With no set, or with one whose outage time is over, every request in between
 * gets a {@link PortUnavailableException}. The log says once that a provider fails, and once that it is back.
 *
 * <p><b>Limits.</b> {@code https} only, and plain {@code http} for {@code 127.x.x.x}, {@code [::1]} and {@code localhost};
 * 2 seconds to connect and 5 for everything; status 200, no redirects, no content encoding, at most 256 KiB. There is one
 * fetch at a time for an issuer, and nobody waits longer than 5 seconds, for whatever fetch it is. If it fails, it
 * fails for all who waited. TLS and proxy are those of {@link javax.net.ssl.SSLContext#getDefault()} and {@link
 * java.net.ProxySelector#getDefault()}.
 *
 * <p>Freshness, allowance, pauses and outage time are measured by {@link System#nanoTime}, not by the time of day: a clock
 * that was wrong and is set right neither keeps old keys nor drops good ones. Keys belong to an issuer <em>at an
 * address</em>: after a change of the trust list, nothing that came from the old address is used. Thread-safe. There is
 * nothing to close: all threads are daemons, and those of a fetch end with it.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7517#section-5">RFC 7517, section 5</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9111#section-4.2">RFC 9111, section 4.2</a>
 * @since 0.2.0
 */
public final class RemoteProviderKeys implements ProviderKeys {
    private final LongSupplier nanoTime;
    private final Duration outageTime;
    private final Logger log;
    private final JwksFetcher fetcher = new JwksFetcher();
    private final Map<Source, IssuerKeys> sources = new ConcurrentHashMap<>();

    private record Source(String issuer, URI jwksUri) {}

    RemoteProviderKeys(LongSupplier nanoTime, Duration outageTime, Logger log) {
        this.nanoTime = nanoTime;
        this.outageTime = outageTime;
        this.log = log;
    }

    /**
     * With the defaults.
     *
     * @return keys that are fetched when they are first asked for
     */
    public static RemoteProviderKeys create() {
        return builder().build();
    }

    /**
     * With settings of your own.
     *
     * @return a builder that holds the defaults
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Answers from memory, except as described {@linkplain RemoteProviderKeys above}, and after 5 seconds at the latest.
     */
    @Override
    public Answer find(TrustedProvider provider, String keyId) {
        Source source = new Source(provider.issuer(), provider.jwksUri());
        IssuerKeys keys = sources.get(source);
        return (keys == null ? added(source) : keys).find(keyId);
    }

    @Override
    public Optional<Duration> age(TrustedProvider provider) {
        IssuerKeys keys = sources.get(new Source(provider.issuer(), provider.jwksUri()));
        return keys == null ? Optional.empty() : keys.age();
    }

    /** A trust list that is edited for years leaves nothing behind: whoever is new sweeps out what has become useless. */
    private IssuerKeys added(Source source) {
        sources.values().removeIf(IssuerKeys::isForgettable);
        return sources.computeIfAbsent(
                source, s -> new IssuerKeys(s.issuer(), s.jwksUri(), outageTime, nanoTime, fetcher, log));
    }

    /** Collects the settings. */
    public static final class Builder {
        private static final Duration DEFAULT_OUTAGE_TIME = Duration.ofHours(4);

        private Duration outageTime = DEFAULT_OUTAGE_TIME;
        private LongSupplier nanoTime = System::nanoTime;

        private Builder() {}

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
         * Measures how old keys are, for tests that do not wait.
         *
         * @param source nanoseconds that only ever go on, as {@link System#nanoTime}, which is the default
         * @return this builder
         */
        public Builder nanoTime(LongSupplier source) {
            nanoTime = Objects.requireNonNull(source);
            return this;
        }

        /**
         * Makes it. Nothing is fetched yet.
         *
         * @return keys that are fetched when they are first asked for
         */
        public RemoteProviderKeys build() {
            return new RemoteProviderKeys(nanoTime, outageTime, System.getLogger(RemoteProviderKeys.class.getName()));
        }
    }
}
