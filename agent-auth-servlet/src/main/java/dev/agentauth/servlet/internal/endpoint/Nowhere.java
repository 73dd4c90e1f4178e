package dev.agentauth.servlet.internal.endpoint;

import dev.agentauth.internal.wire.NotFound;
import dev.agentauth.servlet.internal.http.Accept;
import dev.agentauth.servlet.internal.http.Answer;
import dev.agentauth.servlet.internal.http.Answer.Header;
import dev.agentauth.servlet.internal.http.Endpoint;
import dev.agentauth.servlet.internal.http.JsonSurface;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Every path that is not there: JSON, or Markdown for whoever would rather read it. */
public final class Nowhere implements Endpoint {
    private final Answer json;
    private final Answer markdown;

    public Nowhere(NotFound notFound) {
        this.json = JsonSurface.IDENTITY.error(notFound.refusal()).with("Vary", "Accept");
        this.markdown = new Answer(
                404,
                List.of(
                        new Header("Content-Type", "text/markdown; charset=utf-8"),
                        new Header("Cache-Control", "no-store"),
                        new Header("Vary", "Accept")),
                notFound.markdown().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Answer answer(HttpServletRequest request) {
        return Accept.of(request).prefersMarkdown() ? markdown : json;
    }
}
