package dev.agentauth.internal.register;

import dev.agentauth.AgentAuthException;
import dev.agentauth.Caller;
import dev.agentauth.ClaimHandle;
import dev.agentauth.IssuedAssertion;
import dev.agentauth.Problem;
import dev.agentauth.Registered;
import dev.agentauth.SecretHash;
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
import dev.agentauth.internal.claim.Asking;
import dev.agentauth.internal.claim.ClaimMailing;
import dev.agentauth.internal.provider.ProviderAssertions;
import dev.agentauth.internal.provider.VerifiedIdJag;
import dev.agentauth.internal.token.Gate;
import dev.agentauth.internal.token.IdentityAssertions;
import dev.agentauth.internal.token.Scopes;
import dev.agentauth.internal.users.Matching;
import dev.agentauth.internal.users.Users;
import dev.agentauth.registration.Asked;
import dev.agentauth.registration.EndReason;
import dev.agentauth.registration.Registration;
import dev.agentauth.registration.RegistrationKind;
import dev.agentauth.registration.RegistrationStatus;
import dev.agentauth.spi.AuditEvent;
import dev.agentauth.spi.Contact;
import dev.agentauth.spi.RegistrationStore;
import dev.agentauth.spi.User;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

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
    private final Users users;
    private final Matching matching;
    private final Asking asking;
    private final ClaimMailing mailing;
    private final RegistrationWriter writer;
    private final LateLogout lateLogout;
    private final ProviderAssertions providerAssertions;
    private final IdentityAssertions assertions;
    private final Limits limits;
    private final Audit audit;
    private final Secrets secrets;

    public ProviderRegistrar(
            Surroundings around,
            Gate gate,
            Users users,
            Matching matching,
            ProviderAssertions providerAssertions,
            IdentityAssertions assertions,
            Asking asking,
            ClaimMailing mailing) {
        this.settings = around.settings();
        this.ports = around.ports();
        this.store = ports.registrations();
        this.gate = gate;
        this.users = users;
        this.matching = matching;
        this.asking = asking;
        this.mailing = mailing;
        this.writer = around.writer();
        this.lateLogout = new LateLogout(around, providerAssertions);
        this.providerAssertions = providerAssertions;
        this.assertions = assertions;
        this.limits = around.limits();
        this.audit = around.audit();
        this.secrets = around.secrets();
    }

    /** See {@code AgentAuth.registerWithIdJag}. */
    public Registered register(Caller caller, String token) {
        if (!settings.features().has(Feature.ID_JAG)) {
            throw new AgentAuthException(Problem.ID_JAG_OFF);
        }
        limits.assertion(caller);
        VerifiedIdJag idJag = providerAssertions.verifyIdJag(caller, token, ports.now());
        limits.goodAssertion(caller);
        Presentation presentation = new Presentation(caller, idJag, settings.postClaimScopes());
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
        List<Registration> known = store.findByProvider(presentation.identity());
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
        Matching.Answer answer = matching.ask(presentation.identity(), contact, known, holders);
        if (answer instanceof Matching.Linked linked) {
            return bind(presentation, linked.user(), true, now);
        }
        if (answer instanceof Matching.New made) {
            return bind(presentation, made.user(), false, now);
        }
        if (answer instanceof Matching.Existing existing) {
            return presentExisting(presentation, existing, now);
        }
        throw nobody();
    }

    private Optional<Registered> presentAgain(Presentation presentation, Registration live, Instant now) {
        Registration next = live.presented(presentation.idJag().issuedAt());
        IssuedAssertion assertion = assertions.mint(next, presentation.ceiling(), now);
        return writer.replace(live, next).map(written -> registered(presentation, written, assertion));
    }

    private Optional<Registered> presentExisting(Presentation presentation, Matching.Existing existing, Instant now) {
        return switch (settings.existingUsers()) {
            case CONFIRM -> stepUp(presentation, existing, now);
            case LINK -> bind(presentation, existing.user(), true, now);
            case REFUSE -> throw nobody();
        };
    }

    private Optional<Registered> bind(Presentation presentation, User user, boolean existedBefore, Instant now) {
        Registration registration = Registration.provider(newId(), presentation.newLink(), user.id(), now);
        // Minted before it is stored: if signing fails, nothing has happened.
        IssuedAssertion assertion = assertions.mint(registration, presentation.ceiling(), now);
        if (!store.insert(registration, now)) {
            return Optional.empty();
        }
        created(presentation, registration);
        if (!existedBefore && !matching.stillYields(presentation.identity(), user)) {
            // Meanwhile somebody proved the address, and what was prepared for it has ended; so must this.
            writer.revoke(presentation.caller(), registration, EndReason.OWN_PROOF, now);
            return Optional.empty();
        }
        Registered registered = registered(presentation, registration, assertion);
        if (existedBefore) {
            mailing.notice(presentation.caller(), registration, user, now);
        }
        return Optional.of(registered);
    }

    private Registered registered(Presentation presentation, Registration written, IssuedAssertion assertion) {
        endIfLoggedOut(presentation, written);
        audit(AuditEvent.Type.ASSERTION_ISSUED, presentation, written);
        return new Registered.Provider(
                written.id(), assertion, Scopes.cut(settings.postClaimScopes(), presentation.ceiling()));
    }

    private Optional<Registered> stepUp(Presentation presentation, Matching.Existing existing, Instant now) {
        Asked asked =
                new Asked.OneUser(existing.user().id(), existing.address().orElseThrow(ProviderRegistrar::nobody));
        ClaimHandle handle = asking.newRegistrationsHandle(now);
        Registration registration = Registration.stepUp(newId(), presentation.newLink(), Asking.open(handle), now);
        return asking.ask(presentation.question(), registration, asked, now, next -> {
                    if (!store.insert(next, now)) {
                        return Optional.empty();
                    }
                    created(presentation, next);
                    endIfLoggedOut(presentation, next);
                    return Optional.of(next);
                })
                .map(opened -> stepUp(opened, handle));
    }

    private Optional<Registered> stepUpAgain(Presentation presentation, Registration live, Instant now) {
        ClaimHandle handle =
                asking.newHandle(Objects.requireNonNull(live.claim()).expiresAt());
        Registration next = live.presented(presentation.idJag().issuedAt())
                .renewClaimToken(SecretHash.of(handle.token().reveal()), now)
                .orElseThrow();
        User user = users.byId(Objects.requireNonNull(live.userBehind())).orElseThrow(ProviderRegistrar::nobody);
        Asked asked = new Asked.OneUser(
                user.id(), user.email().flatMap(EmailAddress::normalize).orElseThrow(ProviderRegistrar::nobody));
        return asking.ask(presentation.question(), next, asked, now, asking -> replace(presentation, live, asking))
                .map(opened -> stepUp(opened, handle));
    }

    private Optional<Registration> replace(Presentation presentation, Registration current, Registration next) {
        Optional<Registration> written = store.replace(current, next);
        written.ifPresent(stored -> endIfLoggedOut(presentation, stored));
        return written;
    }

    private Registered stepUp(Asking.Opened opened, ClaimHandle handle) {
        return new Registered.StepUp(opened.registration().id(), settings.postClaimScopes(), handle, opened.handle());
    }

    private void endIfLoggedOut(Presentation presentation, Registration written) {
        lateLogout.endIfLoggedOut(presentation, written);
    }

    private void created(Presentation presentation, Registration registration) {
        audit(AuditEvent.Type.REGISTRATION_CREATED, presentation, registration);
    }

    private void audit(AuditEvent.Type type, Presentation presentation, Registration registration) {
        audit.record(type, presentation.caller(), registration, presentation.auditFields(registration));
    }

    private static AgentAuthException nobody() {
        return new AgentAuthException(Problem.NO_USER);
    }

    private String newId() {
        return secrets.id("reg_");
    }
}
