package dev.agentauth.internal;

import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * All randomness. Several generators, chosen by thread, so that threads do not queue for one.
 */
public final class Secrets {
    private static final int TOKEN_BYTES = 24;
    private static final int ID_BYTES = 12;
    private static final int CODES = 1_000_000;

    private final SecureRandom[] generators = new SecureRandom[16];
    private final Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();

    /** Seeds the generators from the platform's entropy. */
    public Secrets() {
        for (int i = 0; i < generators.length; i++) {
            generators[i] = newGenerator();
        }
    }

    /** A claim token: 192 bits. */
    public String claimToken() {
        return token("clm_", TOKEN_BYTES);
    }

    /** An attempt token: 192 bits. */
    public String attemptToken() {
        return token("cvt_", TOKEN_BYTES);
    }

    /** A sign-in token, which stands for an attempt without proving anything: 192 bits. */
    public String signInToken() {
        return token("svt_", TOKEN_BYTES);
    }

    /** An access token: 192 bits. */
    public String accessToken() {
        return token("at_", TOKEN_BYTES);
    }

    /** Half of what is secret in a refresh token: 192 bits, 32 characters. */
    public String refreshTokenPart() {
        return token("", TOKEN_BYTES);
    }

    /** The id of a registration, an attempt, a JWT or an event: unique, not secret. */
    public String id(String prefix) {
        return token(prefix, ID_BYTES);
    }

    /** What a code follows from that can be shown again: 192 bits. */
    public String codeSeed() {
        return token("", TOKEN_BYTES);
    }

    /** Six digits, each code as likely as any other. */
    public String code() {
        String digits = Integer.toString(generator().nextInt(CODES));
        return "0".repeat(6 - digits.length()) + digits;
    }

    private String token(String prefix, int bytes) {
        byte[] random = new byte[bytes];
        generator().nextBytes(random);
        return prefix + encoder.encodeToString(random);
    }

    /** The platform's default on Linux has one lock for all its instances; a DRBG has a state of its own. */
    private static SecureRandom newGenerator() {
        try {
            return SecureRandom.getInstance("DRBG");
        } catch (NoSuchAlgorithmException e) {
            return new SecureRandom();
        }
    }

    private SecureRandom generator() {
        return generators[(int) (Thread.currentThread().getId() & generators.length - 1)];
    }
}
