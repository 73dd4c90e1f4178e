package dev.agentauth.memory;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which ids go with a key. Look-ups take no lock. Most keys have one id, which is kept as it is: a set of one would take as
 * much again as the entry, and a set that can grow ten times that.
 */
final class Index<K> {
    /** A text, or a set of several. */
    private final Map<K, Object> byKey = new ConcurrentHashMap<>();

    void add(K key, String id) {
        byKey.merge(key, id, (known, one) -> {
            if (known.equals(id)) {
                return known;
            }
            Set<String> ids = known instanceof String other ? several(other) : ids(known);
            ids.add(id);
            return ids;
        });
    }

    /** Leaves nothing behind where it was the last one. */
    void remove(K key, String id) {
        byKey.computeIfPresent(key, (same, known) -> {
            if (known instanceof String) {
                return known.equals(id) ? null : known;
            }
            Set<String> ids = ids(known);
            ids.remove(id);
            return ids.isEmpty() ? null : ids;
        });
    }

    /** May change while it is gone through. */
    Set<String> get(K key) {
        return ids(byKey.getOrDefault(key, Set.of()));
    }

    private static Set<String> several(String first) {
        Set<String> ids = ConcurrentHashMap.newKeySet();
        ids.add(first);
        return ids;
    }

    @SuppressWarnings("unchecked") // nothing else is ever put there
    private static Set<String> ids(Object known) {
        return known instanceof String id ? Set.of(id) : (Set<String>) known;
    }
}
