package dev.agentauth.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetupTest;
import dev.agentauth.Secret;
import dev.agentauth.registration.RegistrationKind;
import dev.agentauth.spi.ClaimMail;
import dev.agentauth.spi.LinkedNotice;
import dev.agentauth.spi.MailNotAcceptedException;
import jakarta.mail.BodyPart;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SmtpMailerTest {
    private static final Instant NOW = Instant.parse("2026-05-04T13:00:00Z");
    private static final String LINK = "http://localhost:8000/agent/identity/claim/view?token=cvt_" + "x".repeat(32);

    private final GreenMail smtp = new GreenMail(ServerSetupTest.SMTP.dynamicPort());
    private SmtpMailer mailer;

    @BeforeEach
    void start() {
        smtp.start();
        mailer = new SmtpMailer(
                new DemoConfig.SmtpServer("127.0.0.1", smtp.getSmtp().getPort()),
                "agent-auth@localhost",
                InstantSource.fixed(NOW));
    }

    @AfterEach
    void stop() {
        smtp.stop();
    }

    @Test
    void claimMailSaysAllThatThePersonNeeds() throws Exception {
        mailer.sendClaimLink(mail("alice@example.com", "Shop", "Sample provider"));

        MimeMessage received = onlyMail();
        assertThat(received.getSubject()).isEqualTo("An agent asks to act for you at Shop");
        assertThat(received.getFrom()).extracting(Object::toString).containsExactly("agent-auth@localhost");
        assertThat(received.getRecipients(RecipientType.TO))
                .extracting(Object::toString)
                .containsExactly("alice@example.com");
        assertThat(received.getContentType()).startsWith("multipart/alternative;");
        assertThat(part(received, 0).getContentType()).isEqualToIgnoringCase("text/plain; charset=UTF-8");
        assertThat(part(received, 1).getContentType()).isEqualToIgnoringCase("text/html; charset=UTF-8");
        assertThat(received.getSentDate()).isEqualTo(Date.from(NOW));
        assertThat(received.getHeader("Auto-Submitted")).containsExactly("auto-generated");
        assertThat(text(received))
                .contains("An AI agent from Sample provider asks to act for you at Shop. It\ncannot do so yet.")
                .contains("reg_1")
                .contains("4 May 2026, 12:59 UTC")
                .contains("If you confirm it, it can:\n- api.read\n- api.write\n\n")
                .contains("\n" + LINK + "\n")
                .contains("good for 10 minutes, until 4 May 2026, 13:09 UTC")
                .contains("If this was not you", "Shop will", "never ask you for it.");
    }

    @Test
    void bothAlternativesSayTheSame() throws Exception {
        mailer.sendClaimLink(mail("alice@example.com", "Shop & Co", "<Sample> \"provider\""));
        mailer.sendLinkedNotice(new LinkedNotice("alice@example.com", "Shop", "reg_1", "Sample provider", NOW));

        for (MimeMessage received : smtp.getReceivedMessages()) {
            assertThat(words(html(received)).replace(" Open the page ", " "))
                    .isEqualTo(words(text(received).replace("\n- ", "\n")));
        }
    }

    @Test
    void linkIsAButtonAndIsThereToBeRead() throws Exception {
        mailer.sendClaimLink(mail("alice@example.com", "Shop", ""));

        assertThat(html(onlyMail()))
                .containsPattern("<a href=\"" + Pattern.quote(LINK) + "\"[^>]*>" + Pattern.quote(LINK) + "</a>")
                .contains(">Open the page</a>")
                .contains("<html lang=\"en\">", "<title>An agent asks to act for you at Shop</title>");
    }

    @Test
    void mailLoadsNothingAndRunsNothing() throws Exception {
        mailer.sendClaimLink(mail("alice@example.com", "Shop", ""));

        assertThat(html(onlyMail()).replace(LINK, ""))
                .doesNotContainPattern(
                        "(?i)https?:|//|url\\(|@import|<(img|link|script|style|iframe|object|form|base)\\b")
                .doesNotContainPattern("(?i)\\b(src|background|on[a-z]+)=");
    }

    @Test
    void linesAreShortEnoughForEveryMailProgram() throws Exception {
        mailer.sendClaimLink(mail("alice@example.com", "Shop", "Sample provider"));

        assertThat(text(onlyMail()).lines().filter(line -> !line.equals(LINK)))
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(72));
        assertThat(html(onlyMail()).lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(998));
    }

    @Test
    void markupInNamesIsText() throws Exception {
        String name = "<img src=x onerror=alert(1)>\"'&</title>";
        mailer.sendClaimLink(mail("alice@example.com", name, name));
        mailer.sendLinkedNotice(new LinkedNotice("alice@example.com", name, "<b>", name, NOW));

        for (MimeMessage received : smtp.getReceivedMessages()) {
            assertThat(html(received))
                    .contains("&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;&lt;/title&gt;")
                    .doesNotContain("<img", "<b>" + "</b>", "<b><b>");
            assertThat(text(received)).contains(name.substring(0, 4));
        }
    }

    @Test
    void agentThatNobodyVouchesForIsCalledJustThat() throws Exception {
        mailer.sendClaimLink(mail("alice@example.com", "Shop", ""));

        assertThat(text(onlyMail())).startsWith("An AI agent asks to act for you at Shop.");
    }

    @Test
    void otherLettersThanAsciiArriveAsTheyAre() throws Exception {
        mailer.sendClaimLink(mail("alice@example.com", "Caf\u00e9 \u6771\u4eac", "Caf\u00e9 \u6771\u4eac"));

        assertThat(onlyMail().getSubject()).isEqualTo("An agent asks to act for you at Caf\u00e9 \u6771\u4eac");
        assertThat(text(onlyMail()))
                .contains("from Caf\u00e9 \u6771\u4eac asks")
                .contains(LINK);
    }

    @Test
    void noticeNamesTheRegistrationAndHasNoLink() throws Exception {
        mailer.sendLinkedNotice(new LinkedNotice("alice@example.com", "Shop", "reg_1", "Sample provider", NOW));

        assertThat(onlyMail().getSubject()).isEqualTo("An agent can now act for you at Shop");
        assertThat(text(onlyMail()))
                .contains("An AI agent from Sample provider can act for you at Shop.")
                .contains("reg_1")
                .contains("4 May 2026, 13:00 UTC")
                .doesNotContain("http");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "alice@example.com\r\nBcc: eve@example.com",
                "alice@example.com\nBcc: eve@example.com",
                "alice@example.com\r\n\r\nbody",
                "alice@example.com, eve@example.com",
                "alice@example.com,eve@example.com",
                "alice@example.com;eve@example.com",
                "alice@example.com eve@example.com",
                "Alice <alice@example.com>",
                "<alice@example.com>",
                "\"Alice\" alice@example.com",
                "alice@example.com (Alice)",
                "group: alice@example.com, eve@example.com;",
                "alice@example.com>\r\nRCPT TO:<eve@example.com",
                "alice",
                "@example.com",
                "alice@",
                "",
                " alice@example.com",
                "al\u0131ce@example.com"
            })
    void anythingButOnePlainAddressIsRefusedAndNothingIsSent(String recipient) {
        MailNotAcceptedException refusal = catchThrowableOfType(
                MailNotAcceptedException.class, () -> mailer.sendClaimLink(mail(recipient, "Shop", "")));

        assertThat(refusal).isNotNull();
        assertThat(smtp.getReceivedMessages()).isEmpty();
        assertThat(stackTrace(refusal)).doesNotContain("@example");
    }

    @Test
    void namesCannotAddHeaders() throws Exception {
        String name = "Shop\r\nBcc: eve@example.com\r\n\r\nHello";

        mailer.sendClaimLink(mail("alice@example.com", name, name));

        MimeMessage received = onlyMail();
        assertThat(received.getHeader("Bcc")).isNull();
        assertThat(received.getSubject()).isEqualTo("An agent asks to act for you at Shop Bcc: eve@example.com Hello");
        assertThat(smtp.getReceivedMessagesForDomain("eve@example.com")).isEmpty();
    }

    @Test
    void serverThatIsDownIsAMailNotAcceptedWithoutTheAddress() {
        smtp.stop();

        MailNotAcceptedException refusal = catchThrowableOfType(
                MailNotAcceptedException.class, () -> mailer.sendClaimLink(mail("alice@example.com", "Shop", "")));

        assertThat(refusal).hasMessageContaining("127.0.0.1:");
        assertThat(stackTrace(refusal)).contains("MailConnectException").doesNotContain("alice");
    }

    @Test
    void serverThatRefusesTheRecipientIsAMailNotAcceptedWithoutTheAddress() throws Exception {
        try (RefusingSmtp refusing = RefusingSmtp.start()) {
            SmtpMailer other = new SmtpMailer(
                    new DemoConfig.SmtpServer("127.0.0.1", refusing.port()), "agent-auth@localhost", () -> NOW);

            MailNotAcceptedException refusal = catchThrowableOfType(
                    MailNotAcceptedException.class, () -> other.sendClaimLink(mail("alice@example.com", "Shop", "")));

            assertThat(refusing.sawRecipient()).isTrue();
            assertThat(stackTrace(refusal)).contains("SendFailedException").doesNotContain("alice");
        }
    }

    private MimeMessage onlyMail() {
        assertThat(smtp.getReceivedMessages()).hasSize(1);
        return smtp.getReceivedMessages()[0];
    }

    private static String text(MimeMessage message) throws Exception {
        return ((String) part(message, 0).getContent()).replace("\r\n", "\n");
    }

    private static String html(MimeMessage message) throws Exception {
        return ((String) part(message, 1).getContent()).replace("\r\n", "\n");
    }

    private static BodyPart part(MimeMessage message, int index) throws Exception {
        MimeMultipart alternatives = (MimeMultipart) message.getContent();
        assertThat(alternatives.getCount()).isEqualTo(2);
        return alternatives.getBodyPart(index);
    }

    /** What a person reads, whatever lines it is in. */
    private static String words(String text) {
        return text.replaceAll("(?s)<head>.*</head>|<!DOCTYPE html>|</?[a-z]+\\b[^>]*>", " ")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&amp;", "&")
                .replaceAll("\\s+", " ")
                .strip();
    }

    private static String stackTrace(Throwable throwable) {
        StringWriter out = new StringWriter();
        throwable.printStackTrace(new PrintWriter(out));
        return out.toString();
    }

    private static ClaimMail mail(String recipient, String serviceName, String agentName) {
        return new ClaimMail(
                recipient,
                Secret.of(LINK),
                serviceName,
                "reg_1",
                RegistrationKind.ANONYMOUS,
                agentName,
                List.of("api.read", "api.write"),
                NOW.minusSeconds(60),
                NOW.plusSeconds(540));
    }
}
