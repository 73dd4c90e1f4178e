package dev.agentauth.internal.provider;

import static dev.agentauth.internal.provider.ProviderJwt.REMEMBERED_BEYOND;
import static dev.agentauth.internal.provider.ProviderJwt.SKEW;
import static dev.agentauth.internal.provider.ProviderJwt.invalid;

import dev.agentauth.AgentAuthException;
import dev.agentauth.Problem;
import dev.agentauth.internal.json.JsonFormatException;
import dev.agentauth.internal.json.JsonObject;
import dev.agentauth.internal.wire.Urns;
import dev.agentauth.registration.ProviderIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** What a logout token must say beyond the rules for all kinds (OpenID Connect Back-Channel Logout 1.0, section 2.4). */
final class LogoutRules implements JwtRules<VerifiedEvent> {
    private static final Duration MAX_AGE = Duration.ofHours(12);
    private static final Set<String> EVENT_TYPES =
            Set.of(Urns.ASSERTION_REVOKED, Urns.ASSERTION_REVOKED_SHORT, Urns.BACKCHANNEL_LOGOUT);

    private final String issuer;

    LogoutRules(String issuer) {
        this.issuer = issuer;
    }

    @Override
    public String typ() {
        return "logout+jwt";
    }

    @Override
    public VerifiedEvent check(ProviderJwt jwt, Instant now) throws JsonFormatException {
        JsonObject claims = jwt.claims();
        if (claims.has("sid") && !claims.has("sub")) {
            throw invalid("Sessions are not known here: name the person whom the logout is about in sub.");
        }
        String subject = ProviderJwt.id(claims, "sub");
        Optional<String> tenant = jwt.optionalId("tenant");
        Instant issuedAt = jwt.requiredTime("iat");
        Set<String> eventTypes = eventTypes(claims);
        if (claims.has("nonce")) {
            throw invalid("A logout token must not have a nonce.");
        }
        Optional<Instant> expiresAt = claims.time("exp");
        // Where there is an exp, the rules for all kinds have found it to be in the future.
        if (expiresAt.isEmpty() && !now.isBefore(issuedAt.plus(MAX_AGE).plus(SKEW))) {
            throw new AgentAuthException(Problem.JWT_EXPIRED);
        }
        return new VerifiedEvent(
                jwt.provider().issuer(),
                new ProviderIdentity(jwt.provider().issuer(), tenant.orElse(null), subject, issuer),
                jwt.jti(),
                issuedAt,
                replayUntil(expiresAt.orElse(issuedAt.plus(MAX_AGE)), now),
                eventTypes);
    }

    /** However late its exp: a logout that is done again after that long changes nothing. */
    private static Instant replayUntil(Instant end, Instant now) {
        Instant latest = now.plus(MAX_AGE);
        return (end.isBefore(latest) ? end : latest).plus(REMEMBERED_BEYOND);
    }

    private static Set<String> eventTypes(JsonObject claims) throws JsonFormatException {
        Set<String> types = claims.object("events")
                .map(events -> EventTypes.among(events, EVENT_TYPES))
                .orElse(Set.of());
        if (types.isEmpty()) {
            throw invalid(
                    "The events of this logout token must hold one of events_supported of the discovery document.");
        }
        return types;
    }
}
