package dev.agentauth.examples;

import dev.agentauth.examples.web.Answers;
import dev.agentauth.spi.ClaimMail;
import dev.agentauth.spi.LinkedNotice;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What a mail says, whichever way it goes.
 *
 * @param subject one line
 * @param body plain text
 * @param html the same words as a page that loads nothing
 */
record MailText(String subject, String body, String html) {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    /** Asks a person to confirm an agent. */
    static MailText of(ClaimMail mail) {
        String service = oneLine(mail.serviceName());
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("Registration", mail.registrationId());
        facts.put("Asked", TIME.format(mail.requestedAt()));
        facts.put("May then use", String.join(" ", mail.scopes()));
        return new Letter("An agent asks to act for you at " + service)
                .paragraph(who(mail.agentName()) + " asks to act for you at " + service + ".")
                .facts(facts)
                .paragraph("If you asked your agent to do this, open this page and read the code on it to your agent:")
                .link("Open the page", mail.link().reveal())
                .paragraph("The link is good for " + span(mail.requestedAt(), mail.linkExpiresAt()) + ", until "
                        + TIME.format(mail.linkExpiresAt()) + ".")
                .paragraph(
                        "If this was not you, open the page and say so, or do nothing: without the code nobody can act"
                                + " for you. Give the code to nobody who calls or writes to you.")
                .text();
    }

    /** Tells a person about an agent that can act for them. */
    static MailText of(LinkedNotice notice) {
        String service = oneLine(notice.serviceName());
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("Registration", notice.registrationId());
        facts.put("Since", TIME.format(notice.linkedAt()));
        return new Letter("An agent can now act for you at " + service)
                .paragraph(who(notice.agentName()) + " can act for you at " + service + ".")
                .facts(facts)
                .paragraph("If this was not you, tell " + service + " at once and name the registration.")
                .text();
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

    /**
     * Writes both alternatives at once. The page has no colours but those of its button, so that it is dark where the
     * reader's mail is dark.
     */
    private static final class Letter {
        private static final String FONT = "font:16px/1.5 -apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
        private static final String BUTTON = "display:inline-block;padding:12px 24px;border-radius:8px;"
                + "background:#0b57a4;color:#ffffff;font-weight:600;text-decoration:none";
        private static final int WIDTH = 72;

        private final String subject;
        private final StringBuilder plain = new StringBuilder();
        private final StringBuilder html = new StringBuilder();

        private Letter(String subject) {
            this.subject = subject;
            html.append("""
                    <!DOCTYPE html>
                    <html lang="en">
                    <head>
                    <meta charset="utf-8">
                    <meta name="viewport" content="width=device-width, initial-scale=1">
                    <meta name="color-scheme" content="light dark">
                    <meta name="supported-color-schemes" content="light dark">
                    <title>%s</title>
                    </head>
                    <body style="margin:0;padding:24px 16px;%s">
                    <div style="max-width:560px;margin:0 auto">
                    """.formatted(Answers.escape(subject), FONT));
        }

        private Letter paragraph(String words) {
            plain.append(wrapped(words)).append("\n\n");
            html.append("<p style=\"margin:0 0 16px\">")
                    .append(Answers.escape(words))
                    .append("</p>\n");
            return this;
        }

        private Letter facts(Map<String, String> facts) {
            html.append("<table style=\"margin:0 0 16px;border-collapse:collapse\">\n");
            facts.forEach((name, value) -> {
                plain.append("%-15s%s\n".formatted(name + ":", value));
                html.append("<tr><th scope=\"row\" style=\"padding:2px 16px 2px 0;text-align:left;vertical-align:top;")
                        .append("font-weight:normal;white-space:nowrap\">")
                        .append(Answers.escape(name))
                        .append(":</th>\n<td style=\"padding:2px 0;overflow-wrap:anywhere\"><b>")
                        .append(Answers.escape(value))
                        .append("</b></td></tr>\n");
            });
            plain.append('\n');
            html.append("</table>\n");
            return this;
        }

        /** In HTML a button too; the address itself is for whoever wants to see where it leads, or cannot press it. */
        private Letter link(String label, String url) {
            plain.append(url).append("\n\n");
            String address = Answers.escape(url);
            html.append("<p style=\"margin:0 0 16px\"><a href=\"%s\" style=\"%s\">%s</a></p>\n"
                            .formatted(address, BUTTON, Answers.escape(label)))
                    .append("<p style=\"margin:0 0 16px;font-size:14px;word-break:break-all\">")
                    .append(address)
                    .append("</p>\n");
            return this;
        }

        private MailText text() {
            return new MailText(subject, plain.toString().stripTrailing() + "\n", html + "</div>\n</body>\n</html>\n");
        }

        /** Lines that mail programs leave alone. */
        private static String wrapped(String words) {
            StringBuilder lines = new StringBuilder();
            int column = 0;
            for (String word : words.split(" ", -1)) {
                if (column > 0 && column + 1 + word.length() > WIDTH) {
                    lines.append('\n');
                    column = 0;
                } else if (column > 0) {
                    lines.append(' ');
                    column++;
                }
                lines.append(word);
                column += word.length();
            }
            return lines.toString();
        }
    }
}
