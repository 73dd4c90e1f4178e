package dev.agentauth.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.Secret;
import dev.agentauth.registration.RegistrationKind;
import dev.agentauth.spi.ClaimMail;
import dev.agentauth.spi.LinkedNotice;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private static final Instant NOW = Instant.parse("2026-05-04T13:00:00Z");

    private final Outbox outbox = new Outbox(InstantSource.fixed(NOW));

    @Test
    void mailsAreNewestFirst() {
        outbox.sendClaimLink(mail("reg_1"));
        outbox.sendLinkedNotice(new LinkedNotice("alice@example.com", "Shop", "reg_2", "", NOW));

        assertThat(outbox.newestFirst()).extracting(Outbox.Mail::registrationId).containsExactly("reg_2", "reg_1");
        assertThat(outbox.newestFirst()).extracting(Outbox.Mail::link).containsExactly(null, "http://localhost/reg_1");
        assertThat(outbox.newestFirst()).extracting(Outbox.Mail::sentAt).containsOnly(NOW);
    }

    @Test
    void mailIsFoundByItsNumberWithItsHtml() {
        outbox.sendClaimLink(mail("reg_1"));
        outbox.sendLinkedNotice(new LinkedNotice("alice@example.com", "Shop", "reg_2", "", NOW));

        assertThat(outbox.find("1").orElseThrow().html())
                .isEqualTo(mail("reg_1").html(Locale.ENGLISH))
                .contains("href=\"http://localhost/reg_1\"");
        assertThat(outbox.find("2").orElseThrow().registrationId()).isEqualTo("reg_2");
        assertThat(outbox.find("3")).isEmpty();
        assertThat(outbox.find("")).isEmpty();
    }

    @Test
    void theNewestHundredAreKept() {
        for (int i = 1; i <= 101; i++) {
            outbox.sendClaimLink(mail("reg_" + i));
        }

        assertThat(outbox.newestFirst()).hasSize(100);
        assertThat(outbox.newestFirst().get(0).registrationId()).isEqualTo("reg_101");
        assertThat(outbox.newestFirst().get(99).registrationId()).isEqualTo("reg_2");
    }

    @Test
    void mailDoesNotShowItselfInLogs() {
        outbox.sendClaimLink(mail("reg_1"));

        assertThat(outbox.newestFirst().toString()).isEqualTo("[Mail[reg_1]]");
    }

    private static ClaimMail mail(String registrationId) {
        return new ClaimMail(
                "alice@example.com",
                Secret.of("http://localhost/" + registrationId),
                "Shop",
                registrationId,
                RegistrationKind.EMAIL,
                "",
                List.of("api.read"),
                NOW,
                NOW.plusSeconds(90));
    }
}
