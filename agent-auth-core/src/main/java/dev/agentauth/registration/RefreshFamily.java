package dev.agentauth.registration;

import dev.agentauth.SecretHash;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The refresh tokens of a registration: one that was handed out when it was claimed, and whatever has come of it since. It
 * belongs to an epoch of its registration, and is dead in any other.
 *
 * @param nameHash hash of what all its tokens have in common; whoever knows it has held one of them
 * @param out hashes of the tokens that are out: one, or several that agents who refresh in parallel were given for one
 * @param spent hash of the token that the ones that are out were given for; null before the first use
 * @param spentAt when that one was first used; null before the first use
 * @param expiresAt the first instant at which nothing of it is good any more
 * @param epoch the epoch that it belongs to
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9700#section-4.14.2">RFC 9700, section 4.14.2</a>
 * @since 0.2.0
 */
public record RefreshFamily(
        SecretHash nameHash,
        Set<SecretHash> out,
        @Nullable SecretHash spent,
        @Nullable Instant spentAt,
        Instant expiresAt,
        long epoch) {

    /** How many tokens can be out at once. */
    public static final int MAX_OUT = 16;

    /** For how long after its first use a token is still good for one more: a minute, and the minute that clocks differ by. */
    public static final Duration LEEWAY = Duration.ofMinutes(2);

    /** Copies the set and checks that the facts fit together. */
    public RefreshFamily {
        Objects.requireNonNull(nameHash);
        Objects.requireNonNull(expiresAt);
        out = Set.copyOf(out);
        if (out.isEmpty() || out.size() > MAX_OUT) {
            throw new IllegalArgumentException("one to " + MAX_OUT + " tokens are out");
        }
        if ((spent == null) != (spentAt == null)) {
            throw new IllegalArgumentException("what was spent was spent at some time");
        }
    }

    /** What comes of showing a token of this family, which lives. */
    Shown show(SecretHash token, Instant now) {
        if (out.contains(token)) {
            return Shown.OUT;
        }
        if (!token.equals(spent) || now.isAfter(Objects.requireNonNull(spentAt).plus(LEEWAY))) {
            return Shown.REUSED;
        }
        return out.size() < MAX_OUT ? Shown.SPENT : Shown.SPENT_TOO_OFTEN;
    }

    /** What a token of a living family is. */
    enum Shown {
        /** One that is out. */
        OUT,
        /** The one that those that are out were given for, not long ago. */
        SPENT,
        /** The same, but no more can be out. */
        SPENT_TOO_OFTEN,
        /** Anything else: two parties hold tokens of this family. */
        REUSED
    }

    /** One that is out is spent for a new one; what else was out is out no more. */
    RefreshFamily spending(SecretHash token, SecretHash successor, Instant newExpiry, Instant now) {
        return new RefreshFamily(nameHash, Set.of(successor), token, now, newExpiry, epoch);
    }

    /** One more is out for the token that was spent. */
    RefreshFamily beside(SecretHash successor, Instant newExpiry) {
        Set<SecretHash> more = new HashSet<>(out);
        more.add(successor);
        return new RefreshFamily(nameHash, more, spent, spentAt, newExpiry, epoch);
    }

    /** Over, because its epoch is; retention counts from then. */
    RefreshFamily over(Instant now) {
        return now.isBefore(expiresAt) ? new RefreshFamily(nameHash, out, spent, spentAt, now, epoch) : this;
    }
}
