package dev.agentauth.spi;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
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
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(words.asked, words.time(mail.requestedAt()));
        facts.put(words.registration, oneLine(mail.registrationId()));
        return new Letter(words.locale, words.asksSubject.formatted(service))
                .paragraph(words.asks.formatted(words.who(mail.agentName()), service) + " "
                        + (mail.agentName().isEmpty() ? words.unknown : words.notYet))
                .list(
                        words.mayUse,
                        mail.scopes().stream()
                                .map(scope -> scope(mail, scope, words))
                                .toList())
                .facts(facts)
                .paragraph(words.open)
                .link(words.openThePage, mail.link())
                .paragraph(words.good.formatted(
                        words.span(mail.requestedAt(), mail.linkExpiresAt()), words.time(mail.linkExpiresAt())))
                .paragraph(words.notYou)
                .paragraph(words.stop.formatted(service))
                .text();
    }

    /** In the service's words where it has said them, with its name behind them. */
    private static String scope(ClaimMail mail, String scope, Words words) {
        String name = oneLine(scope);
        return mail.scopeText(scope, words.locale)
                .map(text -> oneLine(text) + " (" + name + ")")
                .orElse(name);
    }

    /** Tells a person about an agent that can act for them. */
    static MailText of(LinkedNotice notice, Locale language) {
        Words words = Words.in(language);
        String service = oneLine(notice.serviceName());
        String manageUrl = notice.manageUrl();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(words.since, words.time(notice.linkedAt()));
        facts.put(words.registration, oneLine(notice.registrationId()));
        Letter letter = new Letter(words.locale, words.canSubject.formatted(service))
                .paragraph(words.can.formatted(words.who(notice.agentName()), service))
                .facts(facts);
        if (manageUrl != null) {
            letter.paragraph(words.manage).link(words.openAgents, oneLine(manageUrl));
        }
        return letter.paragraph((manageUrl == null ? words.tell : words.endIt).formatted(service))
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
                "An AI agent from %s",
                "%s asks to act for you at %s.",
                "%s can act for you at %s.",
                "Registration",
                "Asked",
                "If you confirm it, it can:",
                "Since",
                "If you asked an agent to do this, open this page and confirm it there:",
                "Open the page",
                "The link is good for %s, until %s.",
                "%d seconds",
                "%d minutes",
                "If this was not you, ignore this mail, or open the page and say so there. Nothing happens unless you"
                        + " confirm it.",
                "If somebody told you to expect this mail, or asks you for the code, stop: they want to act as you. %s will"
                        + " never ask you for it.",
                "It cannot do so yet.",
                "Nobody vouches for this agent. It cannot do so yet.",
                "You can see what acts for you, and end it, here:",
                "Your agents",
                "If this was not you, end it there at once, and tell %s.",
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
                "Wenn Sie es best\u00e4tigen, kann er:",
                "Seit",
                "Wenn Sie einen Agenten damit beauftragt haben, \u00f6ffnen Sie diese Seite und best\u00e4tigen Sie es dort:",
                "Seite \u00f6ffnen",
                "Der Link gilt %s, bis %s.",
                "%d Sekunden",
                "%d Minuten",
                "Wenn Sie das nicht waren, beachten Sie diese Mail nicht, oder \u00f6ffnen Sie die Seite und sagen Sie es dort. Es"
                        + " geschieht nichts, solange Sie es nicht best\u00e4tigen.",
                "Wenn Ihnen jemand diese Mail angek\u00fcndigt hat oder Sie nach dem Code fragt, h\u00f6ren Sie auf: Er will in Ihrem"
                        + " Namen handeln. %s wird Sie nie danach fragen.",
                "Noch kann er das nicht.",
                "Niemand b\u00fcrgt f\u00fcr diesen Agenten. Noch kann er das nicht.",
                "Wer f\u00fcr Sie handelt, sehen und beenden Sie hier:",
                "Ihre Agenten",
                "Wenn Sie das nicht waren, beenden Sie es dort sofort und sagen Sie es %s.",
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
        private final String stop;
        private final String notYet;
        private final String unknown;
        private final String manage;
        private final String openAgents;
        private final String endIt;
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
                String stop,
                String notYet,
                String unknown,
                String manage,
                String openAgents,
                String endIt,
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
            this.stop = stop;
            this.notYet = notYet;
            this.unknown = unknown;
            this.manage = manage;
            this.openAgents = openAgents;
            this.endIt = endIt;
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

        /** Where the reader has chosen all colours, the border is what is left of it. */
        private static final String BUTTON =
                "display:inline-block;padding:11px 23px;border:1px solid #0b57a4;border-radius:8px;"
                        + "background:#0b57a4;color:#ffffff;font-weight:600;text-decoration:none";

        private static final int WIDTH = 70;

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

        private Letter list(String heading, List<String> items) {
            plain.append(wrapped(heading)).append('\n');
            html.append("<p style=\"margin:0\">")
                    .append(escape(heading))
                    .append("</p>\n<ul style=\"margin:0 0 16px;")
                    .append("padding-left:20px\">\n");
            for (String item : items) {
                plain.append(wrapped("- " + item).replace("\n", "\n  ")).append('\n');
                html.append("<li style=\"overflow-wrap:anywhere\">")
                        .append(escape(item))
                        .append("</li>\n");
            }
            plain.append('\n');
            html.append("</ul>\n");
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

        /** In HTML a button too; the address itself is for whoever wants to see where it leads, and can be pressed as well. */
        private Letter link(String label, String url) {
            plain.append(url).append("\n\n");
            String address = escape(url);
            html.append("<p style=\"margin:0 0 16px\"><a href=\"%s\" style=\"%s\">%s</a></p>\n"
                            .formatted(address, BUTTON, escape(label)))
                    .append("<p style=\"margin:0 0 16px;font-size:14px;word-break:break-all\"><a href=\"")
                    .append(address)
                    .append("\" style=\"color:inherit\">")
                    .append(address)
                    .append("</a></p>\n");
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
