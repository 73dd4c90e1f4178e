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
import java.util.Optional;
import java.util.Set;

/**
 * Passes what the console says to the sample provider on: the provider is another origin, and the page may speak to its
 * own alone. For that page only; a program speaks to the provider itself.
 */
final class RelayServlet extends MethodsServlet {
    static final String FOLDER = "/console/provider/";

    private static final long serialVersionUID = 1L;
    private static final Set<String> NAMES = Set.of("signin", "id-jag", "signout");

    private final transient Http http;
    private final transient String provider;
    private final transient PageBody body;

    RelayServlet(Http http, String provider, OwnPage page) {
        super("POST");
        this.http = http;
        this.provider = provider;
        this.body = new PageBody(page);
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String name = String.valueOf(request.getPathInfo()).substring(1);
        if (!NAMES.contains(name)) {
            notFound(response);
        } else {
            Optional<String> sent = body.read(request, response);
            if (sent.isPresent()) {
                relay(name, sent.get(), response);
            }
        }
    }

    private void relay(String name, String sent, HttpServletResponse response) throws IOException {
        Reply reply;
        try {
            reply = http.post(provider + "/" + name, "application/json", sent);
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
}
