package dev.agentauth.internal.provider;

import static dev.agentauth.internal.provider.ProviderJwt.SKEW;
import static dev.agentauth.internal.provider.ProviderJwt.invalid;

import dev.agentauth.AgentAuthException;
import dev.agentauth.ErrorCode;
import dev.agentauth.internal.json.JsonFormatException;
import dev.agentauth.internal.json.JsonObject;
import dev.agentauth.registration.ProviderSubject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a logout token must say beyond the rules for all kinds (OpenID Connect Back-Channel Logout 1.0, section 2.4). */
final class LogoutRules implements JwtRules<VerifiedLogout> {
    private static final Duration MAX_AGE = Duration.ofHours(12);
    private static final List<String> EVENT_TYPES =
            List.of(ProviderEvents.ASSERTION_REVOKED, ProviderEvents.BACKCHANNEL_LOGOUT);

    private final String issuer;

    LogoutRules(String issuer) {
        this.issuer = issuer;
    }

    @Override
    public String typ() {
        return "logout+jwt";
    }

    @Override
    public VerifiedLogout check(ProviderJwt jwt, Instant now) throws JsonFormatException {
        JsonObject claims = jwt.claims();
        if (claims.has("sid") && !claims.has("sub")) {
            throw invalid("Sessions are not known here: name the person whom the logout is about in sub.");
        }
        String subject = ProviderJwt.id(claims, "sub");
        Optional<String> tenant = jwt.optionalId("tenant");
        Instant issuedAt = jwt.requiredTime("iat");
        String eventType = eventType(claims);
        if (claims.has("nonce")) {
            throw invalid("A logout token must not have a nonce.");
        }
        Optional<Instant> expiresAt = claims.time("exp");
        // Where there is an exp, the rules for all kinds have found it to be in the future.
        if (expiresAt.isEmpty() && !now.isBefore(issuedAt.plus(MAX_AGE).plus(SKEW))) {
            throw new AgentAuthException(ErrorCode.EXPIRED);
        }
        return new VerifiedLogout(
                new ProviderSubject(jwt.provider().issuer(), tenant.orElse(null), subject, issuer),
                jwt.jti(),
                issuedAt,
                expiresAt.orElse(issuedAt.plus(MAX_AGE)).plus(SKEW),
                eventType);
    }

    private static String eventType(JsonObject claims) throws JsonFormatException {
        Optional<JsonObject> events = claims.object("events");
        if (events.isPresent()) {
            for (String type : EVENT_TYPES) {
                if (events.get().object(type).isPresent()) {
                    return type;
                }
            }
        }
        throw invalid("The events of this logout token must hold one of events_supported of the discovery document.");
    }
}
