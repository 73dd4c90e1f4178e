package dev.agentauth.examples.readme;

import dev.agentauth.examples.SmtpContract;
import dev.agentauth.spi.ClaimMailer;
import jakarta.mail.Session;
import java.util.Properties;

/** The mailer that docs/your-mail.md shows keeps the contract. */
class F12_YourMailerTest extends SmtpContract {
    @Override
    protected ClaimMailer mailerOver(int port) {
        // begin: MailSessionExample
        Properties smtp = new Properties();
        smtp.setProperty("mail.smtp.host", "localhost");
        smtp.setProperty("mail.smtp.port", String.valueOf(port));
        smtp.setProperty("mail.smtp.connectiontimeout", "5000"); // milliseconds; without these a dead server holds
        smtp.setProperty("mail.smtp.timeout", "5000"); //           the request for ever
        smtp.setProperty("mail.smtp.writetimeout", "5000");
        smtp.setProperty("mail.from", "no-reply@example.com");
        ClaimMailer mailer = new YourMailer(Session.getInstance(smtp));
        // end: MailSessionExample
        return mailer;
    }
}
