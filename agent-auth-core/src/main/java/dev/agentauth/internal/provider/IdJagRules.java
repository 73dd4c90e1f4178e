package dev.agentauth.internal.provider;

import static dev.agentauth.internal.provider.ProviderJwt.REMEMBERED_BEYOND;
import static dev.agentauth.internal.provider.ProviderJwt.invalid;

import dev.agentauth.AgentAuthException;
import dev.agentauth.Problem;
import dev.agentauth.internal.Audit;
import dev.agentauth.internal.EmailAddress;
import dev.agentauth.internal.json.JsonFormatException;
import dev.agentauth.internal.json.JsonObject;
import dev.agentauth.registration.ProviderIdentity;
import dev.agentauth.spi.TrustedProvider;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringTokenizer;

/** What an ID-JAG must say beyond the rules for all kinds. */
final class IdJagRules implements JwtRules<VerifiedIdJag> {
    static final Duration MAX_LIFETIME = Duration.ofHours(1);
    private static final int MAX_PHONE_LENGTH = 64;

    private final String issuer;
    private final String resource;

    IdJagRules(String issuer, String resource) {
        this.issuer = issuer;
        this.resource = resource;
    }

    @Override
    public String typ() {
        return "oauth-id-jag+jwt";
    }

    @Override
    public VerifiedIdJag check(ProviderJwt jwt, Instant now) throws JsonFormatException {
        JsonObject claims = jwt.claims();
        Instant expiresAt = jwt.requiredTime("exp");
        Instant issuedAt = jwt.requiredTime("iat");
        if (Duration.between(issuedAt, expiresAt).compareTo(MAX_LIFETIME) > 0) {
            throw invalid("The ID-JAG is valid for more than an hour: let exp be at most iat plus 3600.");
        }
        if (claims.string("client_id").filter(jwt.provider()::isClient).isEmpty()) {
            throw new AgentAuthException(Problem.CLIENT_WRONG);
        }
        String subject = ProviderJwt.id(claims, "sub");
        Optional<String> tenant = jwt.optionalId("tenant");
        Optional<String> email = verifiedEmail(claims);
        Optional<String> phone = verifiedPhone(claims);
        if (email.isEmpty() && phone.isEmpty()) {
            throw new AgentAuthException(Problem.NO_VERIFIED_CONTACT);
        }
        if (claims.has("cnf") || claims.has("authorization_details")) {
            throw invalid("The ID-JAG demands what is not done here: send it without cnf and authorization_details.");
        }
        if (claims.has("aud_tenant")
                && claims.string("aud_tenant")
                        .filter(jwt.provider().audienceTenants()::contains)
                        .isEmpty()) {
            throw new AgentAuthException(
                    Problem.AUDIENCE_WRONG, "The aud_tenant of this ID-JAG is not a tenant of this service.");
        }
        if (claims.has("resource")
                && ProviderJwt.stringOrStrings(claims, "resource")
                        .filter(all -> all.contains(resource))
                        .isEmpty()) {
            throw new AgentAuthException(Problem.RESOURCE_WRONG);
        }
        Optional<String> scope = claims.string("scope");
        requireRecentLogin(jwt, now);
        return new VerifiedIdJag(
                jwt.provider(),
                new ProviderIdentity(jwt.provider().issuer(), tenant.orElse(null), subject, issuer),
                jwt.jti(),
                issuedAt,
                expiresAt.plus(REMEMBERED_BEYOND),
                email,
                phone,
                scope.map(IdJagRules::scopes),
                auditFields(claims));
    }

    /** Last, since logging in again puts nothing else right. */
    private static void requireRecentLogin(ProviderJwt jwt, Instant now) throws JsonFormatException {
        TrustedProvider provider = jwt.provider();
        Optional<Instant> login = jwt.claims().time("auth_time");
        boolean isRecent = login.isPresent()
                ? !login.get().plus(provider.maxLoginAge()).isBefore(now)
                        && !login.get().isAfter(now.plus(ProviderJwt.SKEW))
                : !provider.loginTimeRequired();
        if (!isRecent) {
            throw AgentAuthException.loginRequired(provider.maxLoginAge());
        }
    }

    private static Optional<String> verifiedEmail(JsonObject claims) throws JsonFormatException {
        if (!claims.isTrue("email_verified")) {
            return Optional.empty();
        }
        Optional<String> email = claims.string("email");
        Optional<String> normalized = email.flatMap(EmailAddress::normalize);
        if (email.isPresent() && normalized.isEmpty()) {
            throw invalid("The email of this ID-JAG is not a plain ASCII address.");
        }
        return normalized;
    }

    private static Optional<String> verifiedPhone(JsonObject claims) throws JsonFormatException {
        if (!claims.isTrue("phone_number_verified")) {
            return Optional.empty();
        }
        Optional<String> phone = claims.string("phone_number");
        if (phone.filter(number -> number.isEmpty() || number.length() > MAX_PHONE_LENGTH)
                .isPresent()) {
            throw invalid("The phone_number of this ID-JAG must have 1 to 64 characters.");
        }
        return phone;
    }

    private static Set<String> scopes(String list) {
        Set<String> scopes = new HashSet<>();
        StringTokenizer tokens = new StringTokenizer(list, " ");
        while (tokens.hasMoreTokens()) {
            scopes.add(tokens.nextToken());
        }
        return scopes;
    }

    private static Map<String, String> auditFields(JsonObject claims) throws JsonFormatException {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String name : new String[] {"iss", "sub", "agent_platform", "agent_context_id"}) {
            claims.string(name).ifPresent(value -> fields.put(name, Audit.cut(value)));
        }
        return fields;
    }
}
