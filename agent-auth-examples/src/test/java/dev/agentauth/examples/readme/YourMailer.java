package dev.agentauth.examples.readme;

import dev.agentauth.spi.ClaimMail;
import dev.agentauth.spi.ClaimMailer;
import dev.agentauth.spi.MailNotAcceptedException;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.util.Locale;

/** What docs/your-mail.md shows. */
final class YourMailer implements ClaimMailer {
    private static final Locale LANGUAGE = Locale.GERMAN;

    private final Session session;

    YourMailer(Session session) {
        this.session = session;
    }

    // begin: MailExample
    @Override
    public void sendClaimLink(ClaimMail mail) {
        try {
            MimeBodyPart plain = new MimeBodyPart();
            plain.setText(mail.text(LANGUAGE), "UTF-8");
            MimeBodyPart html = new MimeBodyPart();
            html.setText(mail.html(LANGUAGE), "UTF-8", "html");
            MimeMessage message = new MimeMessage(session);
            message.setFrom();
            message.setRecipients(RecipientType.TO, mail.recipient());
            message.setSubject(mail.subject(LANGUAGE), "UTF-8");
            message.setContent(new MimeMultipart("alternative", plain, html));
            Transport.send(message);
        } catch (MessagingException e) {
            throw new MailNotAcceptedException(e.getClass().getSimpleName()); // its words name the address
        }
    }
    // end: MailExample
}
