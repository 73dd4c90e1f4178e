package dev.agentauth.servlet.internal.endpoint;

import dev.agentauth.AgentAuth;
import dev.agentauth.Caller;
import dev.agentauth.ClaimCompleted;
import dev.agentauth.internal.wire.Answers;
import dev.agentauth.internal.wire.Requests;
import dev.agentauth.servlet.internal.http.Answer;
import dev.agentauth.servlet.internal.http.Endpoint;
import dev.agentauth.servlet.internal.http.JsonSurface;
import dev.agentauth.servlet.internal.http.RequestBody;
import jakarta.servlet.http.HttpServletRequest;
import java.util.function.Function;

/** {@code POST /agent/identity/claim/complete}: the agent brings the code that the person read to it. */
public final class CompleteEndpoint implements Endpoint {
    private final AgentAuth auth;
    private final Function<HttpServletRequest, Caller> callers;
    private final Answers answers;

    public CompleteEndpoint(AgentAuth auth, Function<HttpServletRequest, Caller> callers, Answers answers) {
        this.auth = auth;
        this.callers = callers;
        this.answers = answers;
    }

    @Override
    public Answer answer(HttpServletRequest request) {
        return RequestBody.json(request, Requests.Complete::spelling, (body, spelling) -> {
            Requests.Complete complete = Requests.Complete.read(body);
            return JsonSurface.IDENTITY.ok(answers.completed(complete(callers.apply(request), complete)));
        });
    }

    private ClaimCompleted complete(Caller caller, Requests.Complete complete) {
        String claimToken = complete.claimToken().reveal();
        String code = complete.code().reveal();
        return complete.refreshable()
                ? auth.completeClaimWithRefreshToken(caller, claimToken, code)
                : auth.completeClaim(caller, claimToken, code);
    }
}
