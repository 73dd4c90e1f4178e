package dev.agentauth.servlet.internal.endpoint;

import dev.agentauth.AgentAuth;
import dev.agentauth.Caller;
import dev.agentauth.internal.wire.Requests;
import dev.agentauth.servlet.internal.http.Answer;
import dev.agentauth.servlet.internal.http.Endpoint;
import dev.agentauth.servlet.internal.http.JsonSurface;
import dev.agentauth.servlet.internal.http.MediaType;
import dev.agentauth.servlet.internal.http.RejectedRequest;
import dev.agentauth.servlet.internal.http.RequestBody;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/** {@code POST /agent/auth/revoke}: a provider says that what it vouched for is over. */
public final class LogoutEndpoint implements Endpoint {
    private static final String LOGOUT_JWT = "application/logout+jwt";

    private final AgentAuth auth;
    private final Function<HttpServletRequest, Caller> callers;

    public LogoutEndpoint(AgentAuth auth, Function<HttpServletRequest, Caller> callers) {
        this.auth = auth;
        this.callers = callers;
    }

    @Override
    public Answer answer(HttpServletRequest request) {
        auth.logout(callers.apply(request), logoutToken(request));
        return JsonSurface.CREDENTIAL.ok();
    }

    private static String logoutToken(HttpServletRequest request) {
        String type = request.getHeader("Content-Type");
        boolean jwt = MediaType.matches(type, LOGOUT_JWT);
        boolean form = MediaType.matches(type, MediaType.FORM);
        if ((!jwt && !form) || RequestBody.isEncoded(request)) {
            throw RejectedRequest.unsupportedMediaType(
                    "Send application/logout+jwt, or a form with logout_token, without a Content-Encoding.");
        }
        // One char a byte: whatever is not ASCII stays wrong, and the core refuses it.
        return jwt
                ? new String(RequestBody.bytes(request), StandardCharsets.ISO_8859_1)
                : Requests.Logout.read(names -> RequestBody.form(request, names))
                        .token()
                        .reveal();
    }
}
