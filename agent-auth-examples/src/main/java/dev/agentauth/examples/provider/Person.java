package dev.agentauth.examples.provider;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Somebody who can sign in at the sample provider: Alice and Bob, who have accounts at the demo service too, and guests,
 * who have none there.
 *
 * @param email the address that the provider has verified
 * @param subject what the provider calls the person towards services: opaque, and always the same
 */
record Person(String email, String subject) {
    private static final Pattern KNOWN =
            Pattern.compile("alice@example\\.com|bob@example\\.com|guest(-[a-z0-9-]{1,40})?@example\\.com");

    /** Finds a person; empty if nobody here has that address. */
    static Optional<Person> find(String issuer, String email) {
        return KNOWN.matcher(email).matches()
                ? Optional.of(new Person(email, subject(issuer, email)))
                : Optional.empty();
    }

    private static String subject(String issuer, String email) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest((issuer + "\n" + email).getBytes(StandardCharsets.UTF_8));
            return "usr_" + HexFormat.of().formatHex(digest, 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
