package dev.agentauth.servlet.internal.endpoint;

import dev.agentauth.AgentAuth;
import dev.agentauth.AgentAuthException;
import dev.agentauth.Caller;
import dev.agentauth.ClaimCompleted;
import dev.agentauth.ErrorCode;
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
    private static final int CODE_LENGTH = 6;

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
        String claimToken = body.requiredString("claim_token");
        String code = body.requiredString("otp");
        if (!isCode(code)) {
            throw new AgentAuthException(ErrorCode.INVALID_REQUEST, "The otp must be a string of six digits.");
        }
        ClaimCompleted completed = auth.completeClaim(caller, claimToken, code);
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("registration_id", completed.registrationId());
        members.put("status", "claimed");
        completed.assertion().ifPresent(assertion -> Members.putAssertion(members, assertion));
        return JsonSurface.IDENTITY.ok(members);
    }

    /** ASCII digits alone: other scripts have digits too, and no code is written in them. */
    private static boolean isCode(String text) {
        return text.length() == CODE_LENGTH && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
