package dev.agentauth.spi;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a mail says, whichever way it goes.
 *
 * @param subject one line
 * @param plain plain text
 * @param html the same words as a page that loads nothing
 */
record MailText(String subject, String plain, String html) {

    /** Asks a person to confirm an agent. */
    static MailText of(ClaimMail mail, Locale language) {
        Words words = Words.in(language);
        String service = oneLine(mail.serviceName());
        String until = words.time(mail.linkExpiresAt());
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(words.registration, oneLine(mail.registrationId()));
        facts.put(words.asked, words.time(mail.requestedAt()));
        facts.put(words.mayUse, oneLine(String.join(" ", mail.scopes())));
        return new Letter(words.locale, words.asksSubject.formatted(service))
                .paragraph(words.asks.formatted(words.who(mail.agentName()), service))
                .facts(facts)
                .paragraph(words.open)
                .link(words.openThePage, mail.link())
                .paragraph(words.good.formatted(words.span(mail.requestedAt(), mail.linkExpiresAt()), until))
                .paragraph(words.notYou)
                .text();
    }

    /** Tells a person about an agent that can act for them. */
    static MailText of(LinkedNotice notice, Locale language) {
        Words words = Words.in(language);
        String service = oneLine(notice.serviceName());
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(words.registration, oneLine(notice.registrationId()));
        facts.put(words.since, words.time(notice.linkedAt()));
        return new Letter(words.locale, words.canSubject.formatted(service))
                .paragraph(words.can.formatted(words.who(notice.agentName()), service))
                .facts(facts)
                .paragraph(words.tell.formatted(service))
                .text();
    }

    /** No line breaks in any spelling, no control characters, nothing that turns the direction of what follows. */
    private static String oneLine(String text) {
        return Words.NO_PART_OF_A_LINE.matcher(text).replaceAll(" ");
    }

    /** The words of one language, the same as the page's. */
    private enum Words {
        ENGLISH(
                Locale.ENGLISH,
                "d MMMM uuuu, HH:mm 'UTC'",
                "An agent asks to act for you at %s",
                "An agent can now act for you at %s",
                "An AI agent",
                "An AI agent of %s",
                "%s asks to act for you at %s.",
                "%s can act for you at %s.",
                "Registration",
                "Asked",
                "May then use",
                "Since",
                "If you asked your agent to do this, open this page and read the code on it to your agent:",
                "Open the page",
                "The link is good for %s, until %s.",
                "%d seconds",
                "%d minutes",
                "If this was not you, open the page and say so, or do nothing: without the code nobody can act for you. Give"
                        + " the code to nobody who calls or writes to you.",
                "If this was not you, tell %s at once and name the registration."),
        GERMAN(
                Locale.GERMAN,
                "d. MMMM uuuu, HH:mm 'UTC'",
                "Ein Agent m\u00f6chte bei %s f\u00fcr Sie handeln",
                "Ein Agent kann jetzt bei %s f\u00fcr Sie handeln",
                "Ein KI-Agent",
                "Ein KI-Agent von %s",
                "%s m\u00f6chte bei %s f\u00fcr Sie handeln.",
                "%s kann bei %s f\u00fcr Sie handeln.",
                "Registrierung",
                "Angefragt",
                "Darf dann",
                "Seit",
                "Wenn Sie Ihren Agenten damit beauftragt haben, \u00f6ffnen Sie diese Seite und nennen Sie ihm den Code, der dort"
                        + " steht:",
                "Seite \u00f6ffnen",
                "Der Link gilt %s, bis %s.",
                "%d Sekunden",
                "%d Minuten",
                "Wenn Sie das nicht waren, \u00f6ffnen Sie die Seite und sagen Sie es dort, oder tun Sie nichts: ohne den Code"
                        + " kann niemand f\u00fcr Sie handeln. Geben Sie den Code niemandem, der Sie anruft oder Ihnen"
                        + " schreibt.",
                "Wenn Sie das nicht waren, sagen Sie es %s sofort und nennen Sie die Registrierung.");

        private static final Pattern NO_PART_OF_A_LINE = Pattern.compile(
                "[\\p{Cntrl}\\u0080-\\u009f\\u2028\\u2029\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]+");

        private final Locale locale;
        private final DateTimeFormatter time;
        private final String asksSubject;
        private final String canSubject;
        private final String agent;
        private final String agentOf;
        private final String asks;
        private final String can;
        private final String registration;
        private final String asked;
        private final String mayUse;
        private final String since;
        private final String open;
        private final String openThePage;
        private final String good;
        private final String seconds;
        private final String minutes;
        private final String notYou;
        private final String tell;

        Words(
                Locale locale,
                String time,
                String asksSubject,
                String canSubject,
                String agent,
                String agentOf,
                String asks,
                String can,
                String registration,
                String asked,
                String mayUse,
                String since,
                String open,
                String openThePage,
                String good,
                String seconds,
                String minutes,
                String notYou,
                String tell) {
            this.locale = locale;
            this.time = DateTimeFormatter.ofPattern(time, locale).withZone(ZoneOffset.UTC);
            this.asksSubject = asksSubject;
            this.canSubject = canSubject;
            this.agent = agent;
            this.agentOf = agentOf;
            this.asks = asks;
            this.can = can;
            this.registration = registration;
            this.asked = asked;
            this.mayUse = mayUse;
            this.since = since;
            this.open = open;
            this.openThePage = openThePage;
            this.good = good;
            this.seconds = seconds;
            this.minutes = minutes;
            this.notYou = notYou;
            this.tell = tell;
        }

        static Words in(Locale language) {
            return language.getLanguage().equals(GERMAN.locale.getLanguage()) ? GERMAN : ENGLISH;
        }

        String who(String agentName) {
            return agentName.isEmpty() ? agent : agentOf.formatted(oneLine(agentName));
        }

        String time(Instant instant) {
            return time.format(instant);
        }

        String span(Instant from, Instant until) {
            long length = Duration.between(from, until).toSeconds();
            return length < 120 ? seconds.formatted(length) : minutes.formatted(length / 60);
        }
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

        private Letter(Locale language, String subject) {
            this.subject = subject;
            html.append("""
                    <!DOCTYPE html>
                    <html lang="%s">
                    <head>
                    <meta charset="utf-8">
                    <meta name="viewport" content="width=device-width, initial-scale=1">
                    <meta name="color-scheme" content="light dark">
                    <meta name="supported-color-schemes" content="light dark">
                    <title>%s</title>
                    </head>
                    <body style="margin:0;padding:24px 16px;%s">
                    <div style="max-width:560px;margin:0 auto">
                    """.formatted(language.toLanguageTag(), escape(subject), FONT));
        }

        private Letter paragraph(String words) {
            plain.append(wrapped(words)).append("\n\n");
            html.append("<p style=\"margin:0 0 16px\">").append(escape(words)).append("</p>\n");
            return this;
        }

        private Letter facts(Map<String, String> facts) {
            html.append("<table style=\"margin:0 0 16px;border-collapse:collapse\">\n");
            facts.forEach((name, value) -> {
                plain.append("%-15s%s\n".formatted(name + ":", value));
                html.append("<tr><th scope=\"row\" style=\"padding:2px 16px 2px 0;text-align:left;vertical-align:top;")
                        .append("font-weight:normal;white-space:nowrap\">")
                        .append(escape(name))
                        .append(":</th>\n<td style=\"padding:2px 0;overflow-wrap:anywhere\"><b>")
                        .append(escape(value))
                        .append("</b></td></tr>\n");
            });
            plain.append('\n');
            html.append("</table>\n");
            return this;
        }

        /** In HTML a button too; the address itself is for whoever wants to see where it leads, or cannot press it. */
        private Letter link(String label, String url) {
            plain.append(url).append("\n\n");
            String address = escape(url);
            html.append("<p style=\"margin:0 0 16px\"><a href=\"%s\" style=\"%s\">%s</a></p>\n"
                            .formatted(address, BUTTON, escape(label)))
                    .append("<p style=\"margin:0 0 16px;font-size:14px;word-break:break-all\">")
                    .append(address)
                    .append("</p>\n");
            return this;
        }

        private MailText text() {
            return new MailText(subject, plain.toString().stripTrailing() + "\n", html + "</div>\n</body>\n</html>\n");
        }

        /** Text for an element or a quoted attribute. */
        private static String escape(String text) {
            return text.replace("&", "&amp;")
                    .replace("<", "&lt;")
                    .replace(">", "&gt;")
                    .replace("\"", "&quot;")
                    .replace("'", "&#39;");
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
