package dev.agentauth.registration;

import dev.agentauth.Problem;
import dev.agentauth.SecretHash;
import dev.agentauth.registration.Transition.Allowed;
import dev.agentauth.registration.Transition.Refused;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One agent's registration: the only aggregate, an immutable value. Every transition is a method that returns the next
 * value or refuses; storing that next value by {@code RegistrationStore.replace} is what makes it happen.
 *
 * <p>Its {@linkplain #status status} is computed from the facts below and an instant. It holds no access token, no
 * scopes and no status. Nobody comes to own it without a proof that it has made itself: see {@link #guess}.
 *
 * @param id {@code reg_…}
 * @param kind how it came to be
 * @param createdAt when it came to be
 * @param version raised by the store with every write; what compare-and-set compares
 * @param epoch assertions and tokens of another epoch than this are dead
 * @param ownership whose it is, if anybody's
 * @param claim what lets a person take ownership; absent where ownership was clear from the start
 * @param provider the provider identity that it carries, if any
 * @param refresh its refresh tokens, if it ever had any
 * @param end that it is over, and why
 * @since 0.2.0
 */
public record Registration(
        String id,
        RegistrationKind kind,
        Instant createdAt,
        long version,
        long epoch,
        @Nullable Ownership ownership,
        @Nullable Claim claim,
        @Nullable ProviderLink provider,
        @Nullable RefreshFamily refresh,
        @Nullable End end) {

    /** How long after it was typed a claim can be collected by polling. */
    public static final Duration COLLECTABLE = Duration.ofMinutes(10);

    /** Checks that the facts fit together. */
    public Registration {
        Objects.requireNonNull(id);
        Objects.requireNonNull(kind);
        Objects.requireNonNull(createdAt);
        if (ownership == null && claim == null && end == null) {
            throw new IllegalArgumentException("what nobody owns can be claimed, or is over");
        }
    }

    /**
     * An agent that said nothing about a person.
     *
     * @param id {@code reg_…}
     * @param claim what lets somebody take ownership
     * @param now the instant of registering
     * @return unclaimed
     */
    public static Registration anonymous(String id, Claim claim, Instant now) {
        return new Registration(id, RegistrationKind.ANONYMOUS, now, 0, 0, null, claim, null, null, null);
    }

    /**
     * An agent that named the address of its person.
     *
     * @param id {@code reg_…}
     * @param claim what lets that person take ownership
     * @param now the instant of registering
     * @return unclaimed; the caller starts an attempt before it stores it
     */
    public static Registration email(String id, Claim claim, Instant now) {
        return new Registration(id, RegistrationKind.EMAIL, now, 0, 0, null, claim, null, null, null);
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
        return new Registration(
                id, RegistrationKind.PROVIDER, now, 0, 0, new Ownership(userId, now), null, link, null, null);
    }

    /**
     * An agent whose provider vouched for somebody who looks like an existing user, who must confirm first.
     *
     * @param id {@code reg_…}
     * @param link the provider identity
     * @param claim what lets that user take ownership
     * @param now the instant of registering
     * @return unclaimed; the caller starts an attempt, for that one user, before it stores it
     */
    public static Registration stepUp(String id, ProviderLink link, Claim claim, Instant now) {
        return new Registration(id, RegistrationKind.PROVIDER, now, 0, 0, null, claim, link, null, null);
    }

    /**
     * Who owns it.
     *
     * @return the service's own id; null if nobody does
     */
    public @Nullable String userId() {
        return ownership == null ? null : ownership.userId();
    }

    /**
     * Since when somebody owns it.
     *
     * @return null if nobody does
     */
    public @Nullable Instant claimedAt() {
        return ownership == null ? null : ownership.since();
    }

    /**
     * Since when it is over.
     *
     * @return null if it is not
     */
    public @Nullable Instant revokedAt() {
        return end == null ? null : end.at();
    }

    /**
     * What this registration is at an instant.
     *
     * @param now the instant of asking
     * @return the first row of the protocol's table that applies
     */
    public RegistrationStatus status(Instant now) {
        if (end != null) {
            return RegistrationStatus.REVOKED;
        }
        if (ownership != null) {
            return RegistrationStatus.CLAIMED;
        }
        if (!now.isBefore(openClaim().expiresAt())) {
            return RegistrationStatus.EXPIRED;
        }
        Attempt attempt = attempt();
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
     * The newest attempt.
     *
     * @return null if nobody was asked
     */
    public @Nullable Attempt attempt() {
        return claim == null ? null : claim.attempt();
    }

    /**
     * Whether the owner of an address has said no to this registration.
     *
     * @param address a lower-case address
     * @return true if that address is not to be mailed for it again
     */
    public boolean refused(String address) {
        return claim != null && claim.refusals().contains(salted(address));
    }

    /**
     * Whether the person who is being asked has said no.
     *
     * @return true until somebody else is asked
     */
    public boolean isRejected() {
        Attempt attempt = attempt();
        return attempt != null && refused(attempt.asked().address());
    }

    /**
     * Asks a person: puts an attempt in the place of any earlier one, whose link and code thereby die.
     *
     * @param attempt the new attempt, not mailed yet
     * @param now the instant of asking
     * @return refused if revoked, claimed, expired, guessed out, if that address said no, or if it would be one
     *     {@linkplain Claim#MAX_RECIPIENTS too many} to be mailed
     */
    public Transition startAttempt(Attempt attempt, Instant now) {
        Optional<Problem> problem = ended(now);
        if (problem.isPresent()) {
            return new Refused(problem.get());
        }
        SecretHash recipient = salted(attempt.asked().address());
        if (openClaim().refusals().contains(recipient)) {
            return new Refused(Problem.SAID_NO);
        }
        if (attempt.delivery() == Delivery.NOT_MAILED) {
            return new Allowed(next().attempt(attempt).build());
        }
        return openClaim().hasRoomFor(recipient)
                ? new Allowed(
                        next().claim(openClaim().asking(attempt, recipient)).build())
                : new Refused(Problem.LIMIT_SPENT);
    }

    /**
     * Asks the same person again while the attempt is {@linkplain Attempt#isOpen open}: it stays the same attempt with the
     * same expiry, and a code that was revealed stays good, but what the agent was given is given anew, and the old dies.
     *
     * @param freshLink hash of a new attempt token, where the agent hands the link on; null where it was mailed
     * @param freshCode a new code to be typed; null if there is to be none
     * @param now the instant of asking
     * @return refused if revoked, claimed, expired, guessed out, if the person said no, or if the attempt is not open
     * @throws IllegalArgumentException if the link was mailed and is to be replaced, or the other way around
     */
    public Transition repeatAttempt(@Nullable SecretHash freshLink, @Nullable TypedCode freshCode, Instant now) {
        Optional<Problem> problem = answerProblem(now);
        if (problem.isPresent()) {
            return new Refused(problem.get());
        }
        Attempt attempt = currentAttempt();
        if ((attempt.way() == Way.SIGN_IN) != (freshLink != null)) {
            throw new IllegalArgumentException("a link that the agent hands on is renewed, and no other is");
        }
        if (!attempt.isOpen(now)) {
            return new Refused(Problem.LINK_LAPSED);
        }
        Attempt again = freshLink == null ? attempt : attempt.withLink(freshLink);
        return new Allowed(next().attempt(again.withTyped(freshCode)).build());
    }

    /**
     * Notes what the mailer has said of the mail of an attempt: its first word stands.
     *
     * @param attemptId the attempt that was mailed
     * @param outcome what became of the mail
     * @return unchanged if that attempt is no longer the newest, or if the mailer has spoken before
     */
    public Registration mailed(String attemptId, Delivery outcome) {
        Attempt attempt = attempt();
        return attempt == null || !attempt.id().equals(attemptId) || attempt.delivery() != Delivery.UNDERWAY
                ? this
                : next().claim(openClaim().withAttempt(attempt.delivered(outcome)))
                        .build();
    }

    /**
     * The person reveals the code to be read back; any earlier one of the attempt dies.
     *
     * @param code the new code; with the user who reveals it exactly where that is known by signing in
     * @param now the instant of asking
     * @return refused if revoked, rejected, claimed, expired, guessed out, or if neither the link nor a code of it lives
     */
    public Transition revealCode(OneTimeCode code, Instant now) {
        Optional<Problem> problem = answerProblem(now);
        return problem.isPresent()
                ? new Refused(problem.get())
                : new Allowed(next().attempt(currentAttempt().withCode(code)).build());
    }

    /**
     * The person says that it was not them. What cannot act without its claim thereby ends; an anonymous registration
     * goes on unclaimed, and that address is not asked again.
     *
     * @param now the instant of asking
     * @return refused if revoked, rejected, claimed, expired, guessed out, or if neither the link nor a code of it lives
     */
    public Transition reject(Instant now) {
        Optional<Problem> problem = answerProblem(now);
        if (problem.isPresent()) {
            return new Refused(problem.get());
        }
        Attempt attempt = currentAttempt();
        Registration rejected = next().claim(openClaim()
                        .withAttempt(attempt.answered())
                        .withRefusal(salted(attempt.asked().address())))
                .build();
        return new Allowed(kind == RegistrationKind.ANONYMOUS ? rejected : rejected.revoke(EndReason.PERSON, now));
    }

    /**
     * Its owner calls it something.
     *
     * @param label the name; null for none
     * @return unchanged if it is over, if nobody owns it, or if it has that name
     */
    public Registration named(@Nullable String label) {
        return end != null || ownership == null || Objects.equals(ownership.label(), label)
                ? this
                : next().ownership(ownership.named(label)).build();
    }

    /**
     * Tries a code as the one that was read back. A wrong one is counted, for whatever code is out: five void a code, twenty
     * over the registration's life end its claim, and with it a registration that cannot act without one.
     *
     * @param digits six digits, compared in constant time
     * @param now the instant of the guess
     * @return a proof that {@link #claim} takes, the next value with the guess counted, or why no code can be tried
     */
    public Guess guess(String digits, Instant now) {
        Optional<Problem> problem = guessProblem(now);
        if (problem.isPresent()) {
            return new Guess.Refused(problem.get());
        }
        Attempt attempt = currentAttempt();
        OneTimeCode code = Objects.requireNonNull(attempt.code(), "checked before");
        return code.hash().equals(OneTimeCode.hash(attempt.id(), digits))
                ? new Guess.Right(this, Completion.READ_BACK, code.revealedBy(), now)
                : wrongGuess(now);
    }

    /**
     * Tries a code as the one that the agent shows to be typed. A wrong one counts as at {@link #guess}, and together with
     * what was tried there.
     *
     * @param digits six digits, compared in constant time
     * @param signedIn the user who types, exactly where that is known by signing in
     * @param now the instant of the guess
     * @return a proof that {@link #claim} takes, the next value with the guess counted, or why no code can be tried
     * @throws IllegalArgumentException if the user is missing, or known where the mailbox is what is known
     */
    public Guess type(String digits, @Nullable String signedIn, Instant now) {
        Optional<Problem> problem = typeProblem(now);
        if (problem.isPresent()) {
            return new Guess.Refused(problem.get());
        }
        Attempt attempt = currentAttempt();
        if ((attempt.way() == Way.SIGN_IN) != (signedIn != null)) {
            throw new IllegalArgumentException("who types a code is known by signing in, and not otherwise");
        }
        TypedCode typed = Objects.requireNonNull(attempt.typed(), "checked before");
        return typed.hash().equals(TypedCode.hash(attempt.id(), digits))
                ? new Guess.Right(this, Completion.TYPED, signedIn, now)
                : wrongGuess(now);
    }

    private Guess wrongGuess(Instant now) {
        Registration counted =
                next().claim(openClaim().wrongGuess(currentAttempt())).build();
        boolean over = counted.openClaim().isGuessedOut() && kind != RegistrationKind.ANONYMOUS;
        return new Guess.Wrong(over ? counted.revoke(EndReason.GUESSES, now) : counted);
    }

    /**
     * Why no code can be typed now, right or wrong.
     *
     * @param now the instant of asking
     * @return empty if one can
     */
    public Optional<Problem> typeProblem(Instant now) {
        Optional<Problem> problem = answerProblem(now);
        if (problem.isPresent()) {
            return problem;
        }
        Attempt attempt = currentAttempt();
        if (attempt.typed() == null) {
            return Optional.of(Problem.CODE_NOT_SHOWN);
        }
        return attempt.isLinkGood(now) ? attempt.typed().problem() : Optional.of(Problem.CODE_LAPSED);
    }

    /**
     * Whether the page offers to type a code: one that was guessed at too often still, as the agent may show a new one.
     *
     * @param now the instant of asking
     * @return true while the link is good and the agent has been given a code to show
     */
    public boolean takesTypedCode(Instant now) {
        Attempt attempt = attempt();
        return answerProblem(now).isEmpty() && attempt != null && attempt.typed() != null && attempt.isLinkGood(now);
    }

    /**
     * The agent asks whether its person has typed the code. What is over is told whatever the pace.
     *
     * @param now the instant of asking
     * @return what it is told, and what is to be stored for that
     */
    public Poll poll(Instant now) {
        if (ownership != null) {
            boolean collects = end == null
                    && ownership.completion() == Completion.TYPED
                    && !now.isAfter(ownership.since().plus(COLLECTABLE));
            return collects ? new Poll.Typed() : new Poll.Over();
        }
        if (isRejected()) {
            return new Poll.SaidNo();
        }
        if (typeProblem(now).isPresent()) {
            return new Poll.Over();
        }
        Attempt attempt = currentAttempt();
        PollPace pace = attempt.pace();
        if (pace == null || !pace.isTooEarly(now)) {
            PollPace accepted = pace == null ? PollPace.beginning(now) : pace.accepted(now);
            return new Poll.Pending(next().attempt(attempt.withPace(accepted)).build());
        }
        return new Poll.TooEarly(
                pace.raised()
                        ? this
                        : next().attempt(attempt.withPace(pace.tooEarly())).build());
    }

    /**
     * Why no code that was read back can be tried now, right or wrong.
     *
     * @param now the instant of asking
     * @return empty if one can
     */
    public Optional<Problem> guessProblem(Instant now) {
        Optional<Problem> problem = ceremonyProblem(now);
        if (problem.isPresent()) {
            return problem;
        }
        Attempt attempt = attempt();
        return attempt == null || attempt.code() == null
                ? Optional.of(Problem.CODE_NOT_SHOWN)
                : attempt.code().problem(now);
    }

    /**
     * Somebody takes ownership, at the instant of the guess. The codes are gone afterwards; the link stays known, so that it
     * can say so.
     *
     * @param proof of the code that the person saw or typed, from this very value
     * @param owner the user; exactly the one who was asked, where that was one user, and the one who revealed or typed the
     *     code, where that is known by signing in
     * @return claimed
     * @throws IllegalArgumentException if the proof is of another value, or if somebody else would be bound
     */
    public Registration claim(Guess.Right proof, String owner) {
        if (!proof.isOf(this)) {
            throw new IllegalArgumentException("the proof is for another value of the registration");
        }
        Attempt attempt = currentAttempt();
        if (attempt.asked() instanceof Asked.OneUser one && !one.userId().equals(owner)) {
            throw new IllegalArgumentException("an attempt that asks one user binds that user");
        }
        if (proof.by() != null && !proof.by().equals(owner)) {
            throw new IllegalArgumentException("a code that somebody signed in for binds that user");
        }
        return next().attempt(attempt.answered())
                .ownership(new Ownership(owner, proof.at(), proof.how()))
                .build();
    }

    /**
     * Somebody takes ownership as by {@link #claim(Guess.Right, String)}, and whatever was issued before ends.
     *
     * @param proof see there
     * @param owner see there
     * @return claimed, with the next epoch
     * @throws IllegalArgumentException as there
     */
    public Registration claimAnew(Guess.Right proof, String owner) {
        Registration claimed = claim(proof, owner);
        // In this order: what typing brings is collected in the epoch that begins with it.
        return claimed.next().epoch(epoch + 1).ownership(claimed.ownership).build();
    }

    /**
     * Somebody takes ownership of an anonymous registration on their provider's word, whoever is being asked meanwhile. It
     * carries the provider identity from then on, and all that was issued before is dead: nobody else has confirmed that
     * whoever holds it works for this owner.
     *
     * @param word the provider's
     * @param owner the user whom the service has found to be the one that is vouched for
     * @param now the instant of claiming
     * @return refused if revoked, claimed, expired, guessed out, or not anonymous
     */
    public Transition claim(Vouching word, String owner, Instant now) {
        Optional<Problem> problem =
                kind == RegistrationKind.ANONYMOUS ? ended(now) : Optional.of(Problem.ASKED_ALREADY);
        if (problem.isPresent()) {
            return new Refused(problem.get());
        }
        Attempt attempt = attempt();
        Next claimed = attempt == null ? next() : next().attempt(attempt.answered());
        return new Allowed(claimed.epoch(epoch + 1)
                .ownership(new Ownership(owner, now))
                .provider(ProviderLink.of(word.identity(), word.issuedAt()))
                .build());
    }

    /**
     * Hands the claim to whoever holds a new claim token; the old token dies.
     *
     * @param tokenHash hash of the new claim token
     * @param now the instant of asking
     * @return refused if revoked, claimed, expired or guessed out
     */
    public Transition renewClaimToken(SecretHash tokenHash, Instant now) {
        Optional<Problem> problem = ended(now);
        return problem.isPresent()
                ? new Refused(problem.get())
                : new Allowed(next().claim(openClaim().withToken(tokenHash)).build());
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
        return link.equals(provider) ? this : next().provider(link).build();
    }

    /**
     * The provider says that it is over for what it vouched for up to an instant, by its own clock.
     *
     * @param issuedAt the {@code iat} of the logout
     * @param now the instant of revoking
     * @return revoked if nothing was vouched for since; with a raised epoch if something was; unchanged if all was
     */
    public Registration loggedOut(Instant issuedAt, Instant now) {
        if (provider == null || end != null || provider.firstIssuedAt().isAfter(issuedAt)) {
            return this;
        }
        return provider.newestIssuedAt().isAfter(issuedAt)
                ? next().provider(provider.startingOver()).epoch(epoch + 1).build()
                : revoke(EndReason.PROVIDER, now);
    }

    /**
     * Whether it can have refresh tokens: somebody owns it, and no provider vouches for it. What a provider has vouched for
     * is to come back with the provider's word, which a refresh token would outlive.
     *
     * @return false if nobody owns it, if a provider vouches for it, or if it is over
     */
    public boolean canRefresh() {
        return end == null && ownership != null && provider == null;
    }

    /**
     * Begins a family of refresh tokens of the present epoch; any earlier one is dead.
     *
     * @param nameHash hash of what all its tokens have in common
     * @param first hash of the first token
     * @param expiresAt until when that one is good
     * @return with the family
     * @throws IllegalStateException if it {@linkplain #canRefresh cannot} have any
     */
    public Registration startRefreshing(SecretHash nameHash, SecretHash first, Instant expiresAt) {
        if (!canRefresh()) {
            throw new IllegalStateException("what nobody owns, or what a provider vouches for, is not refreshed");
        }
        return next().refresh(new RefreshFamily(nameHash, Set.of(first), null, null, expiresAt, epoch))
                .build();
    }

    /**
     * Somebody shows a refresh token.
     *
     * @param nameHash hash of what it says its family is
     * @param token hash of what it is itself
     * @param successor hash of the token to hand out for it
     * @param expiresAt until when that one, and with it the family, is good
     * @param now the instant of showing it
     * @return the next value, if any is to be stored
     */
    public Refresh refresh(
            SecretHash nameHash, SecretHash token, SecretHash successor, Instant expiresAt, Instant now) {
        RefreshFamily family = livingFamily(nameHash, now);
        if (family == null) {
            return new Refresh.NoEffect();
        }
        return switch (family.show(token, now)) {
            case OUT ->
                new Refresh.Succeeded(next().refresh(family.spending(token, successor, expiresAt, now))
                        .build());
            case SPENT ->
                new Refresh.Succeeded(
                        next().refresh(family.beside(successor, expiresAt)).build());
            case SPENT_TOO_OFTEN -> new Refresh.TooMany();
            case REUSED -> new Refresh.Reused(endRefreshing(family, now));
        };
    }

    /**
     * Whoever holds a refresh token gives it back: everything issued so far ends, but not the registration (RFC 7009,
     * section 2.1).
     *
     * @param nameHash hash of what the token says its family is; which of the family it is does not matter
     * @param now the instant of revoking
     * @return with a raised epoch; unchanged if that family is not this registration's, or dead
     */
    public Registration revokeRefreshing(SecretHash nameHash, Instant now) {
        RefreshFamily family = livingFamily(nameHash, now);
        return family == null ? this : endRefreshing(family, now);
    }

    private @Nullable RefreshFamily livingFamily(SecretHash nameHash, Instant now) {
        RefreshFamily living = livingFamily(now);
        return living != null && living.nameHash().equals(nameHash) ? living : null;
    }

    private @Nullable RefreshFamily livingFamily(Instant now) {
        return canRefresh() && refresh != null && refresh.epoch() == epoch && now.isBefore(refresh.expiresAt())
                ? refresh
                : null;
    }

    /**
     * Until when it can come back by itself.
     *
     * @param now the instant of asking
     * @return null if it has no refresh token that is good
     */
    public @Nullable Instant refreshableUntil(Instant now) {
        RefreshFamily living = livingFamily(now);
        return living == null ? null : living.expiresAt();
    }

    private Registration endRefreshing(RefreshFamily family, Instant now) {
        return next().epoch(epoch + 1).refresh(family.over(now)).build();
    }

    /**
     * Ends every assertion and token issued so far, but not the registration.
     *
     * @return with the next epoch
     */
    public Registration raiseEpoch() {
        return next().epoch(epoch + 1).build();
    }

    /**
     * Ends the registration and all that was issued for it. What it was called goes with it where its owner turns out to be
     * somebody else than the one who called it so.
     *
     * @param reason why
     * @param now the instant of revoking
     * @return revoked; unchanged if it was already
     */
    public Registration revoke(EndReason reason, Instant now) {
        if (end != null) {
            return this;
        }
        Registration kept = reason == EndReason.OWN_PROOF ? named(null) : this;
        return kept.next().end(new End(now, reason)).build();
    }

    /**
     * Ends the registration and forgets whom it was about.
     *
     * @param now the instant of erasing
     * @return revoked, with nothing left but its id, kind and times
     */
    public Registration erase(Instant now) {
        return next().epoch(epoch + 1)
                .ownership(null)
                .claim(null)
                .provider(null)
                .refresh(null)
                .end(end == null ? new End(now, EndReason.ERASURE) : end)
                .build();
    }

    /**
     * The same facts as the store keeps them.
     *
     * @param newVersion the version that the store gave them
     * @return with that version
     */
    public Registration withVersion(long newVersion) {
        return next().version(newVersion).build();
    }

    /**
     * Who has to be in good standing for it: the owner, or the one user who is asked to confirm. They are never two.
     *
     * @return the service's own id; null if nobody is known yet
     */
    public @Nullable String userBehind() {
        if (ownership != null) {
            return ownership.userId();
        }
        Attempt attempt = attempt();
        // An anonymous agent acts for nobody before somebody owns it, whoever is asked to.
        return kind != RegistrationKind.ANONYMOUS && attempt != null && attempt.asked() instanceof Asked.OneUser one
                ? one.userId()
                : null;
    }

    /**
     * Whether its life is decided: somebody owns it, or it has been revoked. Together with {@link #restingSince} this is
     * what a purge goes by.
     *
     * @return false while it can still be claimed or only expired
     */
    public boolean isSettled() {
        return end != null || ownership != null;
    }

    /**
     * Since when nothing new can come of it: its revocation; the last time that an owned one was handed an assertion, or
     * the end of its refresh tokens; the expiry of one that nobody claimed.
     *
     * @return an instant, possibly in the future
     */
    public Instant restingSince() {
        if (end != null) {
            return end.at();
        }
        if (ownership == null) {
            return openClaim().expiresAt();
        }
        Instant handed = lastHandedToOwned(ownership);
        return refresh == null ? handed : later(handed, refresh.expiresAt());
    }

    /**
     * When an identity assertion was last handed out for it; for one that a provider vouched for by the provider's clock.
     *
     * @return null if none was
     */
    public @Nullable Instant lastIssuedAt() {
        if (ownership != null) {
            return lastHandedToOwned(ownership);
        }
        return kind == RegistrationKind.ANONYMOUS ? createdAt : null;
    }

    private Instant lastHandedToOwned(Ownership owned) {
        Instant handed = owned.since();
        if (provider != null) {
            handed = later(handed, provider.newestIssuedAt());
        }
        return refresh == null || refresh.spentAt() == null ? handed : later(handed, refresh.spentAt());
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /**
     * Why nobody can be asked any more.
     *
     * @param now the instant of asking
     * @return empty while the registration is unclaimed or pending
     */
    public Optional<Problem> ended(Instant now) {
        return switch (status(now)) {
            case REVOKED ->
                Optional.of(
                        Objects.requireNonNull(end).reason() == EndReason.GUESSES
                                ? Problem.GUESSED_OUT
                                : Problem.REVOKED);
            case CLAIMED ->
                Optional.of(
                        Objects.requireNonNull(ownership).completion() == Completion.TYPED
                                ? Problem.CLAIMED_BY_TYPING
                                : Problem.CLAIMED);
            case EXPIRED -> Optional.of(Problem.CLAIM_LAPSED);
            case PENDING_CLAIM, UNCLAIMED ->
                openClaim().isGuessedOut() ? Optional.of(Problem.GUESSED_OUT) : Optional.empty();
        };
    }

    /**
     * Why the person who was asked cannot answer any more: see the page, show a code, say no.
     *
     * @param now the instant of asking
     * @return empty while the link, or a code that it revealed, lives
     */
    public Optional<Problem> answerProblem(Instant now) {
        Optional<Problem> problem = ceremonyProblem(now);
        if (problem.isPresent()) {
            return problem;
        }
        Attempt attempt = attempt();
        if (attempt == null || attempt.delivery() == Delivery.REFUSED) {
            return Optional.of(Problem.ATTEMPT_UNKNOWN);
        }
        return attempt.isCurrent(now) ? Optional.empty() : Optional.of(Problem.LINK_LAPSED);
    }

    private Optional<Problem> ceremonyProblem(Instant now) {
        boolean overByNo = end == null ? ended(now).isEmpty() : end.reason() == EndReason.PERSON && ownership == null;
        return overByNo && isRejected() ? Optional.of(Problem.SAID_NO) : ended(now);
    }

    private Attempt currentAttempt() {
        return Objects.requireNonNull(attempt(), "checked before");
    }

    private Claim openClaim() {
        return Objects.requireNonNull(claim, "a registration that nobody owns has a claim");
    }

    private SecretHash salted(String address) {
        return SecretHash.ofParts(id, address);
    }

    private Next next() {
        return new Next(this);
    }

    /** The one place where a registration becomes another. */
    private static final class Next {
        private final Registration from;
        private long version;
        private long epoch;
        private @Nullable Ownership ownership;
        private @Nullable Claim claim;
        private @Nullable ProviderLink provider;
        private @Nullable RefreshFamily refresh;
        private @Nullable End end;

        Next(Registration from) {
            this.from = from;
            this.version = from.version;
            this.epoch = from.epoch;
            this.ownership = from.ownership;
            this.claim = from.claim;
            this.provider = from.provider;
            this.refresh = from.refresh;
            this.end = from.end;
        }

        Next version(long newVersion) {
            this.version = newVersion;
            return this;
        }

        Next epoch(long newEpoch) {
            this.epoch = newEpoch;
            if (ownership != null && newEpoch != from.epoch) {
                ownership = ownership.inAnotherEpoch();
            }
            return this;
        }

        Next ownership(@Nullable Ownership newOwnership) {
            this.ownership = newOwnership;
            return this;
        }

        Next claim(@Nullable Claim newClaim) {
            this.claim = newClaim;
            return this;
        }

        Next attempt(Attempt newAttempt) {
            return claim(from.openClaim().withAttempt(newAttempt));
        }

        Next provider(@Nullable ProviderLink newProvider) {
            this.provider = newProvider;
            return this;
        }

        Next refresh(@Nullable RefreshFamily newRefresh) {
            this.refresh = newRefresh;
            return this;
        }

        Next end(@Nullable End newEnd) {
            this.end = newEnd;
            return this;
        }

        Registration build() {
            return new Registration(
                    from.id, from.kind, from.createdAt, version, epoch, ownership, claim, provider, refresh, end);
        }
    }
}
