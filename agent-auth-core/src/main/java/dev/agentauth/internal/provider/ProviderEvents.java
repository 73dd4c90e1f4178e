package dev.agentauth.internal.provider;

import dev.agentauth.Caller;
import dev.agentauth.internal.Audit;
import dev.agentauth.internal.Ports;
import dev.agentauth.internal.RegistrationWriter;
import dev.agentauth.internal.Surroundings;
import dev.agentauth.internal.wire.Urns;
import dev.agentauth.registration.ProviderIdentity;
import dev.agentauth.registration.Registration;
import dev.agentauth.spi.AuditEvent;
import dev.agentauth.spi.JwtKind;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What providers tell about what they vouched for. Each type of event has its handler in one table. */
public final class ProviderEvents {
    /** No ID-JAG from before the logout is accepted any more by then, on whatever replica. */
    private static final Duration MARK_LIFETIME = IdJagRules.MAX_LIFETIME.plus(ProviderJwt.REMEMBERED_BEYOND);

    private final ProviderAssertions assertions;
    private final Ports ports;
    private final RegistrationWriter writer;
    private final Audit audit;
    private final Map<String, Handler> handlers;

    public ProviderEvents(ProviderAssertions assertions, Surroundings around) {
        this.assertions = assertions;
        this.ports = around.ports();
        this.writer = around.writer();
        this.audit = around.audit();
        Handler endVouching = this::endVouching;
        this.handlers = Map.of(
                Urns.ASSERTION_REVOKED, endVouching,
                Urns.ASSERTION_REVOKED_SHORT, endVouching,
                Urns.BACKCHANNEL_LOGOUT, endVouching);
    }

    /** What is to be done about one type of event. It may be done again if it fails half-way. */
    private interface Handler {
        void handle(Caller caller, VerifiedEvent event, Instant now);
    }

    /** See {@code AgentAuth.logout}. */
    public void logout(Caller caller, String token) {
        Instant now = ports.now();
        take(caller, assertions.verifyLogout(caller, token, now), JwtKind.LOGOUT, now);
    }

    /** See {@code AgentAuth.securityEvent}. */
    public void securityEvent(Caller caller, String token) {
        Instant now = ports.now();
        VerifiedEvent event = assertions.verifySecurityEvent(caller, token, now);
        take(caller, event, JwtKind.SECURITY_EVENT, now);
        audit.record(AuditEvent.Type.EVENT_RECEIVED, caller, fields(event));
    }

    /** Everything about an event, and then its {@code jti}: should anything fail before, it can be sent again. */
    private void take(Caller caller, VerifiedEvent event, JwtKind kind, Instant now) {
        if (ports.replay().seen(kind, event.issuer(), event.jti(), now)) {
            return;
        }
        for (Handler handler : handlers(event.eventTypes())) {
            handler.handle(caller, event, now);
        }
        ports.replay().recordFirst(kind, event.issuer(), event.jti(), now, event.replayUntil());
    }

    /** Types that nobody here acts on are a provider's words, and not written down. */
    private static Map<String, String> fields(VerifiedEvent event) {
        Map<String, String> fields = new HashMap<>();
        fields.put("iss", Audit.cut(event.issuer()));
        fields.put("events", String.join(" ", new TreeSet<>(event.eventTypes())));
        if (!event.eventTypes().isEmpty()) {
            fields.put("sub", Audit.cut(event.subject().subject()));
        }
        return fields;
    }

    /** What several types have in common is done once. */
    private Set<Handler> handlers(Set<String> eventTypes) {
        return eventTypes.stream()
                .map(type -> Objects.requireNonNull(handlers.get(type), "an event was accepted that nobody handles"))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** First the mark, so that nothing from before can be presented any more; then what was presented already. */
    private void endVouching(Caller caller, VerifiedEvent logout, Instant now) {
        ports.logoutMarks().raise(logout.subject(), logout.issuedAt(), now.plus(MARK_LIFETIME));
        for (Registration registration : concerned(logout.subject())) {
            writer.logOut(caller, registration, logout.issuedAt(), now);
        }
    }

    private List<Registration> concerned(ProviderIdentity subject) {
        return subject.tenant() == null
                ? ports.registrations().findByProviderInAnyTenant(subject)
                : ports.registrations().findByProvider(subject);
    }
}
