package dev.agentauth.servlet.internal.endpoint;

import dev.agentauth.AgentAuth;
import dev.agentauth.Caller;
import dev.agentauth.ClaimStarted;
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

/** {@code POST /agent/identity/claim}: has a person asked by mail. */
public final class ClaimEndpoint implements Endpoint {
    private final AgentAuth auth;
    private final Function<HttpServletRequest, Caller> callers;

    public ClaimEndpoint(AgentAuth auth, Function<HttpServletRequest, Caller> callers) {
        this.auth = auth;
        this.callers = callers;
    }

    @Override
    public Answer answer(HttpServletRequest request) {
        return RequestBody.json(request, body -> start(body, callers.apply(request)));
    }

    private Answer start(JsonObject body, Caller caller) throws JsonFormatException {
        ClaimStarted started =
                auth.startClaim(caller, body.requiredString("claim_token"), body.requiredString("email"));
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("registration_id", started.registrationId());
        members.put("claim_attempt_id", started.attemptId());
        members.put("status", "initiated");
        members.put("expires_at", Timestamps.format(started.expiresAt()));
        return JsonSurface.IDENTITY.ok(members);
    }
}
