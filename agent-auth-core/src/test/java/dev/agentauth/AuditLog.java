package dev.agentauth;

import dev.agentauth.spi.AuditEvent;
import dev.agentauth.spi.AuditSink;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An audit sink that keeps every event. */
final class AuditLog implements AuditSink {
    final List<AuditEvent> events = new CopyOnWriteArrayList<>();

    @Override
    public void record(AuditEvent event) {
        events.add(event);
    }

    List<AuditEvent> of(AuditEvent.Type type) {
        return events.stream().filter(event -> event.type() == type).toList();
    }

    List<AuditEvent.Type> types() {
        return events.stream().map(AuditEvent::type).toList();
    }
}
