package dev.agentauth.internal.register;

import dev.agentauth.AgentAuthException;
import dev.agentauth.Caller;
import dev.agentauth.ClaimHandle;
import dev.agentauth.ErrorCode;
import dev.agentauth.IssuedAssertion;
import dev.agentauth.Registered;
import dev.agentauth.SecretHash;
import dev.agentauth.config.NewUserPolicy;
import dev.agentauth.internal.Audit;
import dev.agentauth.internal.Conflict;
import dev.agentauth.internal.EmailAddress;
import dev.agentauth.internal.Limits;
import dev.agentauth.internal.Ports;
import dev.agentauth.internal.RegistrationWriter;
import dev.agentauth.internal.Secrets;
import dev.agentauth.internal.Settings;
import dev.agentauth.internal.claim.ClaimCeremony;
import dev.agentauth.internal.claim.ClaimPost;
import dev.agentauth.internal.claim.Invitation;
import dev.agentauth.internal.provider.ProviderAssertions;
import dev.agentauth.internal.provider.ProviderRejections;
import dev.agentauth.internal.provider.VerifiedIdJag;
import dev.agentauth.internal.token.Gate;
import dev.agentauth.internal.token.IdentityAssertions;
import dev.agentauth.internal.token.Scopes;
import dev.agentauth.internal.users.UserMatcher;
import dev.agentauth.registration.Attempt;
import dev.agentauth.registration.Claim;
import dev.agentauth.registration.ProviderIdentity;
import dev.agentauth.registration.ProviderLink;
import dev.agentauth.registration.ProviderSubject;
import dev.agentauth.registration.Registration;
import dev.agentauth.registration.RegistrationKind;
import dev.agentauth.registration.RegistrationStatus;
import dev.agentauth.spi.AuditEvent;
import dev.agentauth.spi.Contact;
import dev.agentauth.spi.Provisioning;
import dev.agentauth.spi.RegistrationStore;
import dev.agentauth.spi.User;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Registers agents whose provider vouches for a person: verifies the ID-JAG, finds the registration that the identity
 * has, or decides which user it is.
 *
 * <p>A logout may overtake a presentation. So whatever is written here is written first, and only then the logout mark is
 * read again; if the ID-JAG is under it, what was written ends.
 */
public final class ProviderRegistrar {
    private final Settings settings;
    private final Ports ports;
    private final RegistrationStore store;
    private final Gate gate;
    private final UserMatcher users;
    private final ClaimCeremony ceremony;
    private final ClaimPost post;
    private final RegistrationWriter writer;
    private final ProviderAssertions providerAssertions;
    private final ProviderRejections rejections;
    private final IdentityAssertions assertions;
    private final Limits limits;
    private final Audit audit;
    private final Secrets secrets;

    public ProviderRegistrar(
            Settings settings,
            Ports ports,
            Gate gate,
            UserMatcher users,
            ClaimCeremony ceremony,
            ClaimPost post,
            RegistrationWriter writer,
            ProviderAssertions providerAssertions,
            ProviderRejections rejections,
            IdentityAssertions assertions,
            Limits limits,
            Audit audit,
            Secrets secrets) {
        this.settings = settings;
        this.ports = ports;
        this.store = ports.registrations();
        this.gate = gate;
        this.users = users;
        this.ceremony = ceremony;
        this.post = post;
        this.writer = writer;
        this.providerAssertions = providerAssertions;
        this.rejections = rejections;
        this.assertions = assertions;
        this.limits = limits;
        this.audit = audit;
        this.secrets = secrets;
    }

    /** See {@code AgentAuth.registerWithIdJag}. */
    public Registered register(Caller caller, String token) {
        if (!settings.idJag()) {
            throw new AgentAuthException(ErrorCode.ID_JAG_NOT_ENABLED);
        }
        limits.assertion(caller);
        VerifiedIdJag idJag =
                rejections.audited(caller, token, () -> providerAssertions.verifyIdJag(token, ports.now()));
        Presentation presentation = new Presentation(caller, idJag);
        return Conflict.retry(() -> present(presentation));
    }

    /** One round: reads, decides, writes; empty on a conflict. */
    private Optional<Registered> present(Presentation presentation) {
        Instant now = ports.now();
        Contact contact = presentation.contact();
        List<User> holders = users.holders(contact);
        if (!holders.stream().allMatch(User::isActive)) {
            throw nobody();
        }
        List<Registration> known = known(presentation.identity());
        Optional<Registration> live = known.stream()
                .filter(registration -> registration.kind() == RegistrationKind.PROVIDER && registration.isLive(now))
                .findFirst();
        if (live.isPresent()) {
            if (!gate.isInGoodStanding(live.get())) {
                throw nobody();
            }
            return live.get().status(now) == RegistrationStatus.CLAIMED
                    ? presentAgain(presentation, live.get(), now)
                    : stepUpAgain(presentation, live.get(), now);
        }
        boolean mayHaveBeenInterrupted = known.isEmpty();
        if (settings.newUsers() == NewUserPolicy.PROVISION && (holders.isEmpty() || mayHaveBeenInterrupted)) {
            return presentNew(presentation, holders, now);
        }
        if (holders.isEmpty()) {
            throw nobody();
        }
        return presentExisting(presentation, holders.get(0), now);
    }

    /**
     * Makes the user, or finds that the contact is somebody's. A user who was made for this very identity, and whom nobody
     * but its provider has vouched for, is bound like a new one: an earlier presentation got no further, or is under way.
     */
    private Optional<Registered> presentNew(Presentation presentation, List<User> holders, Instant now) {
        Provisioning outcome = users.provision(presentation.identity(), presentation.contact());
        if (outcome instanceof Provisioning.Taken taken) {
            return presentExisting(presentation, taken.user(), now);
        }
        User made = ((Provisioning.Made) outcome).user();
        return holders.isEmpty() || users.isOnProvidersWord(made)
                ? bind(presentation, made, false, now)
                : presentExisting(presentation, holders.get(0), now);
    }

    /** All that carry exactly this identity, whatever their status. */
    private List<Registration> known(ProviderIdentity identity) {
        ProviderSubject subject =
                new ProviderSubject(identity.issuer(), identity.tenant(), identity.subject(), identity.audience());
        return store.findByProvider(subject).stream()
                .filter(registration -> registration.provider() != null
                        && registration.provider().identity().equals(identity))
                .toList();
    }

    private Optional<Registered> presentAgain(Presentation presentation, Registration live, Instant now) {
        Registration next = live.presented(presentation.idJag().issuedAt());
        IssuedAssertion assertion = assertions.mint(next, presentation.ceiling(), now);
        return stored(live, next).map(written -> registered(presentation, written, assertion));
    }

    private Optional<Registered> presentExisting(Presentation presentation, User user, Instant now) {
        if (!user.isActive()) {
            throw nobody();
        }
        return switch (settings.existingUsers()) {
            case CONFIRM -> stepUp(presentation, user, now);
            case LINK -> bind(presentation, user, true, now);
            case REFUSE -> throw nobody();
        };
    }

    private Optional<Registered> bind(Presentation presentation, User user, boolean existedBefore, Instant now) {
        if (!user.isActive()) {
            throw nobody();
        }
        Registration registration = Registration.provider(newId(), presentation.newLink(), user.id(), now);
        // Minted before it is stored: if signing fails, nothing has happened.
        IssuedAssertion assertion = assertions.mint(registration, presentation.ceiling(), now);
        if (!store.insert(registration, now)) {
            return Optional.empty();
        }
        created(presentation, registration);
        if (!existedBefore && !users.stillYields(presentation.identity(), presentation.contact(), user)) {
            // Meanwhile somebody proved the address, and what was prepared for it has ended; so must this.
            writer.revoke(presentation.caller(), registration, now);
            return Optional.empty();
        }
        Registered registered = registered(presentation, registration, assertion);
        if (existedBefore) {
            post.notice(registration, user, now);
        }
        return Optional.of(registered);
    }

    private Registered registered(Presentation presentation, Registration written, IssuedAssertion assertion) {
        endIfLoggedOut(presentation, written);
        presentation.audit(AuditEvent.Type.ASSERTION_ISSUED, written);
        return new Registered.Provider(
                written.id(), assertion, Scopes.cut(settings.postClaimScopes(), presentation.ceiling()));
    }

    private Optional<Registered> stepUp(Presentation presentation, User user, Instant now) {
        String recipient = addressOnFile(user);
        presentation.countMail(recipient);
        ClaimHandle handle = ceremony.newHandle(now.plus(settings.lifetimes().registration()));
        Claim claim = ClaimCeremony.open(handle, recipient);
        Invitation invitation = ceremony.invite(claim, now);
        Registration registration = Registration.stepUp(newId(), presentation.newLink(), user.id(), claim, now)
                .startAttempt(recipient, invitation.attempt(), now)
                .orElseThrow(refusal -> new IllegalStateException("a new registration refused: " + refusal));
        return post.storeAndSend(presentation.caller(), invitation, () -> {
                    if (!store.insert(registration, now)) {
                        return Optional.empty();
                    }
                    created(presentation, registration);
                    endIfLoggedOut(presentation, registration);
                    return Optional.of(registration);
                })
                .map(stored -> stepUp(stored, handle));
    }

    private Optional<Registered> stepUpAgain(Presentation presentation, Registration live, Instant now) {
        Claim claim = Objects.requireNonNull(live.claim());
        ClaimHandle handle = ceremony.newHandle(claim.expiresAt());
        Registration next = live.presented(presentation.idJag().issuedAt())
                .renewClaimToken(SecretHash.of(handle.token().reveal()), now)
                .orElseThrow(refusal -> new AgentAuthException(ErrorCode.CLAIM_EXPIRED));
        Attempt attempt = claim.attempt();
        if (attempt != null && post.isOpen(attempt, now)) {
            return replace(presentation, live, next).map(stored -> stepUp(stored, handle));
        }
        String recipient = addressOnFile(
                users.byId(Objects.requireNonNull(live.stepUpUserId())).orElseThrow(ProviderRegistrar::nobody));
        presentation.countMail(recipient);
        Invitation invitation = ceremony.invite(claim, now);
        Registration asking = next.startAttempt(recipient, invitation.attempt(), now)
                .orElseThrow(refusal -> new AgentAuthException(ErrorCode.CLAIM_EXPIRED));
        return post.storeAndSend(presentation.caller(), invitation, () -> replace(presentation, live, asking))
                .map(stored -> stepUp(stored, handle));
    }

    private Optional<Registration> replace(Presentation presentation, Registration current, Registration next) {
        Optional<Registration> written = store.replace(current, next);
        written.ifPresent(stored -> endIfLoggedOut(presentation, stored));
        return written;
    }

    private Registered stepUp(Registration registration, ClaimHandle handle) {
        return new Registered.StepUp(registration.id(), settings.postClaimScopes(), handle);
    }

    /** After a write: if a logout has come meanwhile, it applies to what was written. */
    private void endIfLoggedOut(Presentation presentation, Registration written) {
        providerAssertions.logoutThatCovers(presentation.idJag()).ifPresent(mark -> {
            Instant now = ports.now();
            writer.update(presentation.caller(), written, registration -> registration.loggedOut(mark, now));
            throw new AgentAuthException(ErrorCode.EXPIRED);
        });
    }

    private Optional<Registration> stored(Registration current, Registration next) {
        return next.equals(current) ? Optional.of(current) : store.replace(current, next);
    }

    private void created(Presentation presentation, Registration registration) {
        presentation.audit(AuditEvent.Type.REGISTRATION_CREATED, registration);
    }

    private static String addressOnFile(User user) {
        return user.email().flatMap(EmailAddress::normalize).orElseThrow(ProviderRegistrar::nobody);
    }

    private static AgentAuthException nobody() {
        return new AgentAuthException(ErrorCode.USER_NOT_FOUND);
    }

    private String newId() {
        return secrets.id("reg_");
    }

    /** One accepted ID-JAG, from whatever number of rounds it takes. */
    private final class Presentation {
        private final Caller caller;
        private final VerifiedIdJag idJag;
        private final Contact contact;
        private boolean mailCounted;

        Presentation(Caller caller, VerifiedIdJag idJag) {
            this.caller = caller;
            this.idJag = idJag;
            this.contact =
                    Contact.vouchedFor(idJag.email().orElse(null), idJag.phone().orElse(null));
        }

        Caller caller() {
            return caller;
        }

        VerifiedIdJag idJag() {
            return idJag;
        }

        ProviderIdentity identity() {
            return idJag.identity();
        }

        Contact contact() {
            return contact;
        }

        ProviderLink newLink() {
            return ProviderLink.of(idJag.identity(), idJag.issuedAt());
        }

        /** What the ID-JAG's scope narrows the assertion to; null if it has none. */
        @Nullable
        Set<String> ceiling() {
            if (idJag.scope().isEmpty()) {
                return null;
            }
            Set<String> ceiling = new LinkedHashSet<>(settings.postClaimScopes());
            ceiling.retainAll(idJag.scope().get());
            return ceiling;
        }

        void countMail(String recipient) {
            if (!mailCounted) {
                limits.stepUpMail(caller, recipient);
                mailCounted = true;
            }
        }

        void audit(AuditEvent.Type type, Registration registration) {
            Map<String, String> fields = new HashMap<>(idJag.auditFields());
            fields.put("registration_type", RegistrationKind.PROVIDER.wireName());
            audit.record(type, caller, registration, fields);
        }
    }
}
