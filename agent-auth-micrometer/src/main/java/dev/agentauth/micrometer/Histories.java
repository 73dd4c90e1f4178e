package dev.agentauth.micrometer;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What was heard of the newest registrations. */
final class Histories {
    static final int MAX = 10_000;

    private final Map<String, History> byId = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, History> eldest) {
            return size() > MAX;
        }
    };

    /** That of a registration; an empty one if nothing is remembered, or none is meant. */
    synchronized History of(@Nullable String registrationId) {
        History history = byId.get(registrationId);
        return history == null ? new History() : history;
    }

    /** That of a registration, remembered from now on. */
    synchronized History remember(@Nullable String registrationId) {
        return registrationId == null ? new History() : byId.computeIfAbsent(registrationId, id -> new History());
    }

    synchronized void forget(@Nullable String registrationId) {
        byId.remove(registrationId);
    }
}
