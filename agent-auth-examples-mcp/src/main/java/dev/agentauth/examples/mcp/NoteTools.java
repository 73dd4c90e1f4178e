package dev.agentauth.examples.mcp;

import dev.agentauth.AuthenticatedAgent;
import dev.agentauth.servlet.AgentPrincipal;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The tools of the server, each with the scope that it needs. */
final class NoteTools {
    private static final String AGENT = "agent";

    private final Map<String, SyncToolSpecification> tools = new LinkedHashMap<>();
    private final Map<String, String> scopes = new LinkedHashMap<>();

    // begin: McpTools
    NoteTools(Notes notes) {
        tool("list_notes", "Lists your person's notes.", Map.of(), "notes.read", (agent, arguments) -> {
            List<String> found = agent.userId().map(notes::of).orElse(List.of()); // nobody's, before the claim
            return found.isEmpty() ? "There are no notes." : String.join("\n", found);
        });
        Map<String, Object> text = Map.of("text", Map.of("type", "string", "maxLength", 1000));
        tool("add_note", "Adds a note for your person.", text, "notes.write", (agent, arguments) -> {
            notes.add(agent.userId().orElseThrow(), (String) arguments.getOrDefault("text", ""));
            return "Noted.";
        });
    }
    // end: McpTools

    /** What a tool does for an agent. */
    private interface Handler {
        String call(AuthenticatedAgent agent, Map<String, Object> arguments);
    }

    // begin: McpCaller
    /** Within the request, before anything is answered: who sends it, for the tools. */
    static McpTransportContext context(HttpServletRequest request) {
        return McpTransportContext.create(Map.of(AGENT, request.getUserPrincipal()));
    }

    private static AuthenticatedAgent caller(McpTransportContext context) {
        return ((AgentPrincipal) Objects.requireNonNull(context.get(AGENT))).agent();
    }
    // end: McpCaller

    // begin: McpScope
    private void tool(String name, String description, Map<String, Object> properties, String scope, Handler handler) {
        scopes.put(name, scope);
        Map<String, Object> input =
                Map.of("type", "object", "properties", properties, "required", List.copyOf(properties.keySet()));
        Tool tool = Tool.builder(name, input).description(description).build();
        tools.put(name, new SyncToolSpecification(tool, (exchange, request) -> {
            AuthenticatedAgent agent = caller(exchange.transportContext());
            return agent.scopes().contains(scope)
                    ? result(handler.call(agent, request.arguments()), false)
                    : result("This needs the scope " + scope + ".", true);
        }));
    }
    // end: McpScope

    private static CallToolResult result(String text, boolean isError) {
        return CallToolResult.builder().addTextContent(text).isError(isError).build();
    }

    List<SyncToolSpecification> all() {
        return List.copyOf(tools.values());
    }

    /** The scope that each needs, by name. */
    Map<String, String> scopes() {
        return Map.copyOf(scopes);
    }
}
