package dev.agentauth.examples;

import dev.agentauth.spi.ClaimMail;
import dev.agentauth.spi.LinkedNotice;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * What a mail says, whichever way it goes.
 *
 * @param subject one line
 * @param body plain text
 */
record MailText(String subject, String body) {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    /** Asks a person to confirm an agent. */
    static MailText of(ClaimMail mail) {
        String service = oneLine(mail.serviceName());
        return new MailText("An agent asks to act for you at " + service, """
                %s asks to act for you at %s.

                Registration:  %s
                Asked:         %s
                May then use:  %s

                If you asked your agent to do this, open this page and read the code on it to your agent:

                %s

                The link is good for %s, until %s.

                If this was not you, open the page and say so, or do nothing: without the code nobody can act for you.
                Give the code to nobody who calls or writes to you.
                """.formatted(
                        who(mail.agentName()),
                        service,
                        mail.registrationId(),
                        TIME.format(mail.requestedAt()),
                        String.join(" ", mail.scopes()),
                        mail.link().reveal(),
                        span(mail.requestedAt(), mail.linkExpiresAt()),
                        TIME.format(mail.linkExpiresAt())));
    }

    /** Tells a person about an agent that can act for them. */
    static MailText of(LinkedNotice notice) {
        String service = oneLine(notice.serviceName());
        return new MailText("An agent can now act for you at " + service, """
                %s can act for you at %s.

                Registration:  %s
                Since:         %s

                If this was not you, tell %s at once and name the registration.
                """.formatted(
                who(notice.agentName()), service, notice.registrationId(), TIME.format(notice.linkedAt()), service));
    }

    private static String who(String agentName) {
        return agentName.isEmpty() ? "An AI agent" : "An AI agent of " + oneLine(agentName);
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ");
    }

    private static String span(Instant from, Instant until) {
        long seconds = Duration.between(from, until).toSeconds();
        return seconds < 120 ? seconds + " seconds" : seconds / 60 + " minutes";
    }
}
