package dev.agentauth.internal.provider;

import dev.agentauth.Caller;
import dev.agentauth.internal.Ports;
import dev.agentauth.internal.RegistrationWriter;
import dev.agentauth.internal.wire.Urns;
import dev.agentauth.registration.ProviderIdentity;
import dev.agentauth.registration.Registration;
import dev.agentauth.spi.JwtKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** What providers tell about what they vouched for. Each type of event has its handler in one table. */
public final class ProviderEvents {
    /** No ID-JAG from before the logout is accepted any more by then, on whatever replica. */
    private static final Duration MARK_LIFETIME = IdJagRules.MAX_LIFETIME.plus(ProviderJwt.REMEMBERED_BEYOND);

    private final ProviderAssertions assertions;
    private final Ports ports;
    private final RegistrationWriter writer;
    private final Map<String, Handler> handlers;

    public ProviderEvents(ProviderAssertions assertions, Ports ports, RegistrationWriter writer) {
        this.assertions = assertions;
        this.ports = ports;
        this.writer = writer;
        Handler endVouching = this::endVouching;
        this.handlers = Map.of(Urns.ASSERTION_REVOKED, endVouching, Urns.BACKCHANNEL_LOGOUT, endVouching);
    }

    /** What is to be done about one type of event. It may be done again if it fails half-way. */
    private interface Handler {
        void handle(Caller caller, VerifiedLogout event, Instant now);
    }

    /** See {@code AgentAuth.logout}. */
    public void logout(Caller caller, String token) {
        Instant now = ports.now();
        VerifiedLogout logout = assertions.verifyLogout(caller, token, now);
        if (ports.replay().seen(JwtKind.LOGOUT, logout.issuer(), logout.jti(), now)) {
            return;
        }
        for (Handler handler : handlers(logout.eventTypes())) {
            handler.handle(caller, logout, now);
        }
        ports.replay().recordFirst(JwtKind.LOGOUT, logout.issuer(), logout.jti(), now, logout.replayUntil());
    }

    /** What several types have in common is done once. */
    private Set<Handler> handlers(Set<String> eventTypes) {
        return eventTypes.stream()
                .map(type -> Objects.requireNonNull(handlers.get(type), "an event was accepted that nobody handles"))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** First the mark, so that nothing from before can be presented any more; then what was presented already. */
    private void endVouching(Caller caller, VerifiedLogout logout, Instant now) {
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
