package dev.agentauth.servlet;

import java.util.Locale;

/** See {@link SignIn#isLocal}. */
final class LocalTarget {
    private LocalTarget() {}

    static boolean isOne(String target) {
        if (!target.startsWith("/") || !target.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '\\')) {
            return false;
        }
        String path = target.split("[?#]", 2)[0];
        String[] segments = path.substring(1).split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            // What a container takes away: parameters, and dots in whatever spelling.
            String segment =
                    segments[i].split(";", 2)[0].toLowerCase(Locale.ROOT).replace("%2e", ".");
            boolean isLast = i == segments.length - 1 && segments[i].isEmpty();
            if (segment.equals(".") || segment.equals("..") || (segment.isEmpty() && !isLast)) {
                return false;
            }
        }
        return true;
    }
}
