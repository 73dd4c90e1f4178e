package dev.agentauth.servlet.internal.page;

import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Locale.LanguageRange;
import org.jspecify.annotations.Nullable;

/** Which language to answer in (RFC 4647, section 3.4). */
final class Languages {
    /** No browser sends as much, and the JDK's parser takes its time with more. */
    private static final int LONGEST = 500;

    private Languages() {}

    /** The offered language that is read best; the first one where none is, or where nothing sensible was sent. */
    static Locale choose(List<Locale> offered, @Nullable Enumeration<String> acceptLanguage) {
        String ranges = acceptLanguage == null ? "" : String.join(",", Collections.list(acceptLanguage));
        if (ranges.isBlank() || ranges.length() > LONGEST) {
            return offered.get(0);
        }
        try {
            Locale best = Locale.lookup(LanguageRange.parse(ranges), offered);
            return best == null ? offered.get(0) : best;
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            // The second is what the JDK's parser throws for commas alone.
            return offered.get(0);
        }
    }
}
