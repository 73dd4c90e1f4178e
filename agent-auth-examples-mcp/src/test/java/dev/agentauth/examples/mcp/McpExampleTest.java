package dev.agentauth.examples.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.agentauth.client.AgentAuthClient;
import dev.agentauth.client.Outcome;
import dev.agentauth.examples.walk.Client;
import dev.agentauth.examples.walk.Reply;
import dev.agentauth.spi.ClaimMail;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.McpHttpClientTransportAuthorizationException;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The server in a real Jetty, and the agent with the SDK's own client. */
class McpExampleTest {
    private static final String JSON_AND_STREAM = "application/json, text/event-stream";

    private final Deque<ClaimMail> mails = new ConcurrentLinkedDeque<>();
    private final int port = freePort();
    private final String origin = "http://localhost:" + port;
    private final McpExample service = McpExample.start(port, mails::add);
    private final Client http = Client.of(origin, port);

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void agentDiscoversRegistersIsClaimedCallsToolsAndIsRevoked() {
        AgentAuthClient agent = AgentAuthClient.discover(origin + "/mcp");
        assertThat(agent.service().resource()).isEqualTo(origin + "/mcp");
        Outcome.Ready registered = (Outcome.Ready) agent.registerAnonymous();

        try (McpSyncClient mcp = NotesAgent.connect(origin, agent)) {
            assertThat(mcp.listTools().tools()).extracting(Tool::name).containsExactly("list_notes", "add_note");
            assertThat(call(mcp, "list_notes", Map.of())).isEqualTo("There are no notes.");

            Throwable refused = catchThrowable(() -> call(mcp, "add_note", Map.of("text", "Milk")));
            assertThat(NotesAgent.scopeIsMissing(refused)).as("%s", refused).isTrue();
            assertThat(challenge(refused))
                    .isEqualTo("Bearer error=\"insufficient_scope\", resource_metadata=\"" + origin
                            + "/.well-known/oauth-protected-resource/mcp\", scope=\"notes.write\"");

            agent.startClaim("ada@example.com");
            agent.completeClaim(personShowsTheCode());

            assertThat(call(mcp, "add_note", Map.of("text", "Milk"))).isEqualTo("Noted.");
            assertThat(call(mcp, "list_notes", Map.of())).isEqualTo("Milk");

            assertThat(service.auth()
                            .revokeRegistration(registered.credentials().registrationId(), "ada"))
                    .isTrue();
            Throwable ended = catchThrowable(() -> call(mcp, "list_notes", Map.of()));
            assertThat(ended).hasStackTraceContaining("no token: StartOver[at=REGISTRATION]");
        }
    }

    @Test
    void tokenThatWasGivenBackIsReplacedByTheClient() {
        AgentAuthClient agent = AgentAuthClient.discover(origin + "/mcp");
        agent.registerAnonymous();
        try (McpSyncClient mcp = NotesAgent.connect(origin, agent)) {
            String token = ((Outcome.Bearer) agent.accessToken()).token();
            http.postForm(origin + "/oauth2/revoke", "token=" + token).hasStatus(200);

            assertThat(call(mcp, "list_notes", Map.of())).isEqualTo("There are no notes.");
            assertThat(agent.accessToken()).isNotEqualTo(new Outcome.Bearer(token));
        }
    }

    @Test
    void eachToolSeesWhoSendsTheCallAndNotWhoBeganTheSession() {
        AgentAuthClient ada = claimedBy("ada@example.com");
        AgentAuthClient bob = claimedBy("bob@example.com");
        Reply session = http.postJson(
                        origin + "/mcp",
                        message(
                                "initialize",
                                "{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{},"
                                        + "\"clientInfo\":{\"name\":\"test\",\"version\":\"1\"}}"),
                        headers(ada, ""))
                .hasStatus(200);
        String id = session.header("Mcp-Session-Id");
        send("notifications/initialized", ada, id).hasStatus(202);
        callByHand("{\"name\":\"add_note\",\"arguments\":{\"text\":\"Ada's\"}}", ada, id)
                .hasStatus(200);

        assertThat(callByHand("{\"name\":\"list_notes\",\"arguments\":{}}", ada, id)
                        .hasStatus(200)
                        .body())
                .contains("Ada's");
        assertThat(callByHand("{\"name\":\"list_notes\",\"arguments\":{}}", bob, id)
                        .hasStatus(200)
                        .body())
                .contains("There are no notes.");
    }

    @Test
    void toolRefusesByItselfWhatTheFilterDidNotUnderstand() {
        AgentAuthClient agent = AgentAuthClient.discover(origin + "/mcp");
        agent.registerAnonymous();
        Reply session = http.postJson(
                        origin + "/mcp",
                        message(
                                "initialize",
                                "{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{},"
                                        + "\"clientInfo\":{\"name\":\"test\",\"version\":\"1\"}}"),
                        headers(agent, ""))
                .hasStatus(200);
        String id = session.header("Mcp-Session-Id");
        send("notifications/initialized", agent, id).hasStatus(202);

        // The filter takes this for no call, because of its encoding.
        String call = message("tools/call", "{\"name\":\"add_note\",\"arguments\":{\"text\":\"Milk\"}}");
        Reply reply = http.send(
                "POST",
                origin + "/mcp",
                java.net.http.HttpRequest.BodyPublishers.ofString(call, java.nio.charset.Charset.forName("IBM1047")),
                with(headers(agent, id), "Content-Type", "application/json; charset=IBM1047"));

        assertThat(reply.hasStatus(200).body()).contains("This needs the scope notes.write.");
    }

    @Test
    void pageOfAnotherOriginIsRefused() {
        AgentAuthClient agent = AgentAuthClient.discover(origin + "/mcp");
        agent.registerAnonymous();

        http.postJson(
                        origin + "/mcp",
                        message("ping", "{}"),
                        with(headers(agent, ""), "Origin", "https://elsewhere.example"))
                .hasStatus(403);
    }

    @Test
    void bodyThatIsTooLargeIsRefusedBeforeItIsKept() {
        AgentAuthClient agent = AgentAuthClient.discover(origin + "/mcp");
        agent.registerAnonymous();

        http.postJson(origin + "/mcp", " ".repeat(ToolScopeFilter.MAX_BODY + 1), headers(agent, ""))
                .hasStatus(413);
    }

    private AgentAuthClient claimedBy(String address) {
        AgentAuthClient agent = AgentAuthClient.discover(origin + "/mcp");
        agent.registerAnonymous();
        agent.startClaim(address);
        assertThat(agent.completeClaim(personShowsTheCode())).isInstanceOf(Outcome.Ready.class);
        return agent;
    }

    /** Opens the link in the newest mail, and presses the button. */
    private String personShowsTheCode() {
        String link = mails.getLast().link();
        Reply page = http.get(link).hasStatus(200);
        String reveal = URI.create(link)
                .resolve(page.find("<form[^>]* action=\"([^\"]*/reveal)\""))
                .toString();
        Reply pressed = http.postForm(reveal, link.substring(link.indexOf("token=")), "Origin", origin)
                .hasStatus(200);
        return pressed.find("(?<![\\w-])([0-9](?:\\s*[0-9]){5})(?![\\w-])").replaceAll("\\s", "");
    }

    private static String call(McpSyncClient mcp, String tool, Map<String, Object> arguments) {
        CallToolResult result =
                mcp.callTool(CallToolRequest.builder(tool).arguments(arguments).build());
        assertThat(result.isError()).isNotEqualTo(true);
        return ((TextContent) result.content().get(0)).text();
    }

    private static String challenge(Throwable refused) {
        Throwable cause = refused;
        while (!(cause instanceof McpHttpClientTransportAuthorizationException authorization)) {
            cause = cause.getCause();
        }
        return authorization
                .getResponseInfo()
                .headers()
                .firstValue("WWW-Authenticate")
                .orElseThrow();
    }

    private Reply callByHand(String params, AgentAuthClient agent, String session) {
        return http.postJson(origin + "/mcp", message("tools/call", params), headers(agent, session));
    }

    private Reply send(String notification, AgentAuthClient agent, String session) {
        return http.postJson(
                origin + "/mcp", "{\"jsonrpc\":\"2.0\",\"method\":\"" + notification + "\"}", headers(agent, session));
    }

    private static String message(String method, String params) {
        return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":" + params + "}";
    }

    private static String[] headers(AgentAuthClient agent, String session) {
        String[] headers = {
            "Accept", JSON_AND_STREAM, "Authorization", "Bearer " + ((Outcome.Bearer) agent.accessToken()).token()
        };
        return session.isEmpty() ? headers : with(headers, "Mcp-Session-Id", session);
    }

    private static String[] with(String[] headers, String name, String value) {
        String[] more = java.util.Arrays.copyOf(headers, headers.length + 2);
        more[headers.length] = name;
        more[headers.length + 1] = value;
        return more;
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
