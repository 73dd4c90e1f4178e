package dev.agentauth.keys;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** How long an answer may be used without asking again: RFC 9111, sections 4.2 and 5.2.2, within bounds of our own. */
final class Freshness {
    static final Duration LEAST = Duration.ofMinutes(10);
    static final Duration MOST = Duration.ofHours(24);

    private Freshness() {}

    /** What is left of {@code max-age}, and the least that we ever take where that is not known or not wished. */
    static Duration of(HttpHeaders headers) {
        long left = maxAge(headers)
                - headers.firstValue("Age").map(Freshness::seconds).orElse(0L);
        return Duration.ofSeconds(Math.max(LEAST.toSeconds(), Math.min(left, MOST.toSeconds())));
    }

    private static long maxAge(HttpHeaders headers) {
        Optional<Long> maxAge = Optional.empty();
        for (String line : headers.allValues("Cache-Control")) {
            for (String part : line.split(",", -1)) {
                String directive = part.strip().toLowerCase(Locale.ROOT);
                if (directive.equals("no-store") || directive.equals("no-cache") || directive.startsWith("no-cache=")) {
                    return 0;
                }
                // Of two, the first counts: RFC 9111, section 4.2.1.
                if (directive.startsWith("max-age=") && maxAge.isEmpty()) {
                    maxAge = Optional.of(seconds(directive.substring("max-age=".length())));
                }
            }
        }
        return maxAge.orElse(0L);
    }

    /** A number, also a quoted one (RFC 9111, section 5.2); anything else is worth nothing. */
    private static long seconds(String text) {
        boolean quoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
        String digits = quoted ? text.substring(1, text.length() - 1) : text;
        if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return 0;
        }
        // Numbers beyond every int are as good as the largest: RFC 9111, section 1.2.2.
        return digits.length() > 10 ? Integer.MAX_VALUE : Math.min(Long.parseLong(digits), Integer.MAX_VALUE);
    }
}
