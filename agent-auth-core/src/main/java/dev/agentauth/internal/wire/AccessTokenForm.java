package dev.agentauth.internal.wire;

import dev.agentauth.internal.jose.Base64Url;

/** What an access token of this library looks like, whoever issued it. */
public final class AccessTokenForm {
    private static final String PREFIX = "at_";

    /** The prefix, and 192 bits. */
    private static final int LENGTH = PREFIX.length() + 32;

    private AccessTokenForm() {}

    /** Whether a text has the form. One that has not is none of ours, and may be somebody else's. */
    public static boolean matches(String token) {
        return token.length() == LENGTH && token.startsWith(PREFIX) && Base64Url.hasOnlyDigits(token, PREFIX.length());
    }
}
