package dev.agentauth.registration;

import dev.agentauth.Problem;
import dev.agentauth.SecretHash;
import java.util.Objects;
import java.util.Optional;

/**
 * The six digits that the agent shows and the person types on the page, as far as a store may know them. They are good for
 * as long as the attempt's link.
 *
 * @param hash see {@link #hash(String, String)}
 * @param wrongGuesses how often a wrong code was tried, here or as the one read back, while this one was out
 * @since 0.2.0
 */
public record TypedCode(SecretHash hash, int wrongGuesses) {

    /** Checks that nothing is missing. */
    public TypedCode {
        Objects.requireNonNull(hash);
    }

    /**
     * A code that nobody has tried yet.
     *
     * @param attemptId the attempt that it belongs to
     * @param digits the six digits
     * @return the code
     */
    public static TypedCode of(String attemptId, String digits) {
        return new TypedCode(hash(attemptId, digits), 0);
    }

    /**
     * Hashes a code for one attempt, under another word than {@link OneTimeCode#hash}: the same digits are not the same
     * code there.
     *
     * @param attemptId the attempt that the code belongs to
     * @param digits the six digits
     * @return the salted SHA-256
     */
    public static SecretHash hash(String attemptId, String digits) {
        return SecretHash.ofParts(attemptId, "typed", digits);
    }

    /** Why it cannot be tried, as long as the link is good; empty if it can. */
    Optional<Problem> problem() {
        return wrongGuesses >= OneTimeCode.MAX_WRONG_GUESSES ? Optional.of(Problem.CODE_VOID) : Optional.empty();
    }

    TypedCode wrongGuess() {
        return new TypedCode(hash, wrongGuesses + 1);
    }
}
