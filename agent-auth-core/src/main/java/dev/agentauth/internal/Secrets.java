package dev.agentauth.internal;

import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;

/**
 * All randomness. Several generators, chosen by thread, so that threads do not queue for one.
 */
public final class Secrets {
    private static final int TOKEN_BYTES = 24;
    private static final int ID_BYTES = 12;
    private static final int CODES = 1_000_000;

    private final Source[] sources = new Source[16];
    private final Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();

    /** Seeds the generators from the platform's entropy. */
    public Secrets() {
        Arrays.setAll(sources, i -> new Source());
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
        String digits = Integer.toString(source().code());
        return "0".repeat(6 - digits.length()) + digits;
    }

    private String token(String prefix, int bytes) {
        return prefix + encoder.encodeToString(source().next(bytes));
    }

    private Source source() {
        return sources[(int) (Thread.currentThread().getId() & sources.length - 1)];
    }

    /**
     * A generator, and bytes of it that nobody has had yet: a hundred at once cost little more than the first. What is
     * handed out is not kept.
     */
    private static final class Source {
        private final SecureRandom generator = newGenerator();
        private final byte[] ready = new byte[384];
        private int used = ready.length;

        /** The platform's default on Linux has one lock for all its instances; a DRBG has a state of its own. */
        private static SecureRandom newGenerator() {
            try {
                return SecureRandom.getInstance("DRBG");
            } catch (NoSuchAlgorithmException e) {
                return new SecureRandom();
            }
        }

        int code() {
            return generator.nextInt(CODES);
        }

        synchronized byte[] next(int count) {
            if (ready.length - used < count) {
                generator.nextBytes(ready);
                used = 0;
            }
            int from = used;
            used += count;
            byte[] next = Arrays.copyOfRange(ready, from, used);
            Arrays.fill(ready, from, used, (byte) 0);
            return next;
        }
    }
}
