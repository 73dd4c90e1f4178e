package dev.agentauth.servlet.internal.endpoint;

import dev.agentauth.AgentAuth;
import dev.agentauth.Caller;
import dev.agentauth.internal.json.JsonFormatException;
import dev.agentauth.internal.json.JsonObject;
import dev.agentauth.servlet.internal.http.Answer;
import dev.agentauth.servlet.internal.http.Endpoint;
import dev.agentauth.servlet.internal.http.JsonSurface;
import dev.agentauth.servlet.internal.http.RequestBody;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.function.Function;

/** {@code POST /agent/identity/claim/attempt/reject}: the person says no, on a service's own claim page. */
public final class RejectEndpoint implements Endpoint {
    private final AgentAuth auth;
    private final Function<HttpServletRequest, Caller> callers;

    public RejectEndpoint(AgentAuth auth, Function<HttpServletRequest, Caller> callers) {
        this.auth = auth;
        this.callers = callers;
    }

    @Override
    public Answer answer(HttpServletRequest request) {
        return RequestBody.json(request, body -> reject(body, callers.apply(request)));
    }

    private Answer reject(JsonObject body, Caller caller) throws JsonFormatException {
        auth.rejectClaim(caller, body.requiredString("claim_attempt_token"));
        return JsonSurface.IDENTITY.ok(Map.of("status", "rejected"));
    }
}
