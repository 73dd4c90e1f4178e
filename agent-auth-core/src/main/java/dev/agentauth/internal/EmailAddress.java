package dev.agentauth.internal;

import dev.agentauth.SecretHash;
import java.util.Optional;
import java.util.Set;

/** Plain e-mail addresses: what we mail to and what we compare users by. */
public final class EmailAddress {
    private static final int MAX_LENGTH = 254;
    private static final int MAX_LOCAL_LENGTH = 64;
    private static final int MAX_LABEL_LENGTH = 63;
    private static final int LEAST_RECOGNIZABLE = 4;
    private static final Set<String> GMAIL = Set.of("gmail.com", "googlemail.com");
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
                ? Optional.of(fold(text))
                : Optional.empty();
    }

    /** An address with {@code A} to {@code Z} in lower case, and nothing else: the Kelvin sign is no {@code k}. */
    public static String fold(String address) {
        char[] folded = address.toCharArray();
        for (int i = 0; i < folded.length; i++) {
            if (folded[i] >= 'A' && folded[i] <= 'Z') {
                folded[i] = (char) (folded[i] + ('a' - 'A'));
            }
        }
        return new String(folded);
    }

    /** What an address is looked up by where it must not be kept itself; the same in whatever case it is spelled. */
    public static SecretHash key(String address) {
        return SecretHash.ofParts("email", fold(address));
    }

    /**
     * What mails to an address are counted under: one mailbox, however it is spelled. The {@code +tag} goes, and at Gmail
     * the dots as well. Good for nothing but counting: elsewhere these spellings may be different people.
     */
    public static String limitKey(String address) {
        String folded = fold(address);
        int at = folded.lastIndexOf('@');
        if (at < 1) {
            return folded;
        }
        int plus = folded.indexOf('+');
        String local = folded.substring(0, plus > 0 && plus < at ? plus : at);
        String host = folded.substring(at + 1);
        return GMAIL.contains(host) ? local.replace(".", "") + "@gmail.com" : local + "@" + host;
    }

    /** What of an address may stand in a log: its first character and its domain. */
    public static String masked(String normalized) {
        return normalized.charAt(0) + "***" + normalized.substring(normalized.indexOf('@'));
    }

    /** What of an address is enough for its owner to know it by, and for nobody else to write to it. */
    public static String recognizable(String normalized) {
        int at = normalized.indexOf('@');
        String last = at < LEAST_RECOGNIZABLE ? "" : normalized.substring(at - 1, at);
        return normalized.charAt(0) + "\u2026" + last + normalized.substring(at);
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
