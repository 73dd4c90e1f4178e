package dev.agentauth.registration;

import dev.agentauth.Problem;
import dev.agentauth.SecretHash;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The six digits that a person reads to the agent, as far as a store may know them.
 *
 * @param hash see {@link #hash(String, String)}
 * @param expiresAt the first instant at which it is no longer good
 * @param wrongGuesses how often a wrong code was tried, here or as the typed one, while this one was out
 * @param revealedBy the user whom the page showed it to, where the page knew who that was; that user alone is bound by it
 * @param shown what it takes to show it again, and when that was first done; null if it cannot be shown again
 * @since 0.2.0
 */
public record OneTimeCode(
        SecretHash hash,
        Instant expiresAt,
        int wrongGuesses,
        @Nullable String revealedBy,
        @Nullable Shown shown) {

    /** How many wrong guesses void a code. */
    public static final int MAX_WRONG_GUESSES = 5;

    /** Checks that hash and expiry are there. */
    public OneTimeCode {
        Objects.requireNonNull(hash);
        Objects.requireNonNull(expiresAt);
    }

    /**
     * A code that the page showed to whoever had the mailed link.
     *
     * @param hash see {@link #hash(String, String)}
     * @param expiresAt the first instant at which it is no longer good
     * @param wrongGuesses how often a wrong code was tried while this one was out
     */
    public OneTimeCode(SecretHash hash, Instant expiresAt, int wrongGuesses) {
        this(hash, expiresAt, wrongGuesses, null, null);
    }

    /**
     * A code that can be shown again to whoever has the token in the link, and to nobody without it: its digits follow from
     * that token, which no store has, and from the seed, which nobody else has.
     *
     * @param at when it was shown
     * @param seed random, at least 128 bits; a new one for each code
     */
    public record Shown(Instant at, String seed) {

        /** Checks that both are there. */
        public Shown {
            Objects.requireNonNull(at);
            Objects.requireNonNull(seed);
        }

        /**
         * The code for a link.
         *
         * @param attemptToken the token in the link
         * @return six digits, each code as likely as any other
         */
        public String digits(String attemptToken) {
            byte[] hash = SecretHash.ofParts("shown code", attemptToken, seed).bytes();
            long number = ByteBuffer.wrap(hash).getLong() & Long.MAX_VALUE;
            return String.format(Locale.ROOT, "%06d", number % 1_000_000);
        }

        /** Shows no seed. */
        @Override
        public String toString() {
            return "Shown[" + at + "]";
        }
    }

    /**
     * The digits, if the token is that of the link that they were shown behind.
     *
     * @param attemptId the attempt that the code belongs to
     * @param attemptToken the token in the link
     * @param now the instant of asking
     * @return empty if it was shown behind another link, or can no longer be tried
     */
    public Optional<String> shownAgain(String attemptId, String attemptToken, Instant now) {
        return shown == null || problem(now).isPresent()
                ? Optional.empty()
                : Optional.of(shown.digits(attemptToken))
                        .filter(digits -> hash(attemptId, digits).equals(hash));
    }

    /**
     * Hashes a code for one attempt. The salt keeps equal codes apart; what protects a code is not its hash but the
     * claim token and the lock-out.
     *
     * @param attemptId the attempt that the code belongs to
     * @param digits the six digits
     * @return the salted SHA-256
     */
    public static SecretHash hash(String attemptId, String digits) {
        return SecretHash.ofParts(attemptId, digits);
    }

    /** Why it cannot be tried; empty if it can. */
    Optional<Problem> problem(Instant now) {
        if (!now.isBefore(expiresAt)) {
            return Optional.of(Problem.CODE_LAPSED);
        }
        return wrongGuesses >= MAX_WRONG_GUESSES ? Optional.of(Problem.CODE_VOID) : Optional.empty();
    }

    OneTimeCode wrongGuess() {
        return new OneTimeCode(hash, expiresAt, wrongGuesses + 1, revealedBy, shown);
    }
}
