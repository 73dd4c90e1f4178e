package dev.agentauth.servlet.internal.page;

import dev.agentauth.AgentAuthException;
import dev.agentauth.internal.wire.Requests;
import dev.agentauth.servlet.internal.http.Answer;
import dev.agentauth.servlet.internal.http.Endpoint;
import dev.agentauth.servlet.internal.http.FormParameters;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** {@code GET /agent/identity/claim/view?token=}: shows what there is to decide, and changes nothing. */
public final class ViewEndpoint implements Endpoint {
    private final Pages pages;

    public ViewEndpoint(Pages pages) {
        this.pages = pages;
    }

    @Override
    public Answer answer(HttpServletRequest request) {
        String token = token(request.getQueryString());
        Reply reply = pages.to(request);
        return reply.orError(() -> token == null
                ? reply.incomplete()
                : pages.received(request, token, visit -> reply.to(visit).show(token)));
    }

    /** The one token of a query; null if there is none, or not one. */
    static @Nullable String token(@Nullable String query) {
        if (query == null) {
            return null;
        }
        try {
            return Requests.linkToken(names -> FormParameters.parse(query.getBytes(StandardCharsets.UTF_8), names));
        } catch (AgentAuthException e) {
            // Whoever reads the answer has followed a link that a mail program has mangled.
            return null;
        }
    }
}
