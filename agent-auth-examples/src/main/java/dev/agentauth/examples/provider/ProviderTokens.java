package dev.agentauth.examples.provider;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Writes and signs what a provider says: ID-JAGs and logout tokens. Knows nothing of HTTP. */
final class ProviderTokens {
    private static final String ASSERTION_REVOKED =
            "https://schemas.workos.com/events/agent/auth/identity/assertion/revoked";
    private static final Duration LIFETIME = Duration.ofMinutes(5);
    private static final String PLATFORM = "agent-auth sample provider";

    private final String issuer;
    private final String clientId;
    private final Es256Key key;

    /** Speaks for an issuer, and names its agents by one client id. */
    ProviderTokens(String issuer, String clientId, Es256Key key) {
        this.issuer = issuer;
        this.clientId = clientId;
        this.key = key;
    }

    /** Vouches for the person of a session, towards one service. */
    String idJag(Session session, String audience, Map<String, String> narrowing, Instant issuedAt) {
        Map<String, Object> claims = claims(session.person().subject(), audience, issuedAt);
        claims.put("client_id", clientId);
        claims.put("email", session.person().email());
        claims.put("email_verified", true);
        claims.put("auth_time", session.signedInAt().getEpochSecond());
        claims.put("agent_platform", PLATFORM);
        claims.put("agent_context_id", session.contextId());
        claims.putAll(narrowing);
        return key.sign("oauth-id-jag+jwt", claims);
    }

    /** Takes back everything that was said about a person to one service until now. */
    String logoutToken(String subject, String audience, Instant issuedAt) {
        Map<String, Object> claims = claims(subject, audience, issuedAt);
        claims.put("events", Map.of(ASSERTION_REVOKED, Map.of()));
        return key.sign("logout+jwt", claims);
    }

    /** The keys by which services check all this. */
    Map<String, Object> jwks() {
        return Map.of("keys", List.of(key.publicJwk()));
    }

    private Map<String, Object> claims(String subject, String audience, Instant issuedAt) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", issuer);
        claims.put("sub", subject);
        claims.put("aud", audience);
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("iat", issuedAt.getEpochSecond());
        claims.put("exp", issuedAt.plus(LIFETIME).getEpochSecond());
        return claims;
    }
}
