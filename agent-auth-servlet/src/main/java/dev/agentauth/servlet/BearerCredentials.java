package dev.agentauth.servlet;

import dev.agentauth.internal.wire.AccessTokenForm;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Enumeration;
import java.util.List;

/**
 * What the {@code Authorization} header holds, of which there is at most one (RFC 6750, section 2.1; RFC 9110, section 11.4).
 *
 * @param token empty unless there is one bearer token
 */
record BearerCredentials(Kind kind, String token) {
    private static final String SCHEME = "Bearer";
    private static final BearerCredentials NONE = new BearerCredentials(Kind.NONE, "");
    private static final BearerCredentials SEVERAL = new BearerCredentials(Kind.SEVERAL, "");

    enum Kind {
        /** No header, or one with another scheme. */
        NONE,
        /** More than one header. */
        SEVERAL,
        /** Bearer, and no token in its grammar. */
        UNREADABLE,
        /** A token that does not look like one of ours. */
        FOREIGN,
        /** A token that does. */
        OURS
    }

    static BearerCredentials of(HttpServletRequest request) {
        Enumeration<String> headers = request.getHeaders("Authorization");
        if (!headers.hasMoreElements()) {
            return NONE;
        }
        String header = headers.nextElement();
        return headers.hasMoreElements() ? SEVERAL : of(header);
    }

    static BearerCredentials of(List<String> headers) {
        return switch (headers.size()) {
            case 0 -> NONE;
            case 1 -> of(headers.get(0));
            default -> SEVERAL;
        };
    }

    private static BearerCredentials of(String header) {
        if (!isBearer(header)) {
            return NONE;
        }
        String token = token(header);
        if (token.isEmpty()) {
            return new BearerCredentials(Kind.UNREADABLE, "");
        }
        return new BearerCredentials(AccessTokenForm.matches(token) ? Kind.OURS : Kind.FOREIGN, token);
    }

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

    /** Never the token. */
    @Override
    public String toString() {
        return "BearerCredentials[" + kind + "]";
    }
}
