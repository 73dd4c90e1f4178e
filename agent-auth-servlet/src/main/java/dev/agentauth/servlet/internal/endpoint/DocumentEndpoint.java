package dev.agentauth.servlet.internal.endpoint;

import dev.agentauth.internal.json.Json;
import dev.agentauth.servlet.internal.http.Answer;
import dev.agentauth.servlet.internal.http.Answer.Header;
import dev.agentauth.servlet.internal.http.Endpoint;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** A public document that never changes: the discovery documents and {@code /auth.md}. */
public final class DocumentEndpoint implements Endpoint {
    private final Answer document;

    private DocumentEndpoint(Answer document) {
        this.document = document;
    }

    public static DocumentEndpoint json(Map<String, ?> members) {
        return new DocumentEndpoint(published("application/json", Json.write(members)));
    }

    public static DocumentEndpoint markdown(String text) {
        return new DocumentEndpoint(published("text/markdown; charset=utf-8", text.getBytes(StandardCharsets.UTF_8)));
    }

    /** For everybody, scripts of other origins included: nothing in it depends on who asks. */
    static Answer published(String contentType, byte[] body) {
        return new Answer(
                200,
                List.of(
                        new Header("Content-Type", contentType),
                        new Header("Cache-Control", "public, max-age=300"),
                        new Header("Access-Control-Allow-Origin", "*")),
                body);
    }

    @Override
    public Answer answer(HttpServletRequest request) {
        return document;
    }
}
