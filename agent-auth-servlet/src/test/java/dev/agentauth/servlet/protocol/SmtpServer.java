package dev.agentauth.servlet.protocol;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.agentauth.spi.ClaimMail;
import dev.agentauth.spi.ClaimMailer;
import dev.agentauth.spi.LinkedNotice;
import dev.agentauth.spi.MailNotAcceptedException;
import jakarta.mail.Address;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A mail server that can be stopped and started on one port, with the mailer that an embedder would write for it. */
final class SmtpServer implements AutoCloseable {
    private static final Pattern LINK = Pattern.compile("https?://\\S+/agent/identity/claim/view\\?token=\\S+");

    static {
        // It logs the addresses that it serves, which is not what the tests look for in the output.
        System.setProperty("org.slf4j.simpleLogger.log.com.icegreen", "off");
    }

    private GreenMail server;
    private final int port;

    SmtpServer() {
        server = start(0);
        port = server.getSmtp().getPort();
    }

    private static GreenMail start(int port) {
        GreenMail greenMail = new GreenMail(new ServerSetup(port, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        greenMail.start();
        return greenMail;
    }

    ClaimMailer mailer() {
        return new OverSmtp(port);
    }

    void stop() {
        server.stop();
    }

    /** Starts again, on the same port and with empty mailboxes. */
    void startAgain() {
        server = start(port);
    }

    /** Every mail that has arrived, in whosever mailbox. */
    List<MimeMessage> received() {
        return List.of(server.getReceivedMessages());
    }

    MimeMessage newest() {
        List<MimeMessage> all = received();
        return all.get(all.size() - 1);
    }

    /** The one link in a mail. */
    static String linkIn(MimeMessage mail) {
        Matcher matcher = LINK.matcher(textOf(mail));
        if (!matcher.find()) {
            throw new AssertionError("no link in the mail");
        }
        String link = matcher.group();
        if (matcher.find()) {
            throw new AssertionError("more than one link in the mail");
        }
        return link;
    }

    static String textOf(MimeMessage mail) {
        try {
            return mail.getContent().toString();
        } catch (IOException | MessagingException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        server.stop();
    }

    /** Plain text over Jakarta Mail, with time limits. */
    private record OverSmtp(int port) implements ClaimMailer {
        @Override
        public void sendClaimLink(ClaimMail mail) {
            send(
                    mail.recipient(),
                    "An agent asks to act for you at " + mail.serviceName(),
                    "Registration " + mail.registrationId() + " asks for " + String.join(", ", mail.scopes())
                            + ".\r\n\r\nDecide here:\r\n" + mail.link() + "\r\n");
        }

        @Override
        public void sendLinkedNotice(LinkedNotice notice) {
            send(
                    notice.recipient(),
                    "An agent now acts for you at " + notice.serviceName(),
                    "It is registration " + notice.registrationId() + ".\r\n");
        }

        private void send(String recipient, String subject, String text) {
            Properties properties = new Properties();
            properties.put("mail.smtp.host", "127.0.0.1");
            properties.put("mail.smtp.port", Integer.toString(port));
            properties.put("mail.smtp.connectiontimeout", "5000");
            properties.put("mail.smtp.timeout", "5000");
            properties.put("mail.smtp.writetimeout", "5000");
            try {
                MimeMessage message = new MimeMessage(Session.getInstance(properties));
                message.setFrom(new InternetAddress("no-reply@service.example"));
                message.setRecipients(Message.RecipientType.TO, new Address[] {new InternetAddress(recipient, true)});
                message.setSubject(subject, "UTF-8");
                message.setText(text, "UTF-8");
                Transport.send(message);
            } catch (MessagingException e) {
                throw new MailNotAcceptedException("the mail server did not take the mail", e);
            }
        }
    }
}
