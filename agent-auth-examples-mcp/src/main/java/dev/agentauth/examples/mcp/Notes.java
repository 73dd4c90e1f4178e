package dev.agentauth.examples.mcp;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** What the service is about: the notes of its users, by user id. */
final class Notes {
    private final Map<String, List<String>> byUser = new ConcurrentHashMap<>();

    List<String> of(String userId) {
        return byUser.getOrDefault(userId, List.of());
    }

    void add(String userId, String note) {
        byUser.merge(
                userId,
                List.of(note),
                (old, one) -> Stream.concat(old.stream(), one.stream()).toList());
    }
}
