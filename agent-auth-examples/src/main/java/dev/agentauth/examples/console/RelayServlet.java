package dev.agentauth.examples.console;

import dev.agentauth.client.http.Http;
import dev.agentauth.client.http.Reply;
import dev.agentauth.examples.web.Answers;
import dev.agentauth.examples.web.MethodsServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/**
 * Passes what the console says to the sample provider on: the provider is another origin, and the page may speak to its
 * own alone. For that page only; a program speaks to the provider itself.
 */
final class RelayServlet extends MethodsServlet {
    static final String FOLDER = "/console/provider/";

    private static final long serialVersionUID = 1L;
    private static final Set<String> NAMES = Set.of("signin", "id-jag", "signout");
    private static final int MAX_BODY_BYTES = 16 * 1024;

    private final transient Http http;
    private final transient String provider;
    private final transient OwnPage page;

    RelayServlet(Http http, String provider, OwnPage page) {
        super("POST");
        this.http = http;
        this.provider = provider;
        this.page = page;
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String name = String.valueOf(request.getPathInfo()).substring(1);
        if (!NAMES.contains(name)) {
            notFound(response);
        } else if (!page.sent(request)) {
            refuse(response, HttpServletResponse.SC_FORBIDDEN, "This is for the console of this demo alone.");
        } else if (!isJson(request.getContentType())) {
            refuse(response, HttpServletResponse.SC_UNSUPPORTED_MEDIA_TYPE, "Send JSON.");
        } else {
            byte[] body = request.getInputStream().readNBytes(MAX_BODY_BYTES + 1);
            if (body.length > MAX_BODY_BYTES) {
                refuse(response, HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE, "The body is too long.");
            } else {
                relay(name, new String(body, StandardCharsets.UTF_8), response);
            }
        }
    }

    private void relay(String name, String body, HttpServletResponse response) throws IOException {
        Reply reply;
        try {
            reply = http.post(provider + "/" + name, "application/json", body);
        } catch (UncheckedIOException e) {
            Answers.error(
                    response,
                    HttpServletResponse.SC_BAD_GATEWAY,
                    "temporarily_unavailable",
                    "The provider does not answer.");
            return;
        }
        byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
        response.setStatus(reply.status());
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        reply.header("Retry-After").ifPresent(seconds -> response.setHeader("Retry-After", seconds));
        response.setContentType("application/json");
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }

    private static boolean isJson(String contentType) {
        return contentType != null
                && contentType.toLowerCase(Locale.ROOT).split(";", 2)[0].strip().equals("application/json");
    }

    private static void refuse(HttpServletResponse response, int status, String text) throws IOException {
        Answers.error(response, status, "invalid_request", text);
    }
}
