package dev.agentauth.internal.wire;

import dev.agentauth.AuthenticatedAgent;
import dev.agentauth.Discovery;
import dev.agentauth.IntrospectedToken;
import dev.agentauth.internal.json.Json;
import dev.agentauth.internal.json.JsonFormatException;
import dev.agentauth.internal.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an API in another process is told of a token that is good (RFC 7662, section 2.2): written here for the service, and read
 * here for that API.
 *
 * @param userId null while nobody owns the registration
 */
public record IntrospectionAnswer(
        String registrationId,
        @Nullable String userId,
        List<String> scopes,
        Instant expiresAt,
        String issuer,
        String audience) {
    private static final String ACTIVE = "active";
    private static final String SCOPE = "scope";
    private static final String SUBJECT = "sub";
    private static final String EXPIRY = "exp";
    private static final String ISSUER = "iss";
    private static final String AUDIENCE = "aud";

    /** The answer; of a token that is not good nothing but that. */
    public static Map<String, Object> members(Optional<IntrospectedToken> found, Discovery discovery) {
        if (found.isEmpty()) {
            return Map.of(ACTIVE, false);
        }
        AuthenticatedAgent agent = found.get().agent();
        Map<String, Object> members = new LinkedHashMap<>();
        members.put(ACTIVE, true);
        if (!agent.scopes().isEmpty()) {
            members.put(SCOPE, String.join(" ", agent.scopes()));
        }
        members.put(Requests.CLIENT_ID, agent.registrationId());
        members.put(SUBJECT, agent.userId().orElse(agent.registrationId()));
        members.put(EXPIRY, found.get().expiresAt().getEpochSecond());
        members.put(ISSUER, discovery.issuer());
        members.put(AUDIENCE, discovery.resource());
        members.put("token_type", "Bearer");
        return members;
    }

    /** The body of a question. */
    public static String question(String token) {
        return Requests.TOKEN + "=" + URLEncoder.encode(token, StandardCharsets.UTF_8);
    }

    /**
     * Reads an answer.
     *
     * @return null if the token is not good
     */
    public static @Nullable IntrospectionAnswer read(byte[] body) throws JsonFormatException {
        JsonObject answer = Json.parseObject(body);
        if (!answer.requiredBoolean(ACTIVE)) {
            return null;
        }
        String registrationId = answer.requiredString(Requests.CLIENT_ID);
        String subject = answer.requiredString(SUBJECT);
        return new IntrospectionAnswer(
                registrationId,
                subject.equals(registrationId) ? null : subject,
                answer.string(SCOPE).map(scopes -> List.of(scopes.split(" "))).orElse(List.of()),
                answer.time(EXPIRY).orElseThrow(() -> new JsonFormatException("missing " + EXPIRY)),
                answer.requiredString(ISSUER),
                answer.requiredString(AUDIENCE));
    }
}
