package dev.agentauth.servlet.protocol;

import dev.agentauth.AuthenticatedAgent;
import dev.agentauth.servlet.BearerTokenFilter;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** The service's own API behind the filter: says who it was called by. */
final class EchoApi extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = request.getPathInfo() == null ? "" : request.getPathInfo();
        if (path.equals("/async") && request.getDispatcherType() == DispatcherType.REQUEST) {
            AsyncContext async = request.startAsync();
            async.start(async::dispatch);
            return;
        }
        if (path.equals("/fail") && request.getDispatcherType() == DispatcherType.REQUEST) {
            response.sendError(418);
            return;
        }
        Map<String, Object> seen = new LinkedHashMap<>();
        seen.put("dispatch", request.getDispatcherType().name());
        seen.put("path", path);
        seen.put("remote_user", request.getRemoteUser());
        Object attribute = request.getAttribute(BearerTokenFilter.AGENT_ATTRIBUTE);
        if (attribute instanceof AuthenticatedAgent agent) {
            seen.put("registration_id", agent.registrationId());
            agent.userId().ifPresent(user -> seen.put("user_id", user));
            seen.put("scopes", agent.scopes());
            agent.provider().ifPresent(provider -> {
                seen.put("provider_iss", provider.issuer());
                seen.put("provider_sub", provider.subject());
                seen.put("provider_aud", provider.audience());
                seen.put("provider_tenant", String.valueOf(provider.tenant()));
            });
        }
        response.setContentType("application/json");
        response.getOutputStream().write(Answer.JSON.writeValueAsString(seen).getBytes(StandardCharsets.UTF_8));
    }
}
