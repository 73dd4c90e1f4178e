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

/** {@code POST /agent/identity/claim}: has a person asked, or claims on a provider's word. */
public final class ClaimEndpoint implements Endpoint {
    private final AgentAuth auth;
    private final Function<HttpServletRequest, Caller> callers;
    private final Answers answers;

    public ClaimEndpoint(AgentAuth auth, Function<HttpServletRequest, Caller> callers, Answers answers) {
        this.auth = auth;
        this.callers = callers;
        this.answers = answers;
    }

    @Override
    public Answer answer(HttpServletRequest request) {
        return RequestBody.json(request, Requests.Start::spelling, (body, spelling) -> {
            Caller caller = callers.apply(request);
            if (Requests.ClaimByIdJag.isSpelledBy(body)) {
                Requests.ClaimByIdJag claim = Requests.ClaimByIdJag.read(body);
                return JsonSurface.IDENTITY.ok(answers.claimed(auth.claimWithIdJag(
                        caller, claim.claimToken().reveal(), claim.idJag().reveal())));
            }
            Requests.Start start = Requests.Start.read(body);
            String claimToken = start.claimToken().reveal();
            return JsonSurface.IDENTITY.ok(answers.started(
                    start.address().isPresent()
                            ? auth.startClaim(
                                    caller, claimToken, start.address().get().reveal())
                            : auth.startClaim(caller, claimToken)));
        });
    }
}
