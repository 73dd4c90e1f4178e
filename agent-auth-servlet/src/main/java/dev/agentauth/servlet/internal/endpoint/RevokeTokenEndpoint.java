package dev.agentauth.servlet.internal.endpoint;

import dev.agentauth.AgentAuth;
import dev.agentauth.Caller;
import dev.agentauth.internal.wire.Requests;
import dev.agentauth.servlet.internal.http.Answer;
import dev.agentauth.servlet.internal.http.Endpoint;
import dev.agentauth.servlet.internal.http.JsonSurface;
import dev.agentauth.servlet.internal.http.RequestBody;
import jakarta.servlet.http.HttpServletRequest;
import java.util.function.Function;

/** {@code POST /oauth2/revoke}: ends one access token (RFC 7009). */
public final class RevokeTokenEndpoint implements Endpoint {
    private final AgentAuth auth;
    private final Function<HttpServletRequest, Caller> callers;

    public RevokeTokenEndpoint(AgentAuth auth, Function<HttpServletRequest, Caller> callers) {
        this.auth = auth;
        this.callers = callers;
    }

    @Override
    public Answer answer(HttpServletRequest request) {
        Requests.Revoke revoke = Requests.Revoke.read(names -> RequestBody.form(request, names));
        auth.revokeToken(callers.apply(request), revoke.token().reveal());
        return JsonSurface.CREDENTIAL.ok();
    }
}
