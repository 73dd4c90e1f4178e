package dev.agentauth.servlet.internal.endpoint;

import dev.agentauth.AgentAuth;
import dev.agentauth.AgentAuthException;
import dev.agentauth.Caller;
import dev.agentauth.ErrorCode;
import dev.agentauth.IssuedToken;
import dev.agentauth.servlet.internal.http.Answer;
import dev.agentauth.servlet.internal.http.Endpoint;
import dev.agentauth.servlet.internal.http.FormParameters;
import dev.agentauth.servlet.internal.http.JsonSurface;
import dev.agentauth.servlet.internal.http.RequestBody;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;

/** {@code POST /oauth2/token}: exchanges an identity assertion for an access token (RFC 7523). The hot path. */
public final class TokenEndpoint implements Endpoint {
    private static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private static final String GRANT_TYPE = "grant_type";
    private static final String ASSERTION = "assertion";
    private static final String SCOPE = "scope";
    private static final String RESOURCE = "resource";

    private final AgentAuth auth;
    private final Function<HttpServletRequest, Caller> callers;

    public TokenEndpoint(AgentAuth auth, Function<HttpServletRequest, Caller> callers) {
        this.auth = auth;
        this.callers = callers;
    }

    @Override
    public Answer answer(HttpServletRequest request) {
        FormParameters form = RequestBody.form(request, GRANT_TYPE, ASSERTION, SCOPE, RESOURCE);
        String grantType = form.required(GRANT_TYPE);
        String assertion = form.one(ASSERTION);
        String scope = form.one(SCOPE);
        List<String> resources = form.all(RESOURCE);
        if (!grantType.equals(JWT_BEARER)) {
            throw new AgentAuthException(ErrorCode.UNSUPPORTED_GRANT_TYPE);
        }
        if (assertion == null) {
            throw FormParameters.missing(ASSERTION);
        }
        return JsonSurface.CREDENTIAL.ok(json(auth.exchange(callers.apply(request), assertion, scope, resources)));
    }

    /** By hand, as every request pays for it: neither tokens nor scopes can hold what JSON escapes (RFC 6749, 3.3). */
    private static byte[] json(IssuedToken token) {
        String text = "{\"access_token\":\"" + token.value().reveal()
                + "\",\"token_type\":\"Bearer\",\"expires_in\":"
                + token.expiresIn().toSeconds()
                + ",\"scope\":\"" + String.join(" ", token.scopes()) + "\"}";
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
