package dev.agentauth.internal.wire;

import java.util.List;
import java.util.stream.Collectors;

/** Text from a configuration, so that it stands in Markdown as it is (CommonMark, and tables as GitHub has them). */
final class Markdown {
    private static final String SPECIAL = "\\`*_{}[]<>()#+!|~&";

    private Markdown() {}

    /** Ordinary text. */
    static String text(String text) {
        StringBuilder escaped = new StringBuilder();
        text.chars().forEach(c -> {
            if (SPECIAL.indexOf(c) >= 0) {
                escaped.append('\\');
            }
            escaped.append((char) c);
        });
        return escaped.toString();
    }

    /** A code span: fenced by more backticks than it holds, and kept apart from those at its ends. */
    static String code(String text) {
        int longest = 0;
        int run = 0;
        for (int i = 0; i < text.length(); i++) {
            run = text.charAt(i) == '`' ? run + 1 : 0;
            longest = Math.max(longest, run);
        }
        String fence = "`".repeat(longest + 1);
        String space = text.startsWith("`") || text.endsWith("`") ? " " : "";
        return fence + space + text + space + fence;
    }

    /** Code spans for a cell of a table, which a bar would end even there. */
    static String cell(List<String> texts) {
        return texts.stream()
                .map(Markdown::code)
                .collect(Collectors.joining(", "))
                .replace("|", "\\|");
    }

    /** A word of a shell's command: quoted if the shell would read more than a word. */
    static String shell(String word) {
        return word.matches("[A-Za-z0-9:/._~%+@=,-]+") ? word : quoted(word);
    }

    /** A word of a shell's command, between quotes in any case. */
    static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }
}
