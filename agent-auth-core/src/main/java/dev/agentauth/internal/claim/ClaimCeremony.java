package dev.agentauth.internal.claim;

import dev.agentauth.AgentAuthException;
import dev.agentauth.Caller;
import dev.agentauth.ClaimCompleted;
import dev.agentauth.ClaimHandle;
import dev.agentauth.ClaimStarted;
import dev.agentauth.ClaimView;
import dev.agentauth.ErrorCode;
import dev.agentauth.IssuedAssertion;
import dev.agentauth.RevealedCode;
import dev.agentauth.Secret;
import dev.agentauth.SecretHash;
import dev.agentauth.config.AnonymousClaim;
import dev.agentauth.internal.Audit;
import dev.agentauth.internal.Conflict;
import dev.agentauth.internal.EmailAddress;
import dev.agentauth.internal.Limits;
import dev.agentauth.internal.Ports;
import dev.agentauth.internal.RegistrationWriter;
import dev.agentauth.internal.Secrets;
import dev.agentauth.internal.Settings;
import dev.agentauth.internal.token.Gate;
import dev.agentauth.internal.token.IdentityAssertions;
import dev.agentauth.internal.users.UserMatcher;
import dev.agentauth.registration.Attempt;
import dev.agentauth.registration.Claim;
import dev.agentauth.registration.OneTimeCode;
import dev.agentauth.registration.Refusal;
import dev.agentauth.registration.Registration;
import dev.agentauth.registration.RegistrationKind;
import dev.agentauth.spi.AuditEvent;
import dev.agentauth.spi.RegistrationStore;
import dev.agentauth.spi.User;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The ceremony of the mailed code: a link is mailed, the page behind it reveals a code, the person reads it to the agent,
 * and the agent brings it here together with its claim token.
 */
public final class ClaimCeremony {
    private final Settings settings;
    private final Ports ports;
    private final RegistrationStore store;
    private final Gate gate;
    private final UserMatcher users;
    private final IdentityAssertions assertions;
    private final ClaimPost post;
    private final RegistrationWriter writer;
    private final Limits limits;
    private final Audit audit;
    private final Secrets secrets;

    public ClaimCeremony(
            Settings settings,
            Ports ports,
            Gate gate,
            UserMatcher users,
            IdentityAssertions assertions,
            ClaimPost post,
            RegistrationWriter writer,
            Limits limits,
            Audit audit,
            Secrets secrets) {
        this.settings = settings;
        this.ports = ports;
        this.store = ports.registrations();
        this.gate = gate;
        this.users = users;
        this.assertions = assertions;
        this.post = post;
        this.writer = writer;
        this.limits = limits;
        this.audit = audit;
        this.secrets = secrets;
    }

    /** See {@code AgentAuth.startClaim}. */
    public ClaimStarted start(Caller caller, String claimToken, String address) {
        String recipient = EmailAddress.normalize(address)
                .orElseThrow(() -> new AgentAuthException(
                        ErrorCode.INVALID_REQUEST, "The email must be one plain ASCII e-mail address."));
        SecretHash tokenHash = SecretHash.of(claimToken);
        boolean[] counted = {false};
        return Conflict.retry(() -> {
            Instant now = ports.now();
            Registration registration = byClaimToken(tokenHash);
            registration.ended(now).ifPresent(refusal -> {
                throw new AgentAuthException(
                        refusal == Refusal.CLAIMED ? ErrorCode.CLAIMED_OR_IN_FLIGHT : ErrorCode.CLAIM_EXPIRED);
            });
            if (registration.kind() != RegistrationKind.ANONYMOUS) {
                throw new AgentAuthException(ErrorCode.CLAIMED_OR_IN_FLIGHT);
            }
            Claim claim = Objects.requireNonNull(registration.claim());
            Attempt before = claim.attempt();
            if (registration.refused(recipient)) {
                throw new AgentAuthException(ErrorCode.CLAIM_REJECTED);
            }
            if (before != null && post.isOpen(before, now) && recipient.equals(claim.recipient())) {
                return Optional.of(started(registration, before));
            }
            if (!counted[0]) {
                limits.mail(caller, recipient);
                counted[0] = true;
            }
            Invitation invitation = invite(claim, now);
            Registration next = registration
                    .startAttempt(recipient, invitation.attempt(), now)
                    .orElseThrow(ClaimCeremony::linkError);
            return post.storeAndSend(caller, invitation, () -> store.replace(registration, next))
                    .map(stored -> started(stored, invitation.attempt()));
        });
    }

    /** Mints a claim token. */
    public ClaimHandle newHandle(Instant expiresAt) {
        return new ClaimHandle(settings.claimUrl(), Secret.of(secrets.claimToken()), expiresAt);
    }

    /** The claim that the holder of a new token can have completed. */
    public static Claim open(ClaimHandle handle, @Nullable String recipient) {
        return Claim.open(SecretHash.of(handle.token().reveal()), handle.expiresAt(), recipient);
    }

    /** Mints an attempt for a claim; its link never outlives the claim. */
    public Invitation invite(Claim claim, Instant now) {
        String token = secrets.attemptToken();
        Instant expiresAt = earlier(now.plus(settings.lifetimes().attempt()), claim.expiresAt());
        return new Invitation(
                new Attempt(secrets.id("cla_"), SecretHash.of(token), now, expiresAt, false, null), token);
    }

    /** See {@code AgentAuth.viewClaim}. Reads and never writes. */
    public ClaimView view(String attemptToken) {
        Instant now = ports.now();
        Registration registration =
                store.findByAttemptToken(SecretHash.of(attemptToken)).orElse(null);
        if (registration == null) {
            return new ClaimView.Closed(ClaimView.Reason.UNKNOWN);
        }
        Claim claim = registration.claim();
        Attempt attempt = claim == null ? null : claim.attempt();
        if (claim == null || attempt == null) {
            return new ClaimView.Closed(ClaimView.Reason.UNKNOWN);
        }
        Optional<Refusal> refusal = registration.linkRefusal(now);
        if (refusal.isPresent()) {
            return new ClaimView.Closed(
                    claim.isGuessedOut() && refusal.get() != Refusal.CLAIMED
                            ? ClaimView.Reason.LOCKED
                            : closedBy(refusal.get()));
        }
        if (!gate.isInGoodStanding(registration)) {
            return new ClaimView.Closed(ClaimView.Reason.REVOKED);
        }
        return new ClaimView.Open(
                registration.id(),
                registration.kind(),
                post.agentName(registration),
                settings.postClaimScopes(),
                attempt.startedAt(),
                attempt.linkExpiresAt());
    }

    /** See {@code AgentAuth.revealCode}. */
    public RevealedCode reveal(Caller caller, String attemptToken) {
        SecretHash tokenHash = SecretHash.of(attemptToken);
        String digits = secrets.code();
        return Conflict.retry(() -> {
            Instant now = ports.now();
            Registration registration = byAttemptToken(tokenHash);
            Claim claim = Objects.requireNonNull(registration.claim());
            Attempt attempt = Objects.requireNonNull(claim.attempt());
            Instant expiresAt = earlier(now.plus(settings.lifetimes().code()), claim.expiresAt());
            OneTimeCode code = new OneTimeCode(OneTimeCode.hash(attempt.id(), digits), expiresAt, 0);
            Registration next = registration.revealCode(code, now).orElseThrow(ClaimCeremony::linkError);
            requireGoodStanding(registration);
            return store.replace(registration, next).map(stored -> {
                audit.record(AuditEvent.Type.OTP_GENERATED, caller, stored);
                return new RevealedCode(Secret.of(digits), expiresAt);
            });
        });
    }

    /** See {@code AgentAuth.rejectClaim}. */
    public void reject(Caller caller, String attemptToken) {
        SecretHash tokenHash = SecretHash.of(attemptToken);
        Registration rejected = Conflict.retry(() -> {
            Instant now = ports.now();
            Registration registration = byAttemptToken(tokenHash);
            return store.replace(registration, registration.reject(now).orElseThrow(ClaimCeremony::linkError));
        });
        audit.record(AuditEvent.Type.CLAIM_REJECTED, caller, rejected);
        if (rejected.revokedAt() != null) {
            audit.record(AuditEvent.Type.REGISTRATION_REVOKED, caller, rejected);
        }
    }

    /** See {@code AgentAuth.completeClaim}. */
    public ClaimCompleted complete(Caller caller, String claimToken, String digits) {
        if (!isSixDigits(digits)) {
            throw new AgentAuthException(ErrorCode.INVALID_REQUEST, "The otp must be six digits.");
        }
        SecretHash tokenHash = SecretHash.of(claimToken);
        return Conflict.retry(() -> {
            Instant now = ports.now();
            Registration registration = byClaimToken(tokenHash);
            registration.guessRefusal(now).ifPresent(refusal -> {
                throw guessError(refusal);
            });
            requireGoodStanding(registration);
            if (registration.codeIs(digits)) {
                return completeWithRightCode(caller, registration, now);
            }
            Registration next = registration.wrongGuess(now).orElseThrow(ClaimCeremony::guessError);
            Optional<Registration> counted = store.replace(registration, next);
            if (counted.isEmpty()) {
                return Optional.empty();
            }
            audit.record(AuditEvent.Type.OTP_FAILED, caller, registration);
            if (counted.get().revokedAt() != null) {
                audit.record(AuditEvent.Type.REGISTRATION_REVOKED, caller, registration);
            }
            throw new AgentAuthException(ErrorCode.OTP_INVALID);
        });
    }

    private Optional<ClaimCompleted> completeWithRightCode(Caller caller, Registration registration, Instant now) {
        String recipient = Objects.requireNonNull(
                Objects.requireNonNull(registration.claim()).recipient());
        UserMatcher.Owner owner = users.ownerByProof(registration, recipient)
                .orElseThrow(() -> new AgentAuthException(ErrorCode.CLAIM_EXPIRED));
        endWhatOthersPrepared(caller, owner.user(), recipient, registration);
        Registration claimed = registration.claim(owner.user().id(), now).orElseThrow(ClaimCeremony::guessError);
        boolean rotates =
                registration.kind() == RegistrationKind.ANONYMOUS && settings.anonymousClaim() == AnonymousClaim.ROTATE;
        Registration next = rotates ? claimed.raiseEpoch() : claimed;
        // Minted before it is stored: if signing fails, nothing has happened.
        Optional<IssuedAssertion> assertion = registration.kind() != RegistrationKind.ANONYMOUS || rotates
                ? Optional.of(assertions.mint(next, null, now))
                : Optional.empty();
        return store.replace(registration, next).map(stored -> {
            audit.record(AuditEvent.Type.CLAIM_CONFIRMED, caller, stored);
            if (assertion.isPresent()) {
                audit.record(AuditEvent.Type.ASSERTION_ISSUED, caller, stored);
            }
            if (owner.existedBefore()) {
                post.notice(stored, owner.user(), now);
            }
            return new ClaimCompleted(stored.id(), assertion);
        });
    }

    /**
     * The service's first own proof of an address that only a provider had vouched for: whatever was prepared on that
     * provider's word ends. Done before the claim is stored and repeatable at each step, so that a crash in between
     * leaves a code that still works and nothing that was prepared.
     */
    private void endWhatOthersPrepared(Caller caller, User user, String recipient, Registration own) {
        if (!users.isOnProvidersWord(user, recipient)) {
            return;
        }
        ports.users().forgetKeys(user.id());
        Instant now = ports.now();
        for (Registration other : store.findByUser(user.id())) {
            if (!other.id().equals(own.id()) && user.id().equals(other.userId())) {
                writer.revoke(caller, other, now);
            }
        }
        ports.users().recordOwnProof(user.id(), recipient);
    }

    private void requireGoodStanding(Registration registration) {
        if (!gate.isInGoodStanding(registration)) {
            throw new AgentAuthException(ErrorCode.CLAIM_EXPIRED);
        }
    }

    private Registration byClaimToken(SecretHash hash) {
        return store.findByClaimToken(hash).orElseThrow(() -> new AgentAuthException(ErrorCode.INVALID_CLAIM_TOKEN));
    }

    private Registration byAttemptToken(SecretHash hash) {
        return store.findByAttemptToken(hash).orElseThrow(() -> new AgentAuthException(ErrorCode.CLAIM_SUPERSEDED));
    }

    private static ClaimStarted started(Registration registration, Attempt attempt) {
        return new ClaimStarted(registration.id(), attempt.id(), attempt.linkExpiresAt());
    }

    private static AgentAuthException linkError(Refusal refusal) {
        return new AgentAuthException(
                switch (refusal) {
                    case REJECTED -> ErrorCode.CLAIM_REJECTED;
                    case CLAIMED -> ErrorCode.CLAIM_COMPLETED;
                    case REVOKED, EXPIRED, GUESSED_OUT, LINK_LAPSED, NO_CODE, CODE_VOID -> ErrorCode.CLAIM_EXPIRED;
                });
    }

    private static AgentAuthException guessError(Refusal refusal) {
        return new AgentAuthException(
                switch (refusal) {
                    case REJECTED -> ErrorCode.CLAIM_REJECTED;
                    case CLAIMED -> ErrorCode.PREVIOUSLY_CLAIMED;
                    case NO_CODE -> ErrorCode.OTP_NOT_GENERATED;
                    case CODE_VOID -> ErrorCode.OTP_EXPIRED;
                    case REVOKED, EXPIRED, GUESSED_OUT, LINK_LAPSED -> ErrorCode.CLAIM_EXPIRED;
                });
    }

    private static ClaimView.Reason closedBy(Refusal refusal) {
        return switch (refusal) {
            case REVOKED -> ClaimView.Reason.REVOKED;
            case REJECTED -> ClaimView.Reason.REJECTED;
            case CLAIMED -> ClaimView.Reason.COMPLETED;
            case GUESSED_OUT -> ClaimView.Reason.LOCKED;
            case EXPIRED, LINK_LAPSED, NO_CODE, CODE_VOID -> ClaimView.Reason.LAPSED;
        };
    }

    private static boolean isSixDigits(String text) {
        return text.length() == 6 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }
}
