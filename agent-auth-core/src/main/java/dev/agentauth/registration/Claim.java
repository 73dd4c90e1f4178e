package dev.agentauth.registration;

import dev.agentauth.SecretHash;
import java.time.Instant;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What lets a person take ownership of a registration.
 *
 * @param tokenHash hash of the claim token that the agent holds
 * @param expiresAt the first instant at which nobody can claim any more
 * @param recipient the lower-case address of the person who is being asked, if anybody is
 * @param attempt the newest attempt, if any
 * @param wrongGuesses wrong codes over the life of the registration; never reset
 * @param refusals salted hashes of the addresses whose owner said no, see {@link Registration#refused}
 */
public record Claim(
        SecretHash tokenHash,
        Instant expiresAt,
        @Nullable String recipient,
        @Nullable Attempt attempt,
        int wrongGuesses,
        Set<SecretHash> refusals) {

    /** How many wrong guesses, over all codes and attempts, end a claim. */
    public static final int MAX_WRONG_GUESSES = 20;

    /** Copies the refusals and checks that nothing required is missing. */
    public Claim {
        Objects.requireNonNull(tokenHash);
        Objects.requireNonNull(expiresAt);
        refusals = Set.copyOf(refusals);
    }

    /**
     * A claim that nobody has been asked for yet.
     *
     * @param tokenHash hash of the claim token
     * @param expiresAt until when it can be claimed
     * @param recipient who will be asked, if that is known already
     * @return the claim
     */
    public static Claim open(SecretHash tokenHash, Instant expiresAt, @Nullable String recipient) {
        return new Claim(tokenHash, expiresAt, recipient, null, 0, Set.of());
    }

    /**
     * Whether too many wrong codes have been tried over the life of the registration.
     *
     * @return true from the twentieth wrong guess on
     */
    public boolean isGuessedOut() {
        return wrongGuesses >= MAX_WRONG_GUESSES;
    }

    Claim withToken(SecretHash newTokenHash) {
        return new Claim(newTokenHash, expiresAt, recipient, attempt, wrongGuesses, refusals);
    }

    Claim withAttempt(@Nullable String newRecipient, @Nullable Attempt newAttempt) {
        return new Claim(tokenHash, expiresAt, newRecipient, newAttempt, wrongGuesses, refusals);
    }

    Claim wrongGuess(Attempt guessedAt, OneTimeCode code) {
        return new Claim(
                tokenHash, expiresAt, recipient, guessedAt.withCode(code.wrongGuess()), wrongGuesses + 1, refusals);
    }

    Claim withRefusal(SecretHash refusal) {
        Set<SecretHash> more = new HashSet<>(refusals);
        more.add(refusal);
        return new Claim(tokenHash, expiresAt, recipient, attempt, wrongGuesses, more);
    }

    /** Never shows the address in full. */
    @Override
    public String toString() {
        return "Claim[expiresAt=" + expiresAt + ", attempt=" + (attempt == null ? "none" : attempt.id())
                + ", wrongGuesses=" + wrongGuesses + "]";
    }
}
