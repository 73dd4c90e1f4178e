package dev.agentauth.keys;

import dev.agentauth.spi.ProviderKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What one fetch brought. */
final class KeySet {
    private final long fetch;
    private final Instant obtainedAt;
    private final Instant freshUntil;
    private final Map<String, List<ProviderKey>> byKeyId;

    /**
     * Its age counts from the start of the fetch, as in RFC 9111, section 4.2.3: a slow answer is not a newer one.
     *
     * @param fetch the number of the fetch
     */
    KeySet(long fetch, Instant startedAt, Duration freshFor, List<ProviderKey> keys) {
        this.fetch = fetch;
        this.obtainedAt = startedAt;
        this.freshUntil = startedAt.plus(freshFor);
        this.byKeyId =
                keys.stream().collect(Collectors.groupingBy(ProviderKey::keyId, Collectors.toUnmodifiableList()));
    }

    List<ProviderKey> find(String keyId) {
        return byKeyId.getOrDefault(keyId, List.of());
    }

    boolean isFreshAt(Instant now) {
        return now.isBefore(freshUntil);
    }

    /** Whether it may serve, where nothing newer can be had. */
    boolean isUsableAt(Instant now, Duration outageTime) {
        return isFreshAt(now) || Duration.between(freshUntil, now).compareTo(outageTime) < 0;
    }

    boolean isFromAfter(long earlierFetch) {
        return fetch > earlierFetch;
    }

    Instant obtainedAt() {
        return obtainedAt;
    }
}
