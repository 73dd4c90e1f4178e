package dev.agentauth.memory;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which ids go with a key. Look-ups take no lock. Most keys have one id, for which a set that can grow would take ten times
 * the memory of one that cannot.
 */
final class Index<K> {
    private final Map<K, Set<String>> byKey = new ConcurrentHashMap<>();

    void add(K key, String id) {
        byKey.merge(key, Set.of(id), (known, one) -> {
            if (known.contains(id)) {
                return known;
            }
            Set<String> ids = known;
            if (known.size() == 1) {
                ids = ConcurrentHashMap.newKeySet();
                ids.addAll(known);
            }
            ids.add(id);
            return ids;
        });
    }

    /** Leaves nothing behind where it was the last one. */
    void remove(K key, String id) {
        byKey.computeIfPresent(key, (same, ids) -> {
            if (ids.size() > 1) {
                ids.remove(id);
                return ids;
            }
            return ids.contains(id) ? null : ids;
        });
    }

    /** May change while it is gone through. */
    Set<String> get(K key) {
        return byKey.getOrDefault(key, Set.of());
    }
}
