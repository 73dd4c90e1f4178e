package dev.agentauth.keys;

import dev.agentauth.internal.jose.JwkSets;
import dev.agentauth.spi.ProviderKey;
import dev.agentauth.spi.ProviderKeys.Answer;
import dev.agentauth.spi.ProviderKeys.Found;
import dev.agentauth.spi.ProviderKeys.Unknown;
import dev.agentauth.spi.ProviderKeys.Unusable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What one fetch brought. Its age is measured in nanoseconds that nobody sets. */
final class KeySet {
    private final long fetch;
    private final long startedAt;
    private final Duration freshFor;
    private final Map<String, List<ProviderKey>> byKeyId;
    private final Set<String> unusable;

    /**
     * Its age counts from the start of the fetch, as in RFC 9111, section 4.2.3: a slow answer is not a newer one.
     *
     * @param fetch the number of the fetch
     */
    KeySet(long fetch, long startedAt, Duration freshFor, JwkSets.Published keys) {
        this.fetch = fetch;
        this.startedAt = startedAt;
        this.freshFor = freshFor;
        this.unusable = keys.unusable();
        this.byKeyId = keys.usable().stream()
                .collect(Collectors.groupingBy(ProviderKey::keyId, Collectors.toUnmodifiableList()));
    }

    Answer find(String keyId) {
        List<ProviderKey> usable = byKeyId.get(keyId);
        if (usable != null) {
            return new Found(usable);
        }
        return unusable.contains(keyId) ? new Unusable() : new Unknown();
    }

    boolean isFreshAt(long now) {
        return age(now).compareTo(freshFor) < 0;
    }

    /** Whether it may serve, where nothing newer can be had. */
    boolean isUsableAt(long now, Duration outageTime) {
        return isFreshAt(now) || age(now).minus(freshFor).compareTo(outageTime) < 0;
    }

    boolean isFromAfter(long earlierFetch) {
        return fetch > earlierFetch;
    }

    Duration age(long now) {
        return Duration.ofNanos(now - startedAt);
    }
}
