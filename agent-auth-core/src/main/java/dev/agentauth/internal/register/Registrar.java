package dev.agentauth.internal.register;

import dev.agentauth.AgentAuthException;
import dev.agentauth.Caller;
import dev.agentauth.ClaimHandle;
import dev.agentauth.ErrorCode;
import dev.agentauth.IssuedAssertion;
import dev.agentauth.Registered;
import dev.agentauth.internal.Audit;
import dev.agentauth.internal.EmailAddress;
import dev.agentauth.internal.Limits;
import dev.agentauth.internal.Ports;
import dev.agentauth.internal.Secrets;
import dev.agentauth.internal.Settings;
import dev.agentauth.internal.claim.ClaimCeremony;
import dev.agentauth.internal.claim.ClaimPost;
import dev.agentauth.internal.claim.Invitation;
import dev.agentauth.internal.token.IdentityAssertions;
import dev.agentauth.registration.Claim;
import dev.agentauth.registration.Registration;
import dev.agentauth.spi.AuditEvent;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Registers agents that say nothing about a person, or name an address. {@link ProviderRegistrar} does the rest. */
public final class Registrar {
    private final Settings settings;
    private final Ports ports;
    private final ClaimCeremony ceremony;
    private final ClaimPost post;
    private final IdentityAssertions assertions;
    private final Limits limits;
    private final Audit audit;
    private final Secrets secrets;

    public Registrar(
            Settings settings,
            Ports ports,
            ClaimCeremony ceremony,
            ClaimPost post,
            IdentityAssertions assertions,
            Limits limits,
            Audit audit,
            Secrets secrets) {
        this.settings = settings;
        this.ports = ports;
        this.ceremony = ceremony;
        this.post = post;
        this.assertions = assertions;
        this.limits = limits;
        this.audit = audit;
        this.secrets = secrets;
    }

    /** See {@code AgentAuth.registerAnonymous}. */
    public Registered.Anonymous registerAnonymous(Caller caller) {
        if (!settings.anonymous()) {
            throw new AgentAuthException(ErrorCode.ANONYMOUS_NOT_ENABLED);
        }
        limits.anonymous(caller);
        Instant now = ports.now();
        ClaimHandle handle = newHandle(now);
        Registration registration = Registration.anonymous(newId(), ClaimCeremony.open(handle, null), now);
        // Minted before it is stored: if signing fails, nothing has happened.
        IssuedAssertion assertion = assertions.mint(registration, null, now);
        insert(caller, registration, now);
        audit.record(AuditEvent.Type.ASSERTION_ISSUED, caller, registration);
        return new Registered.Anonymous(
                registration.id(), assertion, settings.preClaimScopes(), settings.postClaimScopes(), handle);
    }

    /** See {@code AgentAuth.registerWithEmail}. */
    public Registered.Email registerWithEmail(Caller caller, String address) {
        if (!settings.verifiedEmail()) {
            throw new AgentAuthException(ErrorCode.VERIFIED_EMAIL_NOT_ENABLED);
        }
        limits.assertion(caller);
        String recipient = EmailAddress.normalize(address)
                .orElseThrow(() -> new AgentAuthException(
                        ErrorCode.INVALID_REQUEST, "The assertion must be one plain ASCII e-mail address."));
        limits.mail(caller, recipient);
        Instant now = ports.now();
        ClaimHandle handle = newHandle(now);
        Claim claim = ClaimCeremony.open(handle, recipient);
        Invitation invitation = ceremony.invite(claim, now);
        Registration registration = Registration.email(newId(), claim, now)
                .startAttempt(recipient, invitation.attempt(), now)
                .orElseThrow(refusal -> new IllegalStateException("a new registration refused: " + refusal));
        Optional<Registration> unused =
                post.storeAndSend(caller, invitation, () -> Optional.of(insert(caller, registration, now)));
        return new Registered.Email(registration.id(), settings.postClaimScopes(), handle);
    }

    private Registration insert(Caller caller, Registration registration, Instant now) {
        if (!ports.registrations().insert(registration, now)) {
            throw new IllegalStateException("only registrations of kind provider can be refused");
        }
        audit.record(
                AuditEvent.Type.REGISTRATION_CREATED,
                caller,
                registration,
                Map.of("registration_type", registration.kind().wireName()));
        return registration;
    }

    private String newId() {
        return secrets.id("reg_");
    }

    private ClaimHandle newHandle(Instant now) {
        return ceremony.newHandle(now.plus(settings.lifetimes().registration()));
    }
}
