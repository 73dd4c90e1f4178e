package dev.agentauth.memory;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Keys lined up by the minute in which they expire, so that a purge touches none but those that may go. A minute and its
 * keys leave together once it is over.
 */
final class ExpiryQueues<K> {
    private static final long MINUTE = 60;

    private final Map<Long, Set<K>> byMinute = new ConcurrentHashMap<>();

    void add(K key, Instant expiresAt) {
        byMinute.compute(minute(expiresAt), (minute, known) -> {
            Set<K> keys = known == null ? ConcurrentHashMap.newKeySet() : known;
            keys.add(key);
            return keys;
        });
    }

    /** Forgets a key that is gone before it has expired. */
    void remove(K key, Instant expiresAt) {
        Set<K> keys = byMinute.get(minute(expiresAt));
        if (keys != null) {
            keys.remove(key);
        }
    }

    /**
     * Offers every key whose minute has begun.
     *
     * @param remove removes what the key stands for if it has expired, and says whether it did
     * @return how many were removed
     */
    int drain(Instant now, Predicate<K> remove) {
        long current = minute(now);
        int removed = 0;
        for (Long minute : List.copyOf(byMinute.keySet())) {
            Set<K> keys = minute < current ? byMinute.remove(minute) : minute == current ? byMinute.get(minute) : null;
            if (keys != null) {
                removed += (int) keys.stream().filter(remove).count();
            }
        }
        return removed;
    }

    private static long minute(Instant instant) {
        return Math.floorDiv(instant.getEpochSecond(), MINUTE);
    }
}
