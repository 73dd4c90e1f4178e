package dev.agentauth.examples.mcp;

import dev.agentauth.client.AgentAuthClient;
import dev.agentauth.client.Outcome;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.client.transport.McpHttpClientTransportAuthorizationException;
import io.modelcontextprotocol.client.transport.customizer.McpHttpClientTransportAuthorizationErrorHandler;

/** The other side: an agent that speaks MCP by the SDK's client, with tokens from {@link AgentAuthClient}. */
final class NotesAgent {
    private NotesAgent() {}

    // begin: McpAgent
    static McpSyncClient connect(String origin, AgentAuthClient agent) {
        HttpClientStreamableHttpTransport transport = HttpClientStreamableHttpTransport.builder(origin)
                .endpoint("/mcp")
                .addHttpRequestCustomizer((request, method, uri, body, context) ->
                        request.setHeader("Authorization", "Bearer " + token(agent)))
                .authorizationErrorHandler(McpHttpClientTransportAuthorizationErrorHandler.fromSync(
                        (request, answer, context) -> {
                            if (answer.statusCode() != 401) {
                                return false; // a scope is missing: no other token has it
                            }
                            request.headers()
                                    .firstValue("Authorization")
                                    .ifPresent(sent -> agent.accessTokenRefused(sent.substring("Bearer ".length())));
                            return true; // once more, with another token
                        }))
                .build();
        McpSyncClient client = McpClient.sync(transport).build();
        client.initialize();
        return client;
    }

    private static String token(AgentAuthClient agent) {
        Outcome.OfToken outcome = agent.accessToken();
        if (outcome instanceof Outcome.Bearer bearer) {
            return bearer.token();
        }
        throw new IllegalStateException("no token: " + outcome);
    }
    // end: McpAgent

    /** Whether a call has failed for a scope that the agent does not have. */
    // begin: McpScopeMissing
    static boolean scopeIsMissing(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof McpHttpClientTransportAuthorizationException refused) {
                return refused.getResponseInfo().statusCode() == 403;
            }
        }
        return false;
    }
    // end: McpScopeMissing
}
