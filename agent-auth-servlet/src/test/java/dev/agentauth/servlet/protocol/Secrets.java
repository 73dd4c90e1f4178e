package dev.agentauth.servlet.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Every secret, and every address, that has crossed a wire in this test; none of them may turn up in any output. */
final class Secrets {
    private static final Pattern TOKEN =
            Pattern.compile("(?:(?:clm|cvt|svt|at)_[A-Za-z0-9_-]{32}|rt_reg_[A-Za-z0-9_-]{80})");
    private static final Pattern JWT = Pattern.compile("eyJ[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");
    private static final Pattern CODE = Pattern.compile("\"(?:challenge|user_code)\":\"(\\d{6})\"");
    private static final Pattern ADDRESS = Pattern.compile("[A-Za-z0-9.+_-]+(?:@|%40)[A-Za-z0-9.-]+\\.[a-z]{2,}");
    private static final Set<String> SEEN = ConcurrentHashMap.newKeySet();

    private Secrets() {}

    static void forgetAll() {
        SEEN.clear();
    }

    static void note(String secret) {
        SEEN.add(secret);
    }

    static void noteRequest(byte[] body) {
        if (body.length < 20_000) {
            String text = new String(body, StandardCharsets.UTF_8);
            noteAll(TOKEN, text);
            noteAll(JWT, text);
            noteAll(ADDRESS, text.replace("%40", "@"));
        }
    }

    static void noteAnswer(Answer answer) {
        String text = answer.text();
        if (!text.startsWith("# auth.md")) {
            noteAll(TOKEN, text);
            noteAll(JWT, text);
            noteAll(CODE, text);
        }
    }

    /** Which of them stand in a text. */
    static Set<String> foundIn(String text) {
        Set<String> found = new TreeSet<>();
        String folded = text.toLowerCase(Locale.ROOT);
        for (String secret : SEEN) {
            String needle = secret.toLowerCase(Locale.ROOT);
            if (folded.contains(needle)
                    && Pattern.compile("(?<![a-z0-9_-])" + Pattern.quote(needle) + "(?![a-z0-9_-])")
                            .matcher(folded)
                            .find()) {
                found.add(secret);
            }
        }
        return found;
    }

    static int count() {
        return SEEN.size();
    }

    private static void noteAll(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            SEEN.add(matcher.groupCount() == 0 ? matcher.group() : matcher.group(1));
        }
    }
}
