package dev.agentauth.testkit;

import static dev.agentauth.testkit.TestRegistrations.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.agentauth.Secret;
import dev.agentauth.registration.RegistrationKind;
import dev.agentauth.spi.ClaimMail;
import dev.agentauth.spi.ClaimMailer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What all {@link ClaimMailer}s owe. Run it against a mail server that keeps what it gets.
 *
 * @since 0.2.0
 */
@DisplayName("A mailer")
public abstract class ClaimMailerContract {
    private static final String ALICE = "alice@example.com";
    private static final String EVE = "eve@example.com";
    private static final String TOKEN = "cvt_" + "aB3-_dE6".repeat(8);
    private static final String LINK =
            "https://shop.example.com/some/where/below/a/long/path/agent/identity/claim/view?token=" + TOKEN;

    private ClaimMailer mailer;

    /** For subclasses. */
    protected ClaimMailerContract() {}

    /**
     * A message as its receiver sees it, its encodings undone.
     *
     * @param recipients every address that it was delivered to, one for each time
     * @param subject the subject, unfolded
     * @param text the plain text; empty if there is none
     * @param html the HTML; empty if there is none
     */
    public record Received(List<String> recipients, String subject, String text, String html) {

        /** Copies the recipients and checks that nothing is missing. */
        public Received {
            recipients = List.copyOf(recipients);
            Objects.requireNonNull(subject);
            Objects.requireNonNull(text);
            Objects.requireNonNull(html);
        }
    }

    /**
     * A mailer to test, whose mail arrives. Asked for once a test.
     *
     * @return nothing was sent yet
     */
    protected abstract ClaimMailer newMailer();

    /**
     * What has arrived since {@link #newMailer()} was asked; waits for what is on its way.
     *
     * @return in the order of arrival
     */
    protected abstract List<Received> received();

    /**
     * A mailer whose mail system takes nothing, and says so in words that repeat the address.
     *
     * @return each call fails
     */
    protected abstract ClaimMailer newRefusedMailer();

    @BeforeEach
    void open() {
        mailer = newMailer();
    }

    @Test
    @DisplayName("sends exactly one message, to the recipient and nobody else")
    void oneMessage() {
        mailer.sendClaimLink(mail(ALICE, LINK, "Shop", "Sample provider"));

        assertThat(received()).singleElement().satisfies(message -> {
            assertThat(message.recipients()).containsExactly(ALICE);
            assertThat(message.subject()).isNotBlank();
        });
    }

    @Test
    @DisplayName("writes the link into the plain text as it is, in one piece, with blanks or line breaks around it")
    void linkInPlainText() {
        mailer.sendClaimLink(mail(ALICE, LINK, "Shop", "Sample provider"));

        assertThat(received())
                .isNotEmpty()
                .allSatisfy(message ->
                        assertThat(message.text()).containsPattern("(?<!\\S)" + Pattern.quote(LINK) + "(?!\\S)"));
    }

    @Test
    @DisplayName("leads to the same page from HTML, where there is any, and nowhere else")
    void linkInHtml() {
        mailer.sendClaimLink(mail(ALICE, LINK, "Shop", "Sample provider"));

        for (Received message : received()) {
            List<String> targets = Pattern.compile("href\\s*=\\s*[\"']([^\"']*)")
                    .matcher(message.html())
                    .results()
                    .map(target -> target.group(1).replace("&amp;", "&"))
                    .toList();
            if (!message.html().isEmpty()) {
                assertThat(targets).isNotEmpty().containsOnly(LINK);
            }
        }
    }

    @Test
    @DisplayName("keeps the link out of the subject")
    void noLinkInTheSubject() {
        mailer.sendClaimLink(mail(ALICE, LINK, "Shop", "Sample provider"));

        assertThat(received())
                .allSatisfy(message -> assertThat(message.subject()).doesNotContain(TOKEN));
    }

    @Test
    @DisplayName("gives each recipient the link that is for him")
    void eachHisOwn() {
        mailer.sendClaimLink(mail(ALICE, LINK, "Shop", ""));
        mailer.sendClaimLink(mail("bob@example.com", LINK + "2", "Shop", ""));

        assertThat(received())
                .anySatisfy(message -> {
                    assertThat(message.recipients()).contains(ALICE);
                    assertThat(message.text()).contains(LINK).doesNotContain(LINK + "2");
                })
                .anySatisfy(message -> {
                    assertThat(message.recipients()).contains("bob@example.com");
                    assertThat(message.text()).contains(LINK + "2");
                });
    }

    @Test
    @DisplayName("sends the same to the same recipient, whatever line breaks are in names")
    void lineBreaksInNames() {
        String name = "Shop\r\nBcc: " + EVE + "\r\n\r\nHello";
        mailer.sendClaimLink(mail(ALICE, LINK, name, name));

        assertThat(received()).singleElement().satisfies(message -> {
            assertThat(message.recipients()).containsExactly(ALICE);
            assertThat(message.subject()).doesNotContain("\r", "\n");
            assertThat(message.text()).contains(LINK).doesNotContainPattern("(?m)^(Bcc: |Hello)");
        });
    }

    @Test
    @DisplayName("shows markup in names as text")
    void markupInNames() {
        String name = "<img src=x><a href=\"https://evil.example\">here</a>";
        mailer.sendClaimLink(mail(ALICE, LINK, name, name));

        assertThat(received())
                .allSatisfy(
                        message -> assertThat(message.html()).doesNotContain("<img src=x", "<a href=\"https://evil"));
    }

    @Test
    @DisplayName("throws if its mail was not accepted")
    void refusalIsTold() {
        assertThatThrownBy(() -> newRefusedMailer().sendClaimLink(mail(ALICE, LINK, "Shop", "")))
                .isInstanceOf(RuntimeException.class);
    }

    @Test
    @DisplayName("names neither the address nor the link in what it throws")
    void refusalKeepsSecrets() {
        Throwable refusal = catchThrowable(() -> newRefusedMailer().sendClaimLink(mail(ALICE, LINK, "Shop", "")));
        StringWriter all = new StringWriter();
        if (refusal != null) {
            refusal.printStackTrace(new PrintWriter(all));
        }

        assertThat(all.toString()).doesNotContain(ALICE, TOKEN);
    }

    private static ClaimMail mail(String recipient, String link, String serviceName, String agentName) {
        return new ClaimMail(
                recipient,
                Secret.of(link),
                serviceName,
                "reg_1",
                RegistrationKind.PROVIDER,
                agentName,
                List.of("api.read", "api.write"),
                NOW,
                NOW.plusSeconds(600));
    }
}
