package dev.agentauth.examples.console;

import dev.agentauth.spi.AuditEvent;
import dev.agentauth.spi.AuditSink;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Keeps the newest 500 events for the console. */
public final class AuditTrail implements AuditSink {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX").withZone(ZoneOffset.UTC);
    private static final int CAPACITY = 500;

    private final Deque<AuditEvent> events = new ArrayDeque<>();

    @Override
    public synchronized void record(AuditEvent event) {
        events.addLast(event);
        if (events.size() > CAPACITY) {
            events.removeFirst();
        }
    }

    /** What happened to a registration, the oldest first. */
    synchronized List<AuditEvent> of(String registrationId) {
        return events.stream()
                .filter(event -> registrationId.equals(event.registrationId()))
                .toList();
    }

    /** An event as the members of a JSON object. */
    static Map<String, Object> members(AuditEvent event) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("id", event.id());
        members.put("time", TIME.format(event.time()));
        members.put("event", event.type().wireName());
        if (event.clientAddress() != null) {
            members.put("client_address", event.clientAddress());
        }
        if (event.registrationId() != null) {
            members.put("registration_id", event.registrationId());
        }
        members.putAll(new TreeMap<>(event.fields()));
        return members;
    }
}
