package dev.agentauth.servlet.internal.endpoint;

import dev.agentauth.AgentAuth;
import dev.agentauth.Caller;
import dev.agentauth.servlet.internal.http.Answer;
import dev.agentauth.servlet.internal.http.Endpoint;
import dev.agentauth.servlet.internal.http.FormParameters;
import dev.agentauth.servlet.internal.http.JsonSurface;
import dev.agentauth.servlet.internal.http.RequestBody;
import jakarta.servlet.http.HttpServletRequest;
import java.util.function.Function;

/** {@code POST /oauth2/revoke}: ends one access token (RFC 7009). */
public final class RevokeTokenEndpoint implements Endpoint {
    private static final String TOKEN = "token";
    private static final String HINT = "token_type_hint";

    private final AgentAuth auth;
    private final Function<HttpServletRequest, Caller> callers;

    public RevokeTokenEndpoint(AgentAuth auth, Function<HttpServletRequest, Caller> callers) {
        this.auth = auth;
        this.callers = callers;
    }

    @Override
    public Answer answer(HttpServletRequest request) {
        FormParameters form = RequestBody.form(request, TOKEN, HINT);
        // The hint itself means nothing here, but giving it twice is as wrong as for any known parameter.
        form.one(HINT);
        auth.revokeToken(callers.apply(request), form.required(TOKEN));
        return JsonSurface.CREDENTIAL.ok();
    }
}
