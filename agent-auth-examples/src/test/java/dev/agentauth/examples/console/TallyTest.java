package dev.agentauth.examples.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.examples.console.Tally.Stage;
import dev.agentauth.spi.AuditEvent;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TallyTest {
    private final Tally tally = new Tally();

    @Test
    void registrationCountsOnceAStage() {
        count(AuditEvent.Type.REGISTRATION_CREATED, "reg_a", Map.of());
        count(AuditEvent.Type.REGISTRATION_CREATED, "reg_b", Map.of());
        for (int i = 0; i < 3; i++) {
            count(AuditEvent.Type.CLAIM_REQUESTED, "reg_a", Map.of());
            count(AuditEvent.Type.OTP_GENERATED, "reg_a", Map.of());
        }
        count(AuditEvent.Type.CLAIM_CONFIRMED, "reg_a", Map.of());

        assertThat(tally.stages())
                .containsExactly(
                        Map.entry(Stage.REGISTERED, 2L),
                        Map.entry(Stage.ASKED, 1L),
                        Map.entry(Stage.CODE_SHOWN, 1L),
                        Map.entry(Stage.COMPLETED, 1L));
    }

    @Test
    void everyRefusalCountsByItsCause() {
        count(AuditEvent.Type.OTP_FAILED, "reg_a", Map.of());
        count(AuditEvent.Type.OTP_FAILED, "reg_a", Map.of());
        count(AuditEvent.Type.CLAIM_REJECTED, "reg_a", Map.of());
        count(AuditEvent.Type.PROVIDER_REJECTED, null, Map.of("problem", "audience_wrong"));
        count(AuditEvent.Type.RATE_LIMIT_EXCEEDED, null, Map.of("limit", "mail_per_recipient"));
        count(AuditEvent.Type.RATE_LIMIT_EXCEEDED, null, Map.of());
        count(AuditEvent.Type.INTROSPECTION_REFUSED, null, Map.of());
        count(AuditEvent.Type.REFRESH_REUSED, "reg_a", Map.of());
        count(AuditEvent.Type.TOKEN_ISSUED, "reg_a", Map.of());

        assertThat(tally.refusals())
                .containsOnly(
                        Map.entry("wrong code", 2L),
                        Map.entry("the person said no", 1L),
                        Map.entry("provider: audience wrong", 1L),
                        Map.entry("limit: mail per recipient", 1L),
                        Map.entry("limit: unknown", 1L),
                        Map.entry("unknown resource server", 1L),
                        Map.entry("refresh token used twice", 1L));
    }

    @Test
    void causesAreBounded() {
        for (int i = 0; i < 100; i++) {
            count(AuditEvent.Type.PROVIDER_REJECTED, null, Map.of("problem", "p" + i));
        }

        assertThat(tally.refusals()).hasSize(65).containsEntry("others", 36L);
    }

    private void count(AuditEvent.Type type, @Nullable String registration, Map<String, String> fields) {
        tally.count(new AuditEvent("evt", Instant.EPOCH, type, null, registration, fields));
    }
}
