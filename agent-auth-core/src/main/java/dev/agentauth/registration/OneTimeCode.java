package dev.agentauth.registration;

import dev.agentauth.Problem;
import dev.agentauth.SecretHash;
import java.time.Instant;
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
 * @since 0.2.0
 */
public record OneTimeCode(
        SecretHash hash,
        Instant expiresAt,
        int wrongGuesses,
        @Nullable String revealedBy) {

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
        this(hash, expiresAt, wrongGuesses, null);
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
        return new OneTimeCode(hash, expiresAt, wrongGuesses + 1, revealedBy);
    }
}
