package dev.agentauth.spring;

import dev.agentauth.spi.ClaimMail;
import dev.agentauth.spi.ClaimMailer;
import dev.agentauth.spi.LinkedNotice;
import dev.agentauth.spi.MailNotAcceptedException;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.mail.MailException;
import org.springframework.mail.javamail.JavaMailSender;

/** Hands the ready texts to the service's mail. What it throws has none of its words: they name the address. */
final class JavaMailClaimMailer implements ClaimMailer {
    private static final String UTF_8 = "UTF-8";

    private final JavaMailSender sender;
    private final @Nullable String from;
    private final Locale language;

    JavaMailClaimMailer(JavaMailSender sender, @Nullable String from, Locale language) {
        this.sender = sender;
        this.from = from;
        this.language = language;
    }

    @Override
    public void sendClaimLink(ClaimMail mail) {
        send(mail.recipient(), mail.subject(language), mail.text(language), mail.html(language));
    }

    @Override
    public void sendLinkedNotice(LinkedNotice notice) {
        send(notice.recipient(), notice.subject(language), notice.text(language), notice.html(language));
    }

    private void send(String recipient, String subject, String text, String html) {
        try {
            MimeMessage message = sender.createMimeMessage();
            if (from == null) {
                message.setFrom();
            } else {
                message.setFrom(from);
            }
            message.setRecipients(RecipientType.TO, recipient);
            message.setSubject(subject, UTF_8);
            MimeBodyPart plain = new MimeBodyPart();
            plain.setText(text, UTF_8);
            MimeBodyPart page = new MimeBodyPart();
            page.setText(html, UTF_8, "html");
            message.setContent(new MimeMultipart("alternative", plain, page));
            sender.send(message);
        } catch (MailException | MessagingException e) {
            throw new MailNotAcceptedException(e.getClass().getSimpleName());
        }
    }
}
