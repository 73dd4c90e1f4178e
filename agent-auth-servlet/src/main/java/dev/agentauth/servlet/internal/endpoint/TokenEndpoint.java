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

/**
 * {@code POST /oauth2/token}: exchanges an identity assertion for an access token (RFC 7523), or lets an agent collect what
 * its person has typed a code for. The hot path.
 */
public final class TokenEndpoint implements Endpoint {
    private final AgentAuth auth;
    private final Function<HttpServletRequest, Caller> callers;
    private final Answers answers;

    public TokenEndpoint(AgentAuth auth, Function<HttpServletRequest, Caller> callers, Answers answers) {
        this.auth = auth;
        this.callers = callers;
        this.answers = answers;
    }

    @Override
    public Answer answer(HttpServletRequest request) {
        Requests.Token token = Requests.Token.read(names -> RequestBody.form(request, names));
        Caller caller = callers.apply(request);
        if (token instanceof Requests.Token.Collect collect) {
            return JsonSurface.CREDENTIAL.ok(answers.collected(
                    auth.collectClaim(caller, collect.claimToken().reveal(), collect.scope(), collect.resources())));
        }
        Requests.Token.Exchange exchange = (Requests.Token.Exchange) token;
        return JsonSurface.CREDENTIAL.ok(answers.token(
                auth.exchange(caller, exchange.assertion().reveal(), exchange.scope(), exchange.resources())));
    }
}
