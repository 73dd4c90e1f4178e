package dev.agentauth.examples.console;

import dev.agentauth.examples.web.Answers;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The contract, docs/protocol.md, as a page: the console's links lead to its sections, {@code #a4} to A4. It knows as much of Markdown as
 * that one file uses.
 */
final class ProtocolPage {
    private static final Pattern HEADING = Pattern.compile("(#{1,2}) (.+)");
    private static final Pattern SECTION = Pattern.compile("([AB][0-9]{1,2})\\. .*");
    private static final Pattern BULLET = Pattern.compile("\\* (.+)");
    private static final Pattern NUMBERED = Pattern.compile("([0-9]+)\\. (.+)");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern BOLD = Pattern.compile("\\*\\*(.+?)\\*\\*");
    private static final Pattern EMPHASIS = Pattern.compile("\\*(.+?)\\*");
    private static final Pattern LINK = Pattern.compile("\\[([^]]+)]\\(([^)]+)\\)");

    /** Stands for a span of code while the rest of its line is read; no text has it. */
    private static final String CODE_HERE = "\u0001";

    private static final Pattern CODE_MARK = Pattern.compile(CODE_HERE);

    private final Deque<String> lines;
    private final StringBuilder html = new StringBuilder();
    private boolean inPart;

    private ProtocolPage(String markdown) {
        this.lines = new ArrayDeque<>(markdown.lines().toList());
    }

    /** The page, with its styles beside it. */
    static String of(String markdown) {
        return """
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <title>The protocol</title>
                <link rel="icon" type="image/svg+xml" href="icon.svg">
                <link rel="stylesheet" href="palette.css">
                <link rel="stylesheet" href="console.css">
                <link rel="stylesheet" href="walk.css">
                </head>
                <body>
                <header class="document">
                <p><a href="../">Console</a></p>
                </header>
                <main class="document">
                %s</main>
                </body>
                </html>
                """.formatted(new ProtocolPage(markdown).read());
    }

    private String read() {
        while (!lines.isEmpty()) {
            String line = lines.peek();
            if (line.isBlank() || line.equals("---")) {
                lines.pop();
            } else if (line.startsWith("```")) {
                code();
            } else if (line.startsWith("|")) {
                table();
            } else if (HEADING.matcher(line).matches()) {
                heading(lines.pop());
            } else if (BULLET.matcher(line).matches()) {
                list(BULLET, 1, "<ul>", "</ul>");
            } else if (NUMBERED.matcher(line).matches()) {
                list(NUMBERED, 2, "<ol start=\"" + line.substring(0, line.indexOf('.')) + "\">", "</ol>");
            } else {
                html.append("<p>").append(inline(paragraph())).append("</p>\n");
            }
        }
        return html.toString();
    }

    /** One title, then parts with sections. */
    private void heading(String line) {
        Matcher heading = HEADING.matcher(line);
        if (heading.matches()) {
            String text = heading.group(2);
            boolean isTitle = html.isEmpty();
            inPart |= !isTitle && heading.group(1).length() == 1;
            int level = isTitle ? 1 : heading.group(1).length() == 1 || !inPart ? 2 : 3;
            Matcher section = SECTION.matcher(text);
            String id = (section.matches() ? section.group(1) : text.replaceAll("[^A-Za-z0-9]+", "-"))
                    .toLowerCase(Locale.ROOT);
            html.append("<h%d id=\"%s\">%s</h%1$d>\n".formatted(level, id, inline(text)));
        }
    }

    private void code() {
        lines.pop();
        List<String> code = new ArrayList<>();
        while (!lines.isEmpty() && !lines.peek().startsWith("```")) {
            code.add(lines.pop());
        }
        lines.poll();
        html.append("<pre tabindex=\"0\" role=\"group\" aria-label=\"Example\">")
                .append(Answers.escape(String.join("\n", code)))
                .append("</pre>\n");
    }

    private void table() {
        html.append("<table>\n<thead>")
                .append(row(lines.pop(), "th scope=\"col\"", "th"))
                .append("</thead>\n<tbody>\n");
        lines.pop();
        while (!lines.isEmpty() && lines.peek().startsWith("|")) {
            html.append(row(lines.pop(), "td", "td"));
        }
        html.append("</tbody>\n</table>\n");
    }

    private static String row(String line, String start, String end) {
        return Arrays.stream(line.substring(1, line.lastIndexOf('|')).split("\\|", -1))
                .map(cell -> "<" + start + ">" + inline(cell.strip()) + "</" + end + ">")
                .collect(Collectors.joining("", "<tr>", "</tr>\n"));
    }

    private void list(Pattern item, int group, String start, String end) {
        html.append(start).append('\n');
        while (!lines.isEmpty()) {
            Matcher next = item.matcher(lines.peek());
            if (!next.matches()) {
                break;
            }
            lines.pop();
            StringBuilder text = new StringBuilder(next.group(group));
            while (!lines.isEmpty() && lines.peek().startsWith("  ")) {
                text.append(' ').append(lines.pop().strip());
            }
            html.append("<li>").append(inline(text.toString())).append("</li>\n");
        }
        html.append(end).append('\n');
    }

    private String paragraph() {
        StringBuilder text = new StringBuilder(lines.pop());
        while (!lines.isEmpty() && !lines.peek().isBlank() && !startsAnother(lines.peek())) {
            text.append(' ').append(lines.pop().strip());
        }
        return text.toString();
    }

    private static boolean startsAnother(String line) {
        return line.startsWith("```")
                || line.startsWith("|")
                || BULLET.matcher(line).matches()
                || NUMBERED.matcher(line).matches();
    }

    private static String inline(String text) {
        Deque<String> spans = new ArrayDeque<>();
        String words = CODE.matcher(text).replaceAll(code -> {
            spans.add("<code>" + Answers.escape(code.group(1)) + "</code>");
            return CODE_HERE;
        });
        String marked = BOLD.matcher(Answers.escape(words)).replaceAll("<strong>$1</strong>");
        String linked = LINK.matcher(EMPHASIS.matcher(marked).replaceAll("<em>$1</em>"))
                .replaceAll(link -> Matcher.quoteReplacement(link(link.group(1), link.group(2))));
        return CODE_MARK.matcher(linked).replaceAll(mark -> Matcher.quoteReplacement(spans.remove()));
    }

    /** Its neighbours in the repository are not served here. */
    private static String link(String text, String target) {
        return target.startsWith("https://") || target.startsWith("#")
                ? "<a href=\"" + target + "\" rel=\"noreferrer\">" + text + "</a>"
                : text;
    }
}
