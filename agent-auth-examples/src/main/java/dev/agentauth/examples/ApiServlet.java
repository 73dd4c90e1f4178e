package dev.agentauth.examples;

import dev.agentauth.AuthenticatedAgent;
import dev.agentauth.examples.web.Answers;
import dev.agentauth.servlet.BearerTokenFilter;
import dev.agentauth.spi.PortUnavailableException;
import dev.agentauth.spi.User;
import dev.agentauth.spi.UserDirectory;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** The API that is worth protecting: it says whom the caller acts for, and what it may do. */
final class ApiServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient UserDirectory users;

    ApiServlet(UserDirectory users) {
        this.users = users;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        AuthenticatedAgent agent = (AuthenticatedAgent)
                Objects.requireNonNull(request.getAttribute(BearerTokenFilter.AGENT_ATTRIBUTE), "no filter before it");
        Map<String, Object> answer = new LinkedHashMap<>();
        agent.userId().ifPresent(id -> answer.put("user_id", id));
        try {
            agent.userId().flatMap(users::findById).flatMap(User::email).ifPresent(email -> answer.put("email", email));
        } catch (PortUnavailableException e) {
            // The token was read a moment ago; since then the database has gone away.
            response.setHeader("Retry-After", "5");
            Answers.error(
                    response,
                    HttpServletResponse.SC_SERVICE_UNAVAILABLE,
                    "temporarily_unavailable",
                    "The service is out of reach for the moment. Send the same request again later.");
            return;
        }
        answer.put("registration_id", agent.registrationId());
        answer.put("scopes", agent.scopes());
        Answers.json(response, HttpServletResponse.SC_OK, answer);
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        doGet(request, response);
    }
}
