package dev.agentauth.examples.console;

import dev.agentauth.examples.web.Answers;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** Reads the JSON that the demo's own page sends, and refuses everybody else's. */
final class PageBody {
    private static final int MAX_BYTES = 16 * 1024;

    private final OwnPage page;

    PageBody(OwnPage page) {
        this.page = page;
    }

    /** The body; empty if the request has been refused. */
    Optional<String> read(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!page.sent(request)) {
            refuse(response, HttpServletResponse.SC_FORBIDDEN, "This is for the console of this demo alone.");
            return Optional.empty();
        }
        if (!isJson(request.getContentType())) {
            refuse(response, HttpServletResponse.SC_UNSUPPORTED_MEDIA_TYPE, "Send JSON.");
            return Optional.empty();
        }
        byte[] body = request.getInputStream().readNBytes(MAX_BYTES + 1);
        if (body.length > MAX_BYTES) {
            refuse(response, HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE, "The body is too long.");
            return Optional.empty();
        }
        return Optional.of(new String(body, StandardCharsets.UTF_8));
    }

    private static boolean isJson(String contentType) {
        return contentType != null
                && contentType.toLowerCase(Locale.ROOT).split(";", 2)[0].strip().equals("application/json");
    }

    private static void refuse(HttpServletResponse response, int status, String text) throws IOException {
        Answers.error(response, status, "invalid_request", text);
    }
}
