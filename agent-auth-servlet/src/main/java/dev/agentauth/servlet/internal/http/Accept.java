package dev.agentauth.servlet.internal.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a request would rather have (RFC 9110, section 12.5.1). Parameters other than {@code q} mean nothing to
 * us, and ranges that are not well-formed count for nothing. */
public final class Accept {
    /** A quality of 0 to 1 with at most three decimals (RFC 9110, section 12.4.2). */
    private static final Pattern QUALITY = Pattern.compile("0(\\.[0-9]{0,3})?|1(\\.0{0,3})?");

    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final Pattern RANGE = Pattern.compile("(" + TOKEN + ")/(" + TOKEN + ")");

    /** The quality is in thousandths. */
    private record Range(String type, String subtype, int quality) {
        private static final String ANY = "*";

        /** How closely it says what is meant; 0: something else. */
        int closeness(String wantedType, String wantedSubtype) {
            if (type.equals(wantedType)) {
                return subtype.equals(wantedSubtype) ? 3 : subtype.equals(ANY) ? 2 : 0;
            }
            return type.equals(ANY) && subtype.equals(ANY) ? 1 : 0;
        }
    }

    private final List<Range> ranges;

    private Accept(List<Range> ranges) {
        this.ranges = ranges;
    }

    /** Reads the request's header, however many times it is there. */
    public static Accept of(HttpServletRequest request) {
        return of(Collections.list(request.getHeaders("Accept")));
    }

    static Accept of(List<String> headers) {
        List<Range> ranges = new ArrayList<>();
        for (String header : headers) {
            for (String element : split(header, ',')) {
                range(element).ifPresent(ranges::add);
            }
        }
        return new Accept(ranges);
    }

    /** Whether it would rather have Markdown than JSON: where both are as welcome, only if it names it. */
    public boolean prefersMarkdown() {
        Optional<Range> markdown = closest("text", "markdown");
        int quality = markdown.map(Range::quality).orElse(0);
        int other = closest("application", "json").map(Range::quality).orElse(0);
        boolean named =
                markdown.filter(range -> range.subtype().equals("markdown")).isPresent();
        return quality > other || (quality > 0 && quality == other && named);
    }

    /** Whether it asks for a page by name, as browsers do and programs mostly do not. */
    public boolean namesHtml() {
        return closest("text", "html")
                .filter(range -> range.subtype().equals("html") && range.quality() > 0)
                .isPresent();
    }

    /** Whether it would rather have JSON than a page: not where both are as welcome. */
    public boolean prefersJson() {
        return quality("application", "json") > quality("text", "html");
    }

    private int quality(String type, String subtype) {
        return closest(type, subtype).map(Range::quality).orElse(0);
    }

    /** Of several that are as close, the one of the highest quality. */
    private Optional<Range> closest(String type, String subtype) {
        Range closest = null;
        for (Range range : ranges) {
            int closeness = range.closeness(type, subtype);
            int before = closest == null ? 0 : closest.closeness(type, subtype);
            if (closeness > before || (closest != null && closeness == before && range.quality() > closest.quality())) {
                closest = range;
            }
        }
        return Optional.ofNullable(closest);
    }

    private static Optional<Range> range(String element) {
        List<String> parts = split(element, ';');
        Matcher range = RANGE.matcher(parts.get(0).strip());
        if (!range.matches()) {
            return Optional.empty();
        }
        int quality = 1000;
        for (String part : parts.subList(1, parts.size())) {
            int equals = part.indexOf('=');
            if (equals >= 0 && part.substring(0, equals).strip().equalsIgnoreCase("q")) {
                String value = part.substring(equals + 1).strip();
                if (!QUALITY.matcher(value).matches()) {
                    return Optional.empty();
                }
                quality = (int) Math.round(Double.parseDouble(value) * 1000);
            }
        }
        return Optional.of(new Range(
                range.group(1).toLowerCase(Locale.ROOT), range.group(2).toLowerCase(Locale.ROOT), quality));
    }

    /** At each separator that stands outside of quotes. */
    private static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == separator && !quoted) {
                parts.add(text.substring(start, i));
                start = i + 1;
            }
        }
        parts.add(text.substring(start));
        return parts;
    }
}
