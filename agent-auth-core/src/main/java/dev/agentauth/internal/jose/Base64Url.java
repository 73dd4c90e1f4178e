package dev.agentauth.internal.jose;

import java.util.Base64;
import java.util.Optional;

/** Base64url in its one canonical spelling: no padding, no other alphabet, no white space, unused bits zero. */
public final class Base64Url {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    // By character: which kind of digit comes next cannot be foreseen, and comparisons took a third of authenticating a
    // token.
    private static final boolean[] DIGITS = new boolean[128];

    static {
        ALPHABET.chars().forEach(digit -> DIGITS[digit] = true);
    }

    private Base64Url() {}

    /** Empty if the text is not the canonical spelling of some octets. */
    static Optional<byte[]> decode(String text) {
        return hasOnlyDigits(text) && isCanonical(text)
                ? Optional.of(Base64.getUrlDecoder().decode(text))
                : Optional.empty();
    }

    static String encode(byte[] octets) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }

    /** Whether a text has no other characters than those of the alphabet. */
    public static boolean hasOnlyDigits(String text) {
        return hasOnlyDigits(text, 0);
    }

    /** The same of all behind a prefix, which is not looked at. */
    public static boolean hasOnlyDigits(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            if (!isDigit(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** What the last of the digits holds beyond whole octets must be zero, or several texts would mean the same. */
    private static boolean isCanonical(String digits) {
        return switch (digits.length() % 4) {
            case 0 -> true;
            case 2 -> lastDigit(digits) % 16 == 0;
            case 3 -> lastDigit(digits) % 4 == 0;
            default -> false;
        };
    }

    private static int lastDigit(String digits) {
        return ALPHABET.indexOf(digits.charAt(digits.length() - 1));
    }

    private static boolean isDigit(char c) {
        return c < DIGITS.length && DIGITS[c];
    }
}
