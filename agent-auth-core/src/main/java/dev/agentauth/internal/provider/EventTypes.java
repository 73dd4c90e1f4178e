package dev.agentauth.internal.provider;

import dev.agentauth.internal.json.JsonFormatException;
import dev.agentauth.internal.json.JsonObject;
import java.util.HashSet;
import java.util.Set;

/** Reads the {@code events} of a logout token or a security event, each a type with an object that says more. */
final class EventTypes {
    private EventTypes() {}

    /** Those of these types that are there as they should be: one that is not takes nothing from another that is. */
    static Set<String> among(JsonObject events, Set<String> known) {
        Set<String> types = new HashSet<>();
        for (String type : known) {
            if (holds(events, type)) {
                types.add(type);
            }
        }
        return types;
    }

    private static boolean holds(JsonObject events, String type) {
        try {
            return events.object(type).isPresent();
        } catch (JsonFormatException e) {
            return false;
        }
    }
}
