package dev.agentauth.registration;

import dev.agentauth.SecretHash;
import dev.agentauth.registration.Transition.Allowed;
import dev.agentauth.registration.Transition.Refused;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One agent's registration: the only aggregate, an immutable value. Every transition is a method that returns the next
 * value or refuses; storing that next value by {@code RegistrationStore.replace} is what makes it happen.
 *
 * <p>Its {@linkplain #status status} is computed from the facts below and an instant. It holds no access token, no
 * scopes and no status.
 *
 * @param id {@code reg_…}
 * @param kind how it came to be
 * @param createdAt when it came to be
 * @param version raised by the store with every write; what compare-and-set compares
 * @param epoch assertions and tokens of another epoch than this are dead
 * @param userId the person who owns it; together with {@code claimedAt}
 * @param claimedAt since when somebody owns it
 * @param claim what lets a person take ownership; absent where ownership was clear from the start
 * @param provider the provider identity that it carries, if any
 * @param stepUpUserId the only user that completing the claim may bind, for a step-up
 * @param revokedAt since when it is over
 */
public record Registration(
        String id,
        RegistrationKind kind,
        Instant createdAt,
        long version,
        long epoch,
        @Nullable String userId,
        @Nullable Instant claimedAt,
        @Nullable Claim claim,
        @Nullable ProviderLink provider,
        @Nullable String stepUpUserId,
        @Nullable Instant revokedAt) {

    /** Checks that the facts fit together. */
    public Registration {
        Objects.requireNonNull(id);
        Objects.requireNonNull(kind);
        Objects.requireNonNull(createdAt);
        if (claimedAt == null && userId != null) {
            throw new IllegalArgumentException("an owner has a claim time");
        }
        if (revokedAt == null && claimedAt == null && claim == null) {
            throw new IllegalArgumentException("a registration that nobody owns needs a claim");
        }
    }

    /**
     * An agent that nothing is known of.
     *
     * @param id {@code reg_…}
     * @param claim what lets somebody take ownership
     * @param now the instant of registering
     * @return unclaimed
     */
    public static Registration anonymous(String id, Claim claim, Instant now) {
        return new Registration(id, RegistrationKind.ANONYMOUS, now, 0, 0, null, null, claim, null, null, null);
    }

    /**
     * An agent that named the address of its person.
     *
     * @param id {@code reg_…}
     * @param claim with the recipient
     * @param now the instant of registering
     * @return unclaimed; the caller starts an attempt before it stores it
     */
    public static Registration email(String id, Claim claim, Instant now) {
        return new Registration(id, RegistrationKind.EMAIL, now, 0, 0, null, null, claim, null, null, null);
    }

    /**
     * An agent whose provider vouched for a person whom the service can bind at once.
     *
     * @param id {@code reg_…}
     * @param link the provider identity
     * @param userId the owner
     * @param now the instant of registering
     * @return claimed
     */
    public static Registration provider(String id, ProviderLink link, String userId, Instant now) {
        return new Registration(id, RegistrationKind.PROVIDER, now, 0, 0, userId, now, null, link, null, null);
    }

    /**
     * An agent whose provider vouched for somebody who looks like an existing user, who must confirm first.
     *
     * @param id {@code reg_…}
     * @param link the provider identity
     * @param userId the only user that can confirm
     * @param claim with that user's own address as the recipient
     * @param now the instant of registering
     * @return unclaimed
     */
    public static Registration stepUp(String id, ProviderLink link, String userId, Claim claim, Instant now) {
        return new Registration(id, RegistrationKind.PROVIDER, now, 0, 0, null, null, claim, link, userId, null);
    }

    /**
     * What this registration is at an instant.
     *
     * @param now the instant of asking
     * @return the first row of the protocol's table that applies
     */
    public RegistrationStatus status(Instant now) {
        if (revokedAt != null) {
            return RegistrationStatus.REVOKED;
        }
        if (claimedAt != null) {
            return RegistrationStatus.CLAIMED;
        }
        if (claim == null || !now.isBefore(claim.expiresAt())) {
            return RegistrationStatus.EXPIRED;
        }
        Attempt attempt = claim.attempt();
        return attempt != null && attempt.isCurrent(now) && !isRejected()
                ? RegistrationStatus.PENDING_CLAIM
                : RegistrationStatus.UNCLAIMED;
    }

    /**
     * Whether it still occupies its provider identity.
     *
     * @param now the instant of asking
     * @return true unless revoked or expired
     */
    public boolean isLive(Instant now) {
        RegistrationStatus status = status(now);
        return status != RegistrationStatus.REVOKED && status != RegistrationStatus.EXPIRED;
    }

    /**
     * Whether the owner of an address has said no to this registration.
     *
     * @param recipient a lower-case address
     * @return true if that address is not to be mailed for it again
     */
    public boolean refused(String recipient) {
        return claim != null && claim.refusals().contains(refusal(recipient));
    }

    /**
     * Whether the person who is being asked has said no.
     *
     * @return true until somebody else is asked
     */
    public boolean isRejected() {
        return claim != null && claim.recipient() != null && refused(claim.recipient());
    }

    /**
     * Asks a person: mints an attempt in the place of any earlier one, whose link and code thereby die.
     *
     * @param recipient the lower-case address of the person
     * @param attempt the new attempt, not mailed yet
     * @param now the instant of asking
     * @return refused if revoked, claimed, expired, guessed out, or if that address said no
     */
    public Transition startAttempt(String recipient, Attempt attempt, Instant now) {
        Optional<Refusal> refusal = ended(now);
        if (refusal.isPresent()) {
            return new Refused(refusal.get());
        }
        if (refused(recipient)) {
            return new Refused(Refusal.REJECTED);
        }
        return new Allowed(withClaim(openClaim().withAttempt(recipient, attempt)));
    }

    /**
     * Notes that the mailer has taken the mail of an attempt.
     *
     * @param attemptId the attempt that was mailed
     * @return unchanged if that attempt is no longer the newest
     */
    public Registration mailAccepted(String attemptId) {
        Attempt attempt = claim == null ? null : claim.attempt();
        return claim == null || attempt == null || !attempt.id().equals(attemptId)
                ? this
                : withClaim(claim.withAttempt(claim.recipient(), attempt.accepted()));
    }

    /**
     * Notes that the mailer has refused the mail of an attempt: there is no such attempt then, and a repeat mails anew.
     *
     * @param attemptId the attempt that could not be mailed
     * @return unchanged if that attempt is no longer the newest
     */
    public Registration mailRefused(String attemptId) {
        Attempt attempt = claim == null ? null : claim.attempt();
        return claim == null || attempt == null || !attempt.id().equals(attemptId)
                ? this
                : withClaim(claim.withAttempt(claim.recipient(), null));
    }

    /**
     * The person reveals the code; any earlier code of the attempt dies.
     *
     * @param code the new code
     * @param now the instant of asking
     * @return refused if revoked, rejected, claimed, expired, guessed out or if the link has lapsed
     */
    public Transition revealCode(OneTimeCode code, Instant now) {
        Optional<Refusal> refusal = linkRefusal(now);
        if (refusal.isPresent()) {
            return new Refused(refusal.get());
        }
        Claim open = openClaim();
        return new Allowed(
                withClaim(open.withAttempt(open.recipient(), currentAttempt().withCode(code))));
    }

    /**
     * The person says that it was not them. What cannot act without its claim thereby ends; an anonymous registration
     * goes on unclaimed, and that address is not asked again.
     *
     * @param now the instant of asking
     * @return refused if revoked, rejected, claimed, expired, guessed out or if the link has lapsed
     */
    public Transition reject(Instant now) {
        Optional<Refusal> refusal = linkRefusal(now);
        if (refusal.isPresent()) {
            return new Refused(refusal.get());
        }
        Claim open = openClaim();
        String recipient = Objects.requireNonNull(open.recipient(), "an attempt has a recipient");
        Registration next = withClaim(
                open.withAttempt(recipient, currentAttempt().withCode(null)).withRefusal(refusal(recipient)));
        return new Allowed(kind == RegistrationKind.ANONYMOUS ? next : next.revoke(now));
    }

    /**
     * Whether a code can be tried now, right or wrong.
     *
     * @param now the instant of asking
     * @return why not; empty if one can
     */
    public Optional<Refusal> guessRefusal(Instant now) {
        Optional<Refusal> refusal = ceremonyRefusal(now);
        if (refusal.isPresent()) {
            return refusal;
        }
        OneTimeCode code = currentCode();
        if (code == null) {
            return Optional.of(Refusal.NO_CODE);
        }
        return code.isVoid(now) ? Optional.of(Refusal.CODE_VOID) : Optional.empty();
    }

    /**
     * Whether these are the digits that the person saw. Says nothing about whether they may still be used.
     *
     * @param digits six digits
     * @return true if they are, compared in constant time
     */
    public boolean codeIs(String digits) {
        OneTimeCode code = currentCode();
        return code != null
                && code.hash().equals(OneTimeCode.hash(currentAttempt().id(), digits));
    }

    /**
     * Counts a wrong code. The fifth voids the code, the twentieth over the registration's life ends its claim, and with
     * it a registration that cannot act without one.
     *
     * @param now the instant of the guess
     * @return refused where no code could be tried
     */
    public Transition wrongGuess(Instant now) {
        Optional<Refusal> refusal = guessRefusal(now);
        if (refusal.isPresent()) {
            return new Refused(refusal.get());
        }
        Registration next = withClaim(openClaim().wrongGuess(currentAttempt(), Objects.requireNonNull(currentCode())));
        boolean over = next.openClaim().isGuessedOut() && kind != RegistrationKind.ANONYMOUS;
        return new Allowed(over ? next.revoke(now) : next);
    }

    /**
     * Somebody takes ownership. The code is gone afterwards; the link stays known, so that it can say so.
     *
     * @param owner the user; for a step-up exactly the one whom it is for
     * @param now the instant of claiming
     * @return refused where no code could be tried
     * @throws IllegalArgumentException if a step-up would bind anybody else
     */
    public Transition claim(String owner, Instant now) {
        if (stepUpUserId != null && !stepUpUserId.equals(owner)) {
            throw new IllegalArgumentException("a step-up binds the user whom it is for");
        }
        Optional<Refusal> refusal = guessRefusal(now);
        if (refusal.isPresent()) {
            return new Refused(refusal.get());
        }
        Claim open = openClaim();
        Claim done = open.withAttempt(open.recipient(), currentAttempt().withCode(null));
        return new Allowed(new Registration(
                id, kind, createdAt, version, epoch, owner, now, done, provider, stepUpUserId, revokedAt));
    }

    /**
     * Hands the claim to whoever holds a new claim token; the old token dies.
     *
     * @param tokenHash hash of the new claim token
     * @param now the instant of asking
     * @return refused if revoked, claimed, expired or guessed out
     */
    public Transition renewClaimToken(SecretHash tokenHash, Instant now) {
        Optional<Refusal> refusal = ended(now);
        return refusal.isPresent()
                ? new Refused(refusal.get())
                : new Allowed(withClaim(openClaim().withToken(tokenHash)));
    }

    /**
     * The provider has vouched again.
     *
     * @param issuedAt the {@code iat} of the ID-JAG
     * @return unchanged if nothing is to be kept of it
     */
    public Registration presented(Instant issuedAt) {
        if (provider == null) {
            throw new IllegalStateException("a registration without a provider identity is never presented");
        }
        ProviderLink link = provider.presented(issuedAt);
        return link.equals(provider) ? this : withProvider(link);
    }

    /**
     * The provider says that it is over for what it vouched for up to an instant, by its own clock.
     *
     * @param issuedAt the {@code iat} of the logout
     * @param now the instant of revoking
     * @return revoked if nothing was vouched for since; with a raised epoch if something was; unchanged if all was
     */
    public Registration loggedOut(Instant issuedAt, Instant now) {
        if (provider == null || revokedAt != null || provider.firstIssuedAt().isAfter(issuedAt)) {
            return this;
        }
        return provider.newestIssuedAt().isAfter(issuedAt)
                ? withProvider(provider.startingOver()).raiseEpoch()
                : revoke(now);
    }

    /**
     * Ends every assertion and token issued so far, but not the registration.
     *
     * @return with the next epoch
     */
    public Registration raiseEpoch() {
        return new Registration(
                id, kind, createdAt, version, epoch + 1, userId, claimedAt, claim, provider, stepUpUserId, revokedAt);
    }

    /**
     * Ends the registration and all that was issued for it.
     *
     * @param now the instant of revoking
     * @return revoked; unchanged if it was already
     */
    public Registration revoke(Instant now) {
        return revokedAt != null
                ? this
                : new Registration(
                        id, kind, createdAt, version, epoch, userId, claimedAt, claim, provider, stepUpUserId, now);
    }

    /**
     * Ends the registration and forgets whom it was about.
     *
     * @param now the instant of erasing
     * @return revoked, with nothing left but its id, kind and times
     */
    public Registration erase(Instant now) {
        Instant ended = revokedAt == null ? now : revokedAt;
        return new Registration(id, kind, createdAt, version, epoch + 1, null, null, null, null, null, ended);
    }

    /**
     * The same facts as the store keeps them.
     *
     * @param newVersion the version that the store gave them
     * @return with that version
     */
    public Registration withVersion(long newVersion) {
        return new Registration(
                id, kind, createdAt, newVersion, epoch, userId, claimedAt, claim, provider, stepUpUserId, revokedAt);
    }

    /**
     * Who has to be in good standing for it: the owner, or the user whom a step-up waits for. They are never two.
     *
     * @return the service's own id; null if nobody is known yet
     */
    public @Nullable String userBehind() {
        return userId != null ? userId : stepUpUserId;
    }

    /**
     * Whether its life is decided: somebody owns it, or it has been revoked. Together with {@link #restingSince} this is
     * what a purge goes by.
     *
     * @return false while it can still be claimed or only expired
     */
    public boolean isSettled() {
        return revokedAt != null || claimedAt != null;
    }

    /**
     * Since when nothing new can come of it: its revocation; the last time that an owned one was handed an assertion;
     * the expiry of one that nobody claimed.
     *
     * @return an instant, possibly in the future
     */
    public Instant restingSince() {
        if (revokedAt != null) {
            return revokedAt;
        }
        if (claimedAt != null) {
            return provider != null && provider.newestIssuedAt().isAfter(claimedAt)
                    ? provider.newestIssuedAt()
                    : claimedAt;
        }
        return openClaim().expiresAt();
    }

    /**
     * Why nobody can be asked any more.
     *
     * @param now the instant of asking
     * @return empty while the registration is unclaimed or pending
     */
    public Optional<Refusal> ended(Instant now) {
        return switch (status(now)) {
            case REVOKED -> Optional.of(Refusal.REVOKED);
            case CLAIMED -> Optional.of(Refusal.CLAIMED);
            case EXPIRED -> Optional.of(Refusal.EXPIRED);
            case PENDING_CLAIM, UNCLAIMED ->
                openClaim().isGuessedOut() ? Optional.of(Refusal.GUESSED_OUT) : Optional.empty();
        };
    }

    /**
     * Why the link of the newest attempt leads nowhere.
     *
     * @param now the instant of asking
     * @return empty while the person can reveal a code or say no
     */
    public Optional<Refusal> linkRefusal(Instant now) {
        Optional<Refusal> refusal = ceremonyRefusal(now);
        if (refusal.isPresent()) {
            return refusal;
        }
        Attempt attempt = openClaim().attempt();
        return attempt != null && attempt.isLinkGood(now) ? Optional.empty() : Optional.of(Refusal.LINK_LAPSED);
    }

    private Optional<Refusal> ceremonyRefusal(Instant now) {
        Optional<Refusal> ended = ended(now);
        boolean endedByNo = ended.isEmpty() || (ended.get() == Refusal.REVOKED && claimedAt == null);
        return endedByNo && isRejected() ? Optional.of(Refusal.REJECTED) : ended;
    }

    private @Nullable OneTimeCode currentCode() {
        Attempt attempt = claim == null ? null : claim.attempt();
        return attempt == null ? null : attempt.code();
    }

    private Attempt currentAttempt() {
        return Objects.requireNonNull(openClaim().attempt(), "checked before");
    }

    private Claim openClaim() {
        return Objects.requireNonNull(claim, "a registration that nobody owns has a claim");
    }

    private SecretHash refusal(String recipient) {
        return SecretHash.ofParts(id, recipient);
    }

    private Registration withClaim(Claim newClaim) {
        return new Registration(
                id, kind, createdAt, version, epoch, userId, claimedAt, newClaim, provider, stepUpUserId, revokedAt);
    }

    private Registration withProvider(ProviderLink link) {
        return new Registration(
                id, kind, createdAt, version, epoch, userId, claimedAt, claim, link, stepUpUserId, revokedAt);
    }
}
