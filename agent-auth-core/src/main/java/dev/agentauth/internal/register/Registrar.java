package dev.agentauth.internal.register;

import dev.agentauth.AgentAuthException;
import dev.agentauth.Caller;
import dev.agentauth.ClaimHandle;
import dev.agentauth.IssuedAssertion;
import dev.agentauth.Problem;
import dev.agentauth.Registered;
import dev.agentauth.internal.Audit;
import dev.agentauth.internal.Feature;
import dev.agentauth.internal.Limits;
import dev.agentauth.internal.Ports;
import dev.agentauth.internal.Secrets;
import dev.agentauth.internal.Settings;
import dev.agentauth.internal.Surroundings;
import dev.agentauth.internal.claim.Asking;
import dev.agentauth.internal.token.IdentityAssertions;
import dev.agentauth.registration.Asked;
import dev.agentauth.registration.Registration;
import dev.agentauth.spi.AuditEvent;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Registers agents that say nothing about a person, or name an address. {@link ProviderRegistrar} does the rest. */
public final class Registrar {
    private final Settings settings;
    private final Ports ports;
    private final Asking asking;
    private final IdentityAssertions assertions;
    private final Limits limits;
    private final Audit audit;
    private final Secrets secrets;

    public Registrar(Surroundings around, Asking asking, IdentityAssertions assertions) {
        this.settings = around.settings();
        this.ports = around.ports();
        this.asking = asking;
        this.assertions = assertions;
        this.limits = around.limits();
        this.audit = around.audit();
        this.secrets = around.secrets();
    }

    /** See {@code AgentAuth.registerAnonymous}. */
    public Registered.Anonymous registerAnonymous(Caller caller) {
        if (!settings.features().has(Feature.ANONYMOUS)) {
            throw new AgentAuthException(Problem.ANONYMOUS_OFF);
        }
        limits.anonymous(caller);
        Instant now = ports.now();
        ClaimHandle handle = asking.newRegistrationsHandle(now);
        Registration registration = Registration.anonymous(newId(), Asking.open(handle), now);
        // Minted before it is stored: if signing fails, nothing has happened.
        IssuedAssertion assertion = assertions.mint(registration, null, now);
        insert(caller, registration, now);
        audit.record(AuditEvent.Type.ASSERTION_ISSUED, caller, registration);
        return new Registered.Anonymous(
                registration.id(), assertion, settings.preClaimScopes(), settings.postClaimScopes(), handle);
    }

    /** See {@code AgentAuth.registerWithEmail}. */
    public Registered.Email registerWithEmail(Caller caller, String address) {
        return register(caller, () -> Asking.mailbox(address));
    }

    /** See {@code AgentAuth.registerForWhoeverSignsIn}. */
    public Registered.Email registerForWhoeverSignsIn(Caller caller) {
        return register(caller, asking::anybody);
    }

    /** Whom to ask is read only once the request has been counted. */
    private Registered.Email register(Caller caller, Supplier<Asked> whom) {
        if (!settings.features().has(Feature.EMAIL)) {
            throw new AgentAuthException(Problem.EMAIL_OFF);
        }
        limits.assertion(caller);
        Asked asked = whom.get();
        Instant now = ports.now();
        ClaimHandle handle = asking.newRegistrationsHandle(now);
        Asking.Opened opened = asking.ask(
                        new Asking.Question(caller, Limits::mail),
                        Registration.email(newId(), Asking.open(handle), now),
                        asked,
                        now,
                        next -> {
                            limits.goodAssertion(caller);
                            return Optional.of(insert(caller, next, now));
                        })
                .orElseThrow();
        return new Registered.Email(opened.registration().id(), settings.postClaimScopes(), handle, opened.handle());
    }

    private Registration insert(Caller caller, Registration registration, Instant now) {
        if (!ports.registrations().insert(registration, now)) {
            throw new IllegalStateException("only registrations of kind provider can be refused");
        }
        audit.record(
                AuditEvent.Type.REGISTRATION_CREATED,
                caller,
                registration,
                Map.of("kind", registration.kind().label()));
        return registration;
    }

    private String newId() {
        return secrets.id("reg_");
    }
}
