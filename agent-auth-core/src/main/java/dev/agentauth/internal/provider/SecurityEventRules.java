package dev.agentauth.internal.provider;

import static dev.agentauth.internal.provider.ProviderJwt.invalid;

import dev.agentauth.internal.json.JsonFormatException;
import dev.agentauth.internal.json.JsonObject;
import dev.agentauth.internal.wire.Urns;
import dev.agentauth.registration.ProviderIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a security event token must say beyond the rules for all kinds (RFC 8417). However old it is, it is taken: its
 * {@code iat} sees to it that a late one hurts nothing that came after it, and to refuse it would lose a revocation.
 */
final class SecurityEventRules implements JwtRules<VerifiedEvent> {
    private static final Duration REMEMBERED = Duration.ofHours(12);
    private static final Set<String> EVENT_TYPES = Set.of(Urns.ASSERTION_REVOKED, Urns.ASSERTION_REVOKED_SHORT);

    private final String issuer;

    SecurityEventRules(String issuer) {
        this.issuer = issuer;
    }

    @Override
    public String typ() {
        return "secevent+jwt";
    }

    /** The subject is looked at only for an event that we act on. */
    @Override
    public List<String> strings(JsonObject claims) throws JsonFormatException {
        boolean isActedOn = claims.object("events")
                .filter(events -> EVENT_TYPES.stream().anyMatch(events::has))
                .isPresent();
        return isActedOn ? List.of("jti", "sub") : List.of("jti");
    }

    @Override
    public VerifiedEvent check(ProviderJwt jwt, Instant now) throws JsonFormatException {
        Instant issuedAt = jwt.requiredTime("iat");
        Set<String> eventTypes = eventTypes(jwt.claims());
        return new VerifiedEvent(
                jwt.provider().issuer(),
                eventTypes.isEmpty() ? null : subject(jwt),
                jwt.jti(),
                issuedAt,
                now.plus(REMEMBERED),
                eventTypes);
    }

    private static Set<String> eventTypes(JsonObject claims) throws JsonFormatException {
        JsonObject events = claims.object("events").orElseThrow(() -> invalid("The security event has no events."));
        Set<String> types = EventTypes.among(events, EVENT_TYPES);
        if (types.isEmpty() && EVENT_TYPES.stream().anyMatch(events::has)) {
            throw invalid("What an event says more must be an object, if an empty one.");
        }
        return types;
    }

    private ProviderIdentity subject(ProviderJwt jwt) throws JsonFormatException {
        JsonObject claims = jwt.claims();
        Optional<JsonObject> id = claims.object("sub_id");
        if (id.isPresent() && !id.get().is("format", "iss_sub")) {
            throw invalid("The sub_id of a security event must be of format iss_sub.");
        }
        String subject = ProviderJwt.id(id.orElse(claims), "sub");
        boolean isOfAnother =
                id.isPresent() && !id.get().is("iss", jwt.provider().issuer());
        boolean isAnother = claims.has("sub") && !claims.is("sub", subject);
        if (isOfAnother || isAnother) {
            throw invalid(
                    "The sub_id of a security event must name the subject of its iss, as sub does if it is there.");
        }
        String tenant = jwt.optionalId("tenant").orElse(null);
        return new ProviderIdentity(jwt.provider().issuer(), tenant, subject, issuer);
    }
}
