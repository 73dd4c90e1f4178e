package dev.agentauth.internal.token;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Scope lists (RFC 6749, section 3.3). */
public final class Scopes {
    private Scopes() {}

    /** The scopes that a ceiling leaves, in the same order; all of them without a ceiling. */
    public static List<String> cut(List<String> scopes, @Nullable Set<String> ceiling) {
        if (ceiling == null) {
            return scopes;
        }
        List<String> left = new ArrayList<>(scopes.size());
        for (String scope : scopes) {
            if (ceiling.contains(scope)) {
                left.add(scope);
            }
        }
        return left;
    }

    /** Splits at single spaces; empty if the text is not a list of scope tokens. */
    static Optional<Set<String>> parse(String text) {
        Set<String> scopes = new LinkedHashSet<>();
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || text.charAt(i) == ' ') {
                if (i == start) {
                    return Optional.empty();
                }
                scopes.add(text.substring(start, i));
                start = i + 1;
            }
        }
        return Optional.of(scopes);
    }
}
