package dev.agentauth.internal.claim;

import dev.agentauth.AgentAuthException;
import dev.agentauth.Caller;
import dev.agentauth.ClaimCompleted;
import dev.agentauth.ClaimStarted;
import dev.agentauth.ClaimView;
import dev.agentauth.IssuedAssertion;
import dev.agentauth.Problem;
import dev.agentauth.RevealedCode;
import dev.agentauth.Secret;
import dev.agentauth.SecretHash;
import dev.agentauth.config.AnonymousClaim;
import dev.agentauth.internal.Audit;
import dev.agentauth.internal.Conflict;
import dev.agentauth.internal.EmailAddress;
import dev.agentauth.internal.Feature;
import dev.agentauth.internal.Limits;
import dev.agentauth.internal.Ports;
import dev.agentauth.internal.RegistrationWriter;
import dev.agentauth.internal.Secrets;
import dev.agentauth.internal.Settings;
import dev.agentauth.internal.Surroundings;
import dev.agentauth.internal.token.Gate;
import dev.agentauth.internal.token.IdentityAssertions;
import dev.agentauth.internal.token.RefreshTokens;
import dev.agentauth.internal.users.OwnProof;
import dev.agentauth.internal.users.Users;
import dev.agentauth.internal.users.Visitors;
import dev.agentauth.registration.Asked;
import dev.agentauth.registration.Attempt;
import dev.agentauth.registration.Claim;
import dev.agentauth.registration.Guess;
import dev.agentauth.registration.OneTimeCode;
import dev.agentauth.registration.Ownership;
import dev.agentauth.registration.Registration;
import dev.agentauth.registration.RegistrationKind;
import dev.agentauth.registration.RegistrationStatus;
import dev.agentauth.spi.AuditEvent;
import dev.agentauth.spi.RegistrationStore;
import dev.agentauth.spi.User;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The ceremony of asking a person. Behind the link, the person reveals a code and reads it to the agent, which brings it here
 * together with its claim token; or the person types the code that the agent shows, and the agent collects what that
 * brings at the token endpoint.
 */
public final class ClaimCeremony {
    private final Settings settings;
    private final Ports ports;
    private final RegistrationStore store;
    private final Gate gate;
    private final Users users;
    private final OwnProof ownProof;
    private final Visitors visitors;
    private final IdentityAssertions assertions;
    private final RefreshTokens refreshTokens;
    private final Asking asking;
    private final ClaimMailing mailing;
    private final RegistrationWriter writer;
    private final Audit audit;
    private final Secrets secrets;

    public ClaimCeremony(
            Surroundings around,
            Gate gate,
            Users users,
            OwnProof ownProof,
            Visitors visitors,
            IdentityAssertions assertions,
            RefreshTokens refreshTokens,
            Asking asking,
            ClaimMailing mailing) {
        this.settings = around.settings();
        this.ports = around.ports();
        this.store = ports.registrations();
        this.gate = gate;
        this.users = users;
        this.ownProof = ownProof;
        this.visitors = visitors;
        this.assertions = assertions;
        this.refreshTokens = refreshTokens;
        this.asking = asking;
        this.mailing = mailing;
        this.writer = around.writer();
        this.audit = around.audit();
        this.secrets = around.secrets();
    }

    /** See {@code AgentAuth.startClaim}. */
    public ClaimStarted start(Caller caller, String claimToken, Optional<String> address) {
        if (!settings.features().has(Feature.ASKING)) {
            throw new AgentAuthException(Problem.ASKING_OFF);
        }
        Asked asked = address.map(Asking::mailbox).orElseGet(asking::anybody);
        SecretHash tokenHash = SecretHash.of(claimToken);
        Asking.Question question = new Asking.Question(caller, Limits::mail);
        return Conflict.retry(() -> {
            Instant now = ports.now();
            Registration registration = byClaimToken(tokenHash);
            registration.ended(now).ifPresent(ClaimCeremony::refuse);
            requireThatItMayAsk(registration, asked);
            return asking.ask(question, registration, asked, now, next -> writer.replace(registration, next))
                    .map(Asking.Opened::started);
        });
    }

    /**
     * An anonymous agent has to name somebody, and may name anybody. One that named somebody when it registered, or left it
     * open, can have that asked again, and nothing else.
     */
    private static void requireThatItMayAsk(Registration registration, Asked asked) {
        Attempt before = registration.attempt();
        boolean leftOpen = asked instanceof Asked.Anybody;
        boolean again = registration.kind() == RegistrationKind.EMAIL
                && before != null
                && before.asked().isTheSameAs(asked);
        if (again || (registration.kind() == RegistrationKind.ANONYMOUS && !leftOpen)) {
            return;
        }
        if (leftOpen && registration.kind() != RegistrationKind.PROVIDER) {
            throw Asking.nobodyNamed();
        }
        throw new AgentAuthException(Problem.ASKED_ALREADY);
    }

    /** See {@code AgentAuth.viewClaim}. Reads and never writes. */
    public ClaimView view(Visitor visitor, String attemptToken) {
        Instant now = ports.now();
        Registration registration =
                store.findByAttemptToken(visitor.hash(attemptToken)).orElse(null);
        if (registration == null) {
            return new ClaimView.Closed(ClaimView.Reason.UNKNOWN);
        }
        Attempt attempt = registration.attempt();
        if (attempt == null) {
            return new ClaimView.Closed(ClaimView.Reason.UNKNOWN);
        }
        Asked asked = attempt.asked();
        Optional<User> signedIn = admitted(visitor, asked);
        if (visitor.userId() != null && signedIn.isEmpty()) {
            return new ClaimView.Closed(ClaimView.Reason.NOT_ASKED);
        }
        Supplier<Optional<User>> answering = () -> signedIn.or(() -> behind(asked));
        Optional<Problem> problem = registration.answerProblem(now);
        if (problem.isPresent()) {
            return closed(ClaimView.Reason.of(problem.get()).orElseThrow(), registration, answering);
        }
        if (!gate.isInGoodStanding(registration)) {
            return new ClaimView.Closed(ClaimView.Reason.REVOKED);
        }
        String address = asked.address();
        Optional<ClaimView.ShownCode> shown = shown(visitor, attempt, attemptToken, now);
        // A page with a code asks again every few seconds: it is about this registration, and no other is read for it.
        boolean hasCode = shown.flatMap(ClaimView.ShownCode::code).isPresent();
        List<Registration> owned = hasCode ? List.of() : owned(answering.get(), now);
        return new ClaimView.Open(
                registration.id(),
                registration.kind(),
                address.isEmpty() ? "" : EmailAddress.recognizable(address),
                mailing.agentName(registration),
                settings.postClaimScopes(),
                !hasCode && owned.isEmpty(),
                !hasCode
                        && registration.provider() != null
                        && owned.stream().noneMatch(agent -> isOfOneProvider(agent, registration)),
                attempt.startedAt(),
                attempt.answerableUntil(),
                registration.takesTypedCode(now),
                shown);
    }

    /** What acts already for whoever answers. */
    private List<Registration> owned(Optional<User> user, Instant now) {
        return user.map(known -> store.findByUser(known.id())).orElseGet(List::of).stream()
                .filter(agent -> agent.status(now) == RegistrationStatus.CLAIMED)
                .toList();
    }

    /**
     * What was claimed may act for somebody else: the claim token takes an ID-JAG beside the link, and a link that asks
     * nobody in particular goes from hand to hand.
     */
    private ClaimView.Closed closed(
            ClaimView.Reason reason, Registration registration, Supplier<Optional<User>> answering) {
        Ownership ownership = registration.ownership();
        if (reason != ClaimView.Reason.COMPLETED || ownership == null) {
            return new ClaimView.Closed(reason);
        }
        if (answering.get().filter(user -> user.id().equals(ownership.userId())).isEmpty()) {
            return new ClaimView.Closed(ClaimView.Reason.ELSEWHERE);
        }
        return new ClaimView.Closed(
                reason,
                Optional.of(new ClaimView.Confirmed(
                        registration.id(),
                        mailing.nameIfKnown(registration),
                        settings.postClaimScopes(),
                        ownership.since())));
    }

    /** The code that is out: whoever it was shown to sees it again while it is good, and everybody else that it was. */
    private static Optional<ClaimView.ShownCode> shown(
            Visitor visitor, Attempt attempt, String attemptToken, Instant now) {
        OneTimeCode code = attempt.code();
        if (code == null || code.shown() == null) {
            return Optional.empty();
        }
        Optional<RevealedCode> again = Objects.equals(code.revealedBy(), visitor.userId())
                ? code.shownAgain(attempt.id(), attemptToken, now)
                        .map(digits -> new RevealedCode(Secret.of(digits), code.expiresAt()))
                : Optional.empty();
        return Optional.of(new ClaimView.ShownCode(code.shown().at(), again));
    }

    private static boolean isOfOneProvider(Registration agent, Registration registration) {
        return agent.provider() != null
                && registration.provider() != null
                && agent.provider()
                        .identity()
                        .issuer()
                        .equals(registration.provider().identity().issuer());
    }

    /** Whose account would own the agent that a mailed link asks about; empty if there is none yet. */
    private Optional<User> behind(Asked asked) {
        return asked instanceof Asked.OneUser one ? users.byId(one.userId()) : users.byEmail(asked.address());
    }

    /** Who is signed in, if that is who was asked; empty where nobody has to sign in. */
    private Optional<User> admitted(Visitor visitor, Asked asked) {
        String signedIn = visitor.userId();
        return signedIn == null ? Optional.empty() : visitors.admitted(asked, signedIn);
    }

    private void requireAdmission(Visitor visitor, Registration registration) {
        Asked asked = Objects.requireNonNull(registration.attempt()).asked();
        if (visitor.userId() != null && admitted(visitor, asked).isEmpty()) {
            throw new AgentAuthException(Problem.NOT_ASKED);
        }
    }

    /** See {@code AgentAuth.revealCode}. */
    public RevealedCode reveal(Caller caller, Visitor visitor, String attemptToken) {
        SecretHash tokenHash = visitor.hash(attemptToken);
        String seed = secrets.codeSeed();
        return Conflict.retry(() -> {
            Instant now = ports.now();
            Registration registration = byAttemptToken(tokenHash);
            requireAdmission(visitor, registration);
            Claim claim = Objects.requireNonNull(registration.claim());
            Attempt attempt = Objects.requireNonNull(claim.attempt());
            Instant expiresAt = Asking.earlier(now.plus(settings.lifetimes().code()), claim.expiresAt());
            OneTimeCode.Shown shown = new OneTimeCode.Shown(now, seed);
            String digits = shown.digits(attemptToken);
            OneTimeCode code =
                    new OneTimeCode(OneTimeCode.hash(attempt.id(), digits), expiresAt, 0, visitor.userId(), shown);
            Registration next = registration.revealCode(code, now).orElseThrow();
            requireGoodStanding(registration);
            return store.replace(registration, next).map(stored -> {
                audit.record(AuditEvent.Type.OTP_GENERATED, caller, stored);
                return new RevealedCode(Secret.of(digits), expiresAt);
            });
        });
    }

    /** See {@code AgentAuth.rejectClaim}. */
    public void reject(Caller caller, Visitor visitor, String attemptToken) {
        SecretHash tokenHash = visitor.hash(attemptToken);
        Registration rejected = Conflict.retry(() -> {
            Instant now = ports.now();
            Registration registration = byAttemptToken(tokenHash);
            requireAdmission(visitor, registration);
            return store.replace(registration, registration.reject(now).orElseThrow());
        });
        audit.record(AuditEvent.Type.CLAIM_REJECTED, caller, rejected);
        audit.ended(caller, rejected);
    }

    /** See {@code AgentAuth.typeCode}. */
    public void type(Caller caller, Visitor visitor, String attemptToken, String text) {
        SecretHash tokenHash = visitor.hash(attemptToken);
        String digits = withoutSeparators(text);
        ClaimCompleted unused = Conflict.retry(() -> {
            Instant now = ports.now();
            Registration registration = byAttemptToken(tokenHash);
            requireAdmission(visitor, registration);
            registration.typeProblem(now).ifPresent(ClaimCeremony::refuse);
            requireGoodStanding(registration);
            if (!isSixDigits(digits)) {
                throw new AgentAuthException(Problem.CODE_UNREADABLE);
            }
            Guess guess = registration.type(digits, visitor.userId(), now);
            return settle(caller, registration, guess, Outcome.TO_BE_COLLECTED, now);
        });
    }

    /** People divide digits by white space and hyphens, of whatever kind their keyboard or their agent has. */
    private static String withoutSeparators(String text) {
        return text.codePoints()
                .filter(c -> !Character.isWhitespace(c)
                        && !Character.isSpaceChar(c)
                        && Character.getType(c) != Character.DASH_PUNCTUATION)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** See {@code AgentAuth.completeClaim}. */
    public ClaimCompleted complete(Caller caller, String claimToken, String digits) {
        return complete(
                caller, claimToken, digits, registration -> Outcome.of(registration, settings.anonymousClaim()));
    }

    /** See {@code AgentAuth.completeClaimWithRefreshToken}. */
    public ClaimCompleted completeWithRefreshToken(Caller caller, String claimToken, String digits) {
        return complete(caller, claimToken, digits, registration -> Outcome.REFRESHES);
    }

    private ClaimCompleted complete(
            Caller caller, String claimToken, String digits, Function<Registration, Outcome> outcomes) {
        if (!isSixDigits(digits)) {
            throw new AgentAuthException(Problem.MALFORMED, "The code must be six digits.");
        }
        SecretHash tokenHash = SecretHash.of(claimToken);
        return Conflict.retry(() -> {
            Instant now = ports.now();
            Registration registration = byClaimToken(tokenHash);
            registration.guessProblem(now).ifPresent(ClaimCeremony::refuse);
            requireGoodStanding(registration);
            return settle(caller, registration, registration.guess(digits, now), outcomes.apply(registration), now);
        });
    }

    /** What comes of a code that was tried, by whichever door; empty on a conflict. */
    private Optional<ClaimCompleted> settle(
            Caller caller, Registration registration, Guess guess, Outcome outcome, Instant now) {
        if (guess instanceof Guess.Right proof) {
            return becomeOwner(caller, registration, proof, outcome, now);
        }
        if (guess instanceof Guess.Wrong wrong) {
            return countWrong(caller, registration, wrong);
        }
        throw new AgentAuthException(((Guess.Refused) guess).problem());
    }

    /** The guess is counted before anybody hears that it was wrong; empty on a conflict. */
    private Optional<ClaimCompleted> countWrong(Caller caller, Registration registration, Guess.Wrong wrong) {
        Optional<Registration> counted = store.replace(registration, wrong.next());
        if (counted.isEmpty()) {
            return Optional.empty();
        }
        audit.record(AuditEvent.Type.OTP_FAILED, caller, registration);
        audit.ended(caller, counted.get());
        throw new AgentAuthException(Problem.CODE_WRONG);
    }

    /** What becomes of what the agent holds, and what it gets. */
    private enum Outcome {
        /** What an anonymous agent holds does more from now on. */
        WIDENS,
        /** What an anonymous agent holds is dead, and it gets a new assertion. */
        ROTATES,
        /** What an anonymous agent holds is dead; every agent gets an assertion, and a refresh token where it may have one. */
        REFRESHES,
        /** An agent that holds nothing gets an assertion. */
        BEGINS,
        /** What an anonymous agent holds is dead; whoever polls gets a new assertion, each time. */
        TO_BE_COLLECTED;

        static Outcome of(Registration registration, AnonymousClaim whatBecomes) {
            if (registration.kind() != RegistrationKind.ANONYMOUS) {
                return BEGINS;
            }
            return whatBecomes == AnonymousClaim.ROTATE ? ROTATES : WIDENS;
        }
    }

    private Optional<ClaimCompleted> becomeOwner(
            Caller caller, Registration registration, Guess.Right proof, Outcome outcome, Instant now) {
        Asked asked = Objects.requireNonNull(registration.attempt()).asked();
        Users.Owner owner = owner(asked, proof).orElseThrow(() -> new AgentAuthException(Problem.STANDING_LOST));
        if (proof.by() == null) {
            // Whoever had the mailed link has proved the address. Signing in proves none.
            ownProof.endWhatOthersPrepared(caller, owner.user(), asked.address(), registration);
        }
        boolean rotates = registration.kind() == RegistrationKind.ANONYMOUS && outcome != Outcome.WIDENS;
        Registration owned = rotates
                ? registration.claimAnew(proof, owner.user().id())
                : registration.claim(proof, owner.user().id());
        Optional<RefreshTokens.Started> refresh =
                outcome == Outcome.REFRESHES ? refreshTokens.start(owned, now) : Optional.empty();
        Registration next = refresh.map(RefreshTokens.Started::registration).orElse(owned);
        // Minted before it is stored: if signing fails, nothing has happened.
        Optional<IssuedAssertion> assertion = outcome != Outcome.WIDENS && outcome != Outcome.TO_BE_COLLECTED
                ? Optional.of(assertions.mint(next, null, now))
                : Optional.empty();
        return store.replace(registration, next).map(stored -> {
            audit.record(AuditEvent.Type.CLAIM_CONFIRMED, caller, stored);
            if (assertion.isPresent()) {
                audit.record(AuditEvent.Type.ASSERTION_ISSUED, caller, stored);
            }
            if (owner.existedBefore()) {
                mailing.notice(caller, stored, owner.user(), now);
            }
            return new ClaimCompleted(stored.id(), assertion, refresh.map(RefreshTokens.Started::token));
        });
    }

    /** Whoever signed in for the code, if that is still the one who was asked; else whose address or account was asked. */
    private Optional<Users.Owner> owner(Asked asked, Guess.Right proof) {
        return proof.by() == null
                ? users.ownerByProof(asked)
                : visitors.admitted(asked, proof.by()).map(user -> new Users.Owner(user, true));
    }

    private void requireGoodStanding(Registration registration) {
        if (!gate.isInGoodStanding(registration)) {
            throw new AgentAuthException(Problem.STANDING_LOST);
        }
    }

    private Registration byClaimToken(SecretHash hash) {
        return store.findByClaimToken(hash).orElseThrow(() -> new AgentAuthException(Problem.CLAIM_TOKEN_UNKNOWN));
    }

    private Registration byAttemptToken(SecretHash hash) {
        return store.findByAttemptToken(hash).orElseThrow(() -> new AgentAuthException(Problem.ATTEMPT_UNKNOWN));
    }

    private static void refuse(Problem problem) {
        throw new AgentAuthException(problem);
    }

    private static boolean isSixDigits(String text) {
        return text.length() == 6 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
