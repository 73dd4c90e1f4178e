package dev.agentauth.spring;

import com.icegreen.greenmail.store.FolderException;
import com.icegreen.greenmail.store.StoredMessage;
import com.icegreen.greenmail.user.GreenMailUser;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetupTest;
import dev.agentauth.spi.ClaimMailer;
import dev.agentauth.testkit.ClaimMailerContract;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.springframework.mail.javamail.JavaMailSenderImpl;

/** Spring's mail, over a real SMTP server, under the contract of mailers. */
class MailTest extends ClaimMailerContract {
    private final GreenMail smtp = new GreenMail(ServerSetupTest.SMTP.dynamicPort());

    @AfterEach
    void stop() {
        smtp.stop();
    }

    @Override
    protected ClaimMailer newMailer() {
        smtp.start();
        return over(smtp.getSmtp().getPort());
    }

    @Override
    protected ClaimMailer newRefusedMailer() {
        try (ServerSocket nobody = new ServerSocket(0)) {
            return over(nobody.getLocalPort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ClaimMailer over(int port) {
        JavaMailSenderImpl sender = new JavaMailSenderImpl();
        sender.setHost("localhost");
        sender.setPort(port);
        return new JavaMailClaimMailer(sender, "no-reply@example.com", Locale.ENGLISH);
    }

    @Override
    protected List<Received> received() {
        try {
            Map<String, MimeMessage> messages = new LinkedHashMap<>();
            Map<String, List<String>> recipients = new LinkedHashMap<>();
            for (GreenMailUser user : smtp.getUserManager().listUser()) {
                for (StoredMessage stored :
                        smtp.getManagers().getImapHostManager().getInbox(user).getMessages()) {
                    String id = stored.getMimeMessage().getMessageID();
                    messages.put(id, stored.getMimeMessage());
                    recipients.computeIfAbsent(id, key -> new ArrayList<>()).add(user.getEmail());
                }
            }
            List<Received> received = new ArrayList<>();
            for (Map.Entry<String, MimeMessage> message : messages.entrySet()) {
                MimeMultipart alternatives = (MimeMultipart) message.getValue().getContent();
                received.add(new Received(
                        recipients.get(message.getKey()),
                        message.getValue().getSubject(),
                        (String) alternatives.getBodyPart(0).getContent(),
                        (String) alternatives.getBodyPart(1).getContent()));
            }
            return received;
        } catch (MessagingException | FolderException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
