package dev.agentauth.servlet.internal.endpoint;

import dev.agentauth.AgentAuth;
import dev.agentauth.AgentAuthException;
import dev.agentauth.Caller;
import dev.agentauth.Problem;
import dev.agentauth.Secret;
import dev.agentauth.internal.wire.IntrospectionAnswer;
import dev.agentauth.internal.wire.Requests;
import dev.agentauth.servlet.internal.http.Answer;
import dev.agentauth.servlet.internal.http.BasicCredentials;
import dev.agentauth.servlet.internal.http.Endpoint;
import dev.agentauth.servlet.internal.http.JsonSurface;
import dev.agentauth.servlet.internal.http.RequestBody;
import dev.agentauth.spi.ResourceServers;
import jakarta.servlet.http.HttpServletRequest;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code POST /oauth2/introspect}: tells an API in another process what an access token stands for (RFC 7662). */
public final class IntrospectEndpoint implements Endpoint {
    private static final String CERTIFICATES = "jakarta.servlet.request.X509Certificate";

    private final AgentAuth auth;
    private final Function<HttpServletRequest, Caller> callers;

    public IntrospectEndpoint(AgentAuth auth, Function<HttpServletRequest, Caller> callers) {
        this.auth = auth;
        this.callers = callers;
    }

    @Override
    public Answer answer(HttpServletRequest request) {
        Requests.Introspect introspect = Requests.Introspect.read(names -> RequestBody.form(request, names));
        BasicCredentials basic = BasicCredentials.of(request);
        String id = introspect.clientId();
        Secret secret = introspect.clientSecret();
        if (basic != null) {
            if (secret != null || (id != null && !id.equals(basic.id()))) {
                throw new AgentAuthException(Problem.MALFORMED, "Say who you are in one way alone.");
            }
            id = basic.id();
            secret = basic.secret();
        }
        return JsonSurface.INTROSPECTION.ok(IntrospectionAnswer.members(
                auth.introspect(
                        credentials(request, id, secret), introspect.token().reveal()),
                auth.discovery()));
    }

    private ResourceServers.Credentials credentials(
            HttpServletRequest request, @Nullable String id, @Nullable Secret secret) {
        // Where the container has them, they have been checked against the connection.
        List<X509Certificate> certificates =
                request.getAttribute(CERTIFICATES) instanceof X509Certificate[] chain ? List.of(chain) : List.of();
        return new ResourceServers.Credentials(callers.apply(request), id, secret, certificates);
    }
}
