package dev.agentauth.servlet;

import dev.agentauth.AgentAuth;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * The documents below {@code /.well-known} alone, for the root context where {@link AgentAuthServlet} lives below a path
 * and cannot answer there. Map it to {@code /.well-known/*}.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8414#section-3.1">RFC 8414, section 3.1</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9728#section-3.1">RFC 9728, section 3.1</a>
 * @since 0.2.0
 */
public final class WellKnownServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient Router router;

    /**
     * Serves the documents of a service.
     *
     * @param auth whose documents
     */
    public WellKnownServlet(AgentAuth auth) {
        this.router = Router.wellKnown(auth);
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        router.answer(request).send(request, response);
    }
}
