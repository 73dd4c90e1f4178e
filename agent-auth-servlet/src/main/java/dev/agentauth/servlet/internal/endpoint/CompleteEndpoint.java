package dev.agentauth.servlet.internal.endpoint;

import dev.agentauth.AgentAuth;
import dev.agentauth.Caller;
import dev.agentauth.ClaimCompleted;
import dev.agentauth.internal.json.JsonFormatException;
import dev.agentauth.internal.json.JsonObject;
import dev.agentauth.servlet.internal.http.Answer;
import dev.agentauth.servlet.internal.http.Endpoint;
import dev.agentauth.servlet.internal.http.JsonSurface;
import dev.agentauth.servlet.internal.http.RequestBody;
import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** {@code POST /agent/identity/claim/complete}: the agent brings the code that the person read to it. */
public final class CompleteEndpoint implements Endpoint {
    private final AgentAuth auth;
    private final Function<HttpServletRequest, Caller> callers;

    public CompleteEndpoint(AgentAuth auth, Function<HttpServletRequest, Caller> callers) {
        this.auth = auth;
        this.callers = callers;
    }

    @Override
    public Answer answer(HttpServletRequest request) {
        return RequestBody.json(request, body -> complete(body, callers.apply(request)));
    }

    private Answer complete(JsonObject body, Caller caller) throws JsonFormatException {
        ClaimCompleted completed =
                auth.completeClaim(caller, body.requiredString("claim_token"), body.requiredString("otp"));
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("registration_id", completed.registrationId());
        members.put("status", "claimed");
        completed.assertion().ifPresent(assertion -> Members.putAssertion(members, assertion));
        return JsonSurface.IDENTITY.ok(members);
    }
}
