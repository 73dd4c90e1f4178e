package dev.agentauth.servlet.internal.endpoint;

import dev.agentauth.AgentAuth;
import dev.agentauth.internal.json.Json;
import dev.agentauth.servlet.internal.http.Answer;
import dev.agentauth.servlet.internal.http.Endpoint;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;

/** {@code GET /.well-known/jwks.json}: written anew only when a key has come or gone. */
public final class JwksEndpoint implements Endpoint {
    private final AgentAuth auth;
    private volatile Published last;

    private record Published(Map<String, Object> keys, Answer answer) {}

    public JwksEndpoint(AgentAuth auth) {
        this.auth = auth;
        this.last = publish(auth.jwks());
    }

    @Override
    public Answer answer(HttpServletRequest request) {
        Map<String, Object> keys = auth.jwks();
        Published published = last;
        if (!published.keys().equals(keys)) {
            published = publish(keys);
            last = published;
        }
        return published.answer();
    }

    private static Published publish(Map<String, Object> keys) {
        return new Published(keys, DocumentEndpoint.published("application/json", Json.write(keys)));
    }
}
