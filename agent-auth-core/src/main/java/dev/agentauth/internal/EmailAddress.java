package dev.agentauth.internal;

import java.util.Locale;
import java.util.Optional;

/** Plain e-mail addresses: what we mail to and what we compare users by. */
public final class EmailAddress {
    private static final int MAX_LENGTH = 254;
    private static final int MAX_LOCAL_LENGTH = 64;
    private static final int MAX_LABEL_LENGTH = 63;
    private static final String ATOM_PUNCTUATION = "!#$%&'*+-/=?^_`{|}~";

    private EmailAddress() {}

    /**
     * The lower-case form of exactly one address: ASCII, at most 254 characters, a dot-atom before the {@code @} and a
     * host name behind it (RFC 5321, section 4.1.2, without quoted local parts and address literals).
     */
    public static Optional<String> normalize(String text) {
        int at = text.indexOf('@');
        if (text.length() > MAX_LENGTH || at < 1 || at > MAX_LOCAL_LENGTH) {
            return Optional.empty();
        }
        return isDotAtom(text.substring(0, at)) && isHostName(text.substring(at + 1))
                ? Optional.of(text.toLowerCase(Locale.ROOT))
                : Optional.empty();
    }

    /** The address with its {@code +tag} dropped: one mailbox, however it is spelled. */
    public static String mailbox(String normalized) {
        int at = normalized.indexOf('@');
        int plus = normalized.indexOf('+');
        return plus > 0 && plus < at ? normalized.substring(0, plus) + normalized.substring(at) : normalized;
    }

    /** What of an address may stand in a log: its first character and its domain. */
    public static String masked(String normalized) {
        return normalized.charAt(0) + "***" + normalized.substring(normalized.indexOf('@'));
    }

    private static boolean isDotAtom(String text) {
        boolean afterDot = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.' ? afterDot : !isLetterOrDigit(c) && ATOM_PUNCTUATION.indexOf(c) < 0) {
                return false;
            }
            afterDot = c == '.';
        }
        return !afterDot;
    }

    private static boolean isHostName(String text) {
        int label = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.') {
                if (label == 0 || text.charAt(i - 1) == '-') {
                    return false;
                }
                label = 0;
            } else if (isLetterOrDigit(c) || (c == '-' && label > 0)) {
                if (++label > MAX_LABEL_LENGTH) {
                    return false;
                }
            } else {
                return false;
            }
        }
        return label > 0 && text.charAt(text.length() - 1) != '-';
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
