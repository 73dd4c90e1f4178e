package dev.agentauth.examples.tomcat;

import dev.agentauth.servlet.AgentPrincipal;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** The API that agents use. */
final class ApiServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        AgentPrincipal agent = (AgentPrincipal) request.getUserPrincipal();
        response.setContentType("application/json");
        response.getWriter()
                .printf(
                        "{\"registration_id\":\"%s\",\"user_id\":\"%s\"}",
                        agent.agent().registrationId(), agent.agent().userId().orElse(""));
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        doGet(request, response);
    }
}
