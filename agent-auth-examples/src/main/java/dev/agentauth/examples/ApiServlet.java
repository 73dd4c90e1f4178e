package dev.agentauth.examples;

import dev.agentauth.AuthenticatedAgent;
import dev.agentauth.examples.web.Answers;
import dev.agentauth.servlet.BearerTokenFilter;
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
        agent.userId().flatMap(users::findById).flatMap(User::email).ifPresent(email -> answer.put("email", email));
        answer.put("registration_id", agent.registrationId());
        answer.put("scopes", agent.scopes());
        Answers.json(response, HttpServletResponse.SC_OK, answer);
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        doGet(request, response);
    }
}
