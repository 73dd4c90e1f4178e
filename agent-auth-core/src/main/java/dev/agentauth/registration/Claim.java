package dev.agentauth.registration;

import dev.agentauth.SecretHash;
import java.time.Instant;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What lets a person take ownership of a registration: whatever outlives a single attempt.
 *
 * @param tokenHash hash of the claim token that the agent holds
 * @param expiresAt the first instant at which nobody can claim any more
 * @param attempt the newest attempt, if anybody was asked
 * @param wrongGuesses wrong codes over the life of the registration; never reset
 * @param recipients salted hashes of the addresses that were ever mailed
 * @param refusals salted hashes of the addresses whose owner said no, see {@link Registration#refused}
 * @since 0.2.0
 */
public record Claim(
        SecretHash tokenHash,
        Instant expiresAt,
        @Nullable Attempt attempt,
        int wrongGuesses,
        Set<SecretHash> recipients,
        Set<SecretHash> refusals) {

    /** How many wrong guesses, over all codes and attempts, end a claim. */
    public static final int MAX_WRONG_GUESSES = 20;

    /** How many addresses a registration can have mailed in its life. */
    public static final int MAX_RECIPIENTS = 5;

    /** Copies the sets and checks that nothing required is missing. */
    public Claim {
        Objects.requireNonNull(tokenHash);
        Objects.requireNonNull(expiresAt);
        recipients = Set.copyOf(recipients);
        refusals = Set.copyOf(refusals);
    }

    /**
     * A claim that nobody has been asked for yet.
     *
     * @param tokenHash hash of the claim token
     * @param expiresAt until when it can be claimed
     * @return the claim
     */
    public static Claim open(SecretHash tokenHash, Instant expiresAt) {
        return new Claim(tokenHash, expiresAt, null, 0, Set.of(), Set.of());
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
        return new Claim(newTokenHash, expiresAt, attempt, wrongGuesses, recipients, refusals);
    }

    Claim withAttempt(Attempt newAttempt) {
        return new Claim(tokenHash, expiresAt, newAttempt, wrongGuesses, recipients, refusals);
    }

    Claim wrongGuess(Attempt guessedAt) {
        return new Claim(tokenHash, expiresAt, guessedAt.wrongGuess(), wrongGuesses + 1, recipients, refusals);
    }

    Claim withRefusal(SecretHash refusal) {
        return new Claim(tokenHash, expiresAt, attempt, wrongGuesses, recipients, with(refusals, refusal));
    }

    /** Whether an address can be asked: one that was asked before always can. */
    boolean hasRoomFor(SecretHash recipient) {
        return recipients.size() < MAX_RECIPIENTS || recipients.contains(recipient);
    }

    Claim asking(Attempt newAttempt, SecretHash recipient) {
        return new Claim(tokenHash, expiresAt, newAttempt, wrongGuesses, with(recipients, recipient), refusals);
    }

    private static Set<SecretHash> with(Set<SecretHash> some, SecretHash one) {
        Set<SecretHash> more = new HashSet<>(some);
        more.add(one);
        return more;
    }
}
