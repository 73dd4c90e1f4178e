package dev.agentauth.examples.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.agentauth.AgentAuth;
import dev.agentauth.servlet.AgentPrincipal;
import dev.agentauth.servlet.BearerChallenges;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * Tells a client, before its call reaches the tool, that a scope is missing. MCP has that said by HTTP: 403 with a challenge,
 * upon which a client can go and get the scope. A tool cannot say it any more, since its answer has begun when it runs.
 *
 * <p>This is for the client's sake. What guards a tool is the check within it: here, a body that is not understood is let
 * through for the transport to refuse.
 */
final class ToolScopeFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;
    private static final JsonMapper JSON = new JsonMapper();

    /** As much as the transport takes. */
    static final int MAX_BODY = 1 << 20;

    private final transient Map<String, String> scopes;
    private final transient BearerChallenges challenges;

    ToolScopeFilter(AgentAuth auth, Map<String, String> scopesByTool) {
        this.scopes = Map.copyOf(scopesByTool);
        this.challenges = BearerChallenges.of(auth);
    }

    // begin: McpChallenge
    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (!request.getMethod().equals("POST")) {
            chain.doFilter(request, response);
            return;
        }
        byte[] body = request.getInputStream().readNBytes(MAX_BODY + 1);
        if (body.length > MAX_BODY) {
            response.sendError(HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE);
            return;
        }
        AgentPrincipal caller = (AgentPrincipal) request.getUserPrincipal();
        String needed = calledTool(body).map(scopes::get).orElse(null);
        if (needed == null || caller.agent().scopes().contains(needed)) {
            chain.doFilter(new BodyAgain(request, body), response);
            return;
        }
        challenges.insufficientScope(needed).send(request, response);
    }
    // end: McpChallenge

    private static Optional<String> calledTool(byte[] body) throws IOException {
        JsonNode message;
        try {
            message = JSON.readTree(body);
        } catch (com.fasterxml.jackson.core.JacksonException e) {
            return Optional.empty();
        }
        return message.path("method").asText().equals("tools/call")
                ? Optional.of(message.path("params").path("name").asText())
                : Optional.empty();
    }
}
