package dev.agentauth.registration;

import dev.agentauth.SecretHash;
import java.time.Instant;
import java.util.Objects;

/**
 * The six digits that a person reads to the agent, as far as a store may know them.
 *
 * @param hash see {@link #hash(String, String)}
 * @param expiresAt the first instant at which it is no longer good
 * @param wrongGuesses how often another code was tried while this one was out
 */
public record OneTimeCode(SecretHash hash, Instant expiresAt, int wrongGuesses) {

    /** How many wrong guesses void a code. */
    public static final int MAX_WRONG_GUESSES = 5;

    /** Checks that nothing is missing. */
    public OneTimeCode {
        Objects.requireNonNull(hash);
        Objects.requireNonNull(expiresAt);
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

    boolean isVoid(Instant now) {
        return wrongGuesses >= MAX_WRONG_GUESSES || !now.isBefore(expiresAt);
    }

    OneTimeCode wrongGuess() {
        return new OneTimeCode(hash, expiresAt, wrongGuesses + 1);
    }
}
