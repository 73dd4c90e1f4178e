package dev.agentauth.servlet.internal.endpoint;

import dev.agentauth.AgentAuth;
import dev.agentauth.Caller;
import dev.agentauth.servlet.internal.http.Answer;
import dev.agentauth.servlet.internal.http.Endpoint;
import dev.agentauth.servlet.internal.http.JsonSurface;
import dev.agentauth.servlet.internal.http.MediaType;
import dev.agentauth.servlet.internal.http.RejectedRequest;
import dev.agentauth.servlet.internal.http.RequestBody;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/** {@code POST /agent/event/notify}: a provider pushes a security event (RFC 8935). */
public final class EventsEndpoint implements Endpoint {
    private static final String SECURITY_EVENT_JWT = "application/secevent+jwt";

    private final AgentAuth auth;
    private final Function<HttpServletRequest, Caller> callers;

    public EventsEndpoint(AgentAuth auth, Function<HttpServletRequest, Caller> callers) {
        this.auth = auth;
        this.callers = callers;
    }

    @Override
    public Answer answer(HttpServletRequest request) {
        if (!MediaType.matches(request.getHeader("Content-Type"), SECURITY_EVENT_JWT)
                || RequestBody.isEncoded(request)) {
            throw RejectedRequest.unsupportedMediaType("Send application/secevent+jwt, without a Content-Encoding.");
        }
        // One char a byte: whatever is not ASCII stays wrong, and the core refuses it.
        auth.securityEvent(callers.apply(request), new String(RequestBody.bytes(request), StandardCharsets.ISO_8859_1));
        return JsonSurface.EVENTS.accepted();
    }
}
