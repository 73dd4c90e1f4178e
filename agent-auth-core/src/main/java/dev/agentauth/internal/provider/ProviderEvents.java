package dev.agentauth.internal.provider;

import dev.agentauth.Caller;
import dev.agentauth.internal.Ports;
import dev.agentauth.internal.RegistrationWriter;
import dev.agentauth.registration.Registration;
import dev.agentauth.spi.JwtKind;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** What providers tell about what they vouched for. Each type of event has its handler in one table. */
public final class ProviderEvents {
    /** The event that this protocol defines. */
    public static final String ASSERTION_REVOKED =
            "https://schemas.workos.com/events/agent/auth/identity/assertion/revoked";

    /** The event of OpenID Connect Back-Channel Logout 1.0, section 2.4. */
    public static final String BACKCHANNEL_LOGOUT = "http://schemas.openid.net/event/backchannel-logout";

    /** An ID-JAG lives for an hour at the most; the rest is for two clocks that are each a minute off. */
    private static final Duration MARK_LIFETIME = Duration.ofMinutes(62);

    private final ProviderAssertions assertions;
    private final ProviderRejections rejections;
    private final Ports ports;
    private final RegistrationWriter writer;
    private final Map<String, Handler> handlers =
            Map.of(ASSERTION_REVOKED, this::endVouching, BACKCHANNEL_LOGOUT, this::endVouching);

    public ProviderEvents(
            ProviderAssertions assertions, ProviderRejections rejections, Ports ports, RegistrationWriter writer) {
        this.assertions = assertions;
        this.rejections = rejections;
        this.ports = ports;
        this.writer = writer;
    }

    /** What is to be done about one type of event. It may be done again if it fails half-way. */
    private interface Handler {
        void handle(Caller caller, VerifiedLogout event, Instant now);
    }

    /** See {@code AgentAuth.logout}. */
    public void logout(Caller caller, String token) {
        Instant now = ports.now();
        VerifiedLogout logout = rejections.audited(caller, token, () -> assertions.verifyLogout(token, now));
        if (ports.replay().seen(JwtKind.LOGOUT, logout.issuer(), logout.jti(), now)) {
            return;
        }
        Optional.ofNullable(handlers.get(logout.eventType()))
                .orElseThrow(() -> new IllegalStateException("an event was accepted that nobody handles"))
                .handle(caller, logout, now);
        ports.replay().recordFirst(JwtKind.LOGOUT, logout.issuer(), logout.jti(), now, logout.replayUntil());
    }

    /** First the mark, so that nothing from before can be presented any more; then what was presented already. */
    private void endVouching(Caller caller, VerifiedLogout logout, Instant now) {
        ports.logoutMarks().raise(logout.subject(), logout.issuedAt(), now.plus(MARK_LIFETIME));
        for (Registration registration : ports.registrations().findByProvider(logout.subject())) {
            writer.update(caller, registration, current -> current.loggedOut(logout.issuedAt(), now));
        }
    }
}
