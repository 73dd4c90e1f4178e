package dev.agentauth.examples;

import dev.agentauth.spi.ClaimMail;
import dev.agentauth.spi.ClaimMailer;
import dev.agentauth.spi.LinkedNotice;
import dev.agentauth.spi.MailNotAcceptedException;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Date;
import java.util.Locale;
import java.util.Properties;

/** Sends mail by SMTP (Jakarta Mail), as plain text and HTML, within limits of time. */
final class SmtpMailer implements ClaimMailer {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Locale LANGUAGE = Locale.ENGLISH;

    private final InstantSource clock;
    private final InternetAddress from;
    private final Session session;
    private final String server;

    /**
     * Sends from one address over one server.
     *
     * @throws IllegalArgumentException if the sender is not a plain address
     */
    SmtpMailer(DemoConfig.SmtpServer server, String from, InstantSource clock) {
        this.clock = clock;
        this.server = server.host() + ":" + server.port();
        try {
            this.from = plainAddress(from);
        } catch (AddressException e) {
            throw new IllegalArgumentException("the sender is not a plain address: " + from, e);
        }
        Properties properties = new Properties();
        properties.setProperty("mail.smtp.host", server.host());
        properties.setProperty("mail.smtp.port", String.valueOf(server.port()));
        for (String timeout : new String[] {"connectiontimeout", "timeout", "writetimeout"}) {
            properties.setProperty("mail.smtp." + timeout, String.valueOf(TIMEOUT.toMillis()));
        }
        properties.setProperty("mail.from", from);
        this.session = Session.getInstance(properties);
    }

    @Override
    public void sendClaimLink(ClaimMail mail) {
        send(mail.recipient(), mail.subject(LANGUAGE), mail.text(LANGUAGE), mail.html(LANGUAGE));
    }

    @Override
    public void sendLinkedNotice(LinkedNotice notice) {
        send(notice.recipient(), notice.subject(LANGUAGE), notice.text(LANGUAGE), notice.html(LANGUAGE));
    }

    private void send(String recipient, String subject, String text, String page) {
        try {
            MimeMessage message = new MimeMessage(session);
            message.setFrom(from);
            message.setRecipient(RecipientType.TO, plainAddress(recipient));
            message.setSubject(subject, StandardCharsets.UTF_8.name());
            message.setContent(alternatives(text, page));
            message.setSentDate(Date.from(clock.instant()));
            message.setHeader("Auto-Submitted", "auto-generated"); // RFC 3834: no vacation answers, please
            Transport.send(message);
        } catch (MessagingException e) {
            throw new MailNotAcceptedException(
                    "the SMTP server " + server + " did not accept the mail", withoutItsWords(e));
        }
    }

    /** Plain text first: the last alternative that a mail program can show is the one that it shows (RFC 2046, 5.1.4). */
    private static MimeMultipart alternatives(String text, String page) throws MessagingException {
        MimeBodyPart plain = new MimeBodyPart();
        plain.setText(text, StandardCharsets.UTF_8.name());
        MimeBodyPart html = new MimeBodyPart();
        html.setText(page, StandardCharsets.UTF_8.name(), "html");
        return new MimeMultipart("alternative", plain, html);
    }

    /** One address and nothing else: no name, no comment, no group, no second address, no line break. */
    private static InternetAddress plainAddress(String text) throws AddressException {
        InternetAddress address = new InternetAddress(text, true);
        if (!text.equals(address.getAddress()) || text.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new AddressException("more than a plain address");
        }
        return address;
    }

    /** The mail system's messages repeat addresses, which must not get into a log. */
    private static MessagingException withoutItsWords(MessagingException e) {
        MessagingException kind = new MessagingException(e.getClass().getSimpleName());
        kind.setStackTrace(e.getStackTrace());
        return kind;
    }
}
