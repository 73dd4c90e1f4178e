package dev.agentauth.servlet;

/** The value of one {@code Authorization} header (RFC 6750, section 2.1; RFC 9110, section 11.4). */
final class BearerCredentials {
    private static final String SCHEME = "Bearer";

    private BearerCredentials() {}

    /** Whether the scheme is Bearer, in any case. */
    static boolean isBearer(String header) {
        return header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                && (header.length() == SCHEME.length() || !Ascii.isTokenCharacter(header.charAt(SCHEME.length())));
    }

    /** The token behind Bearer and one space or more; empty if what stands there is no b64token. */
    static String token(String header) {
        int start = SCHEME.length();
        while (start < header.length() && header.charAt(start) == ' ') {
            start++;
        }
        if (start == SCHEME.length()) {
            return "";
        }
        int end = header.length();
        while (end > start && header.charAt(end - 1) == '=') {
            end--;
        }
        for (int i = start; i < end; i++) {
            if (!isB64Character(header.charAt(i))) {
                return "";
            }
        }
        return end == start ? "" : header.substring(start);
    }

    private static boolean isB64Character(char c) {
        return Ascii.isLetterOrDigit(c) || "-._~+/".indexOf(c) >= 0;
    }
}
