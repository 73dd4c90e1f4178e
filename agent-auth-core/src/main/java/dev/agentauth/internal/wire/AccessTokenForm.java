package dev.agentauth.internal.wire;

/** What an access token of this library looks like, whoever issued it. */
public final class AccessTokenForm {
    private static final String PREFIX = "at_";

    /** The prefix, and 192 bits. */
    private static final int LENGTH = PREFIX.length() + 32;

    private AccessTokenForm() {}

    /** Whether a text has the form. One that has not is none of ours, and may be somebody else's. */
    public static boolean matches(String token) {
        if (token.length() != LENGTH || !token.startsWith(PREFIX)) {
            return false;
        }
        for (int i = PREFIX.length(); i < LENGTH; i++) {
            if (!isBase64Url(token.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isBase64Url(char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }
}
