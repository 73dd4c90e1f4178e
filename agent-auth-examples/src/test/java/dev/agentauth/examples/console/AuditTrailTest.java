package dev.agentauth.examples.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.examples.QuietLogs;
import dev.agentauth.spi.AuditEvent;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(QuietLogs.class)
class AuditTrailTest {
    private final AuditTrail trail = new AuditTrail();

    @Test
    void eventsAreThoseOfOneRegistrationTheOldestFirst() {
        record("evt_1", "reg_a");
        record("evt_2", "reg_b");
        record("evt_3", null);
        record("evt_4", "reg_a");

        assertThat(trail.of("reg_a")).extracting(AuditEvent::id).containsExactly("evt_1", "evt_4");
        assertThat(trail.of("reg_c")).isEmpty();
    }

    @Test
    void newestTwentyThousandEventsAreKept() {
        for (int i = 1; i <= 20_001; i++) {
            record("evt_" + i, "reg_a");
        }

        assertThat(trail.of("reg_a"))
                .hasSize(20_000)
                .first()
                .extracting(AuditEvent::id)
                .isEqualTo("evt_2");
        assertThat(trail.since(0, 10).recorded()).isEqualTo(20_001);
    }

    @Test
    void newsAreTheNewestThatWereNotSeen() {
        for (int i = 1; i <= 5; i++) {
            record("evt_" + i, null);
        }

        assertThat(trail.since(3, 10).events()).extracting(AuditEvent::id).containsExactly("evt_4", "evt_5");
        assertThat(trail.since(0, 2).events()).extracting(AuditEvent::id).containsExactly("evt_4", "evt_5");
        assertThat(trail.since(5, 2).events()).isEmpty();
        assertThat(trail.since(99, 2).events())
                .as("seen before a restart")
                .extracting(AuditEvent::id)
                .containsExactly("evt_4", "evt_5");
    }

    @Test
    void membersAreThoseOfTheLogLineWithMilliseconds() {
        AuditEvent event = new AuditEvent(
                "evt_1",
                Instant.parse("2026-05-04T13:00:00Z"),
                AuditEvent.Type.CLAIM_REQUESTED,
                "127.0.0.1",
                "reg_a",
                Map.of("recipient", "a***@example.com", "attempt_id", "cla_1"));

        assertThat(AuditTrail.members(event))
                .containsExactly(
                        Map.entry("id", "evt_1"),
                        Map.entry("time", "2026-05-04T13:00:00.000Z"),
                        Map.entry("event", "claim.requested"),
                        Map.entry("client_address", "127.0.0.1"),
                        Map.entry("registration_id", "reg_a"),
                        Map.entry("attempt_id", "cla_1"),
                        Map.entry("recipient", "a***@example.com"));
    }

    private void record(String id, @Nullable String registration) {
        trail.record(new AuditEvent(id, Instant.EPOCH, AuditEvent.Type.TOKEN_ISSUED, null, registration, Map.of()));
    }
}
