package dev.agentauth.servlet.protocol;

import dev.agentauth.spi.AuditEvent;
import dev.agentauth.spi.AuditSink;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps the audit events. */
final class RecordingAudit implements AuditSink {
    private final List<AuditEvent> events = new CopyOnWriteArrayList<>();

    @Override
    public void record(AuditEvent event) {
        events.add(event);
    }

    List<AuditEvent> events() {
        return events;
    }

    List<AuditEvent> of(String wireName) {
        return events.stream()
                .filter(event -> event.type().wireName().equals(wireName))
                .toList();
    }

    AuditEvent newest(String wireName) {
        List<AuditEvent> found = of(wireName);
        if (found.isEmpty()) {
            throw new AssertionError("no event " + wireName + " among " + events);
        }
        return found.get(found.size() - 1);
    }

    List<String> names() {
        return events.stream().map(event -> event.type().wireName()).toList();
    }
}
