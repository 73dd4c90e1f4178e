package dev.agentauth.servlet.internal.endpoint;

import dev.agentauth.AgentAuth;
import dev.agentauth.Caller;
import dev.agentauth.internal.wire.Answers;
import dev.agentauth.internal.wire.Requests;
import dev.agentauth.servlet.internal.http.Answer;
import dev.agentauth.servlet.internal.http.Endpoint;
import dev.agentauth.servlet.internal.http.JsonSurface;
import dev.agentauth.servlet.internal.http.RequestBody;
import jakarta.servlet.http.HttpServletRequest;
import java.util.function.Function;

/** {@code POST /agent/identity/claim/attempt/challenge}: reveals the code, for a service's own claim page. */
public final class ChallengeEndpoint implements Endpoint {
    private final AgentAuth auth;
    private final Function<HttpServletRequest, Caller> callers;
    private final Answers answers;

    public ChallengeEndpoint(AgentAuth auth, Function<HttpServletRequest, Caller> callers, Answers answers) {
        this.auth = auth;
        this.callers = callers;
        this.answers = answers;
    }

    @Override
    public Answer answer(HttpServletRequest request) {
        return RequestBody.json(request, body -> {
            Requests.Attempt attempt = Requests.Attempt.read(body);
            return JsonSurface.IDENTITY.ok(answers.revealed(
                    auth.revealCode(callers.apply(request), attempt.token().reveal())));
        });
    }
}
