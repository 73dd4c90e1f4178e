package dev.agentauth.servlet.internal.endpoint;

import dev.agentauth.AgentAuth;
import dev.agentauth.Caller;
import dev.agentauth.RevealedCode;
import dev.agentauth.internal.json.JsonFormatException;
import dev.agentauth.internal.json.JsonObject;
import dev.agentauth.internal.json.Timestamps;
import dev.agentauth.servlet.internal.http.Answer;
import dev.agentauth.servlet.internal.http.Endpoint;
import dev.agentauth.servlet.internal.http.JsonSurface;
import dev.agentauth.servlet.internal.http.RequestBody;
import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** {@code POST /agent/identity/claim/attempt/challenge}: reveals the code, for a service's own claim page. */
public final class ChallengeEndpoint implements Endpoint {
    private final AgentAuth auth;
    private final Function<HttpServletRequest, Caller> callers;

    public ChallengeEndpoint(AgentAuth auth, Function<HttpServletRequest, Caller> callers) {
        this.auth = auth;
        this.callers = callers;
    }

    @Override
    public Answer answer(HttpServletRequest request) {
        return RequestBody.json(request, body -> reveal(body, callers.apply(request)));
    }

    private Answer reveal(JsonObject body, Caller caller) throws JsonFormatException {
        RevealedCode revealed = auth.revealCode(caller, body.requiredString("claim_attempt_token"));
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("type", "otp");
        members.put("challenge", revealed.code().reveal());
        members.put("expires_at", Timestamps.format(revealed.expiresAt()));
        return JsonSurface.IDENTITY.ok(members);
    }
}
