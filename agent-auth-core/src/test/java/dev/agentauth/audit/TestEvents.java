package dev.agentauth.audit;

import dev.agentauth.spi.AuditEvent;
import java.time.Instant;
import java.util.Map;

/** Events to vary. */
final class TestEvents {
    static final Instant TIME = Instant.parse("2026-05-04T13:00:00.120Z");

    private TestEvents() {}

    static AuditEvent numbered(int thread, int number) {
        return with(Map.of("thread", String.valueOf(thread), "number", String.valueOf(number)));
    }

    static AuditEvent with(Map<String, String> fields) {
        return new AuditEvent(
                "evt_abcdefghijklmnop",
                TIME,
                AuditEvent.Type.TOKEN_ISSUED,
                "203.0.113.7",
                "reg_abcdefghijklmnop",
                fields);
    }
}
