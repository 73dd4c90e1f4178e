package dev.agentauth.examples.mcp;

import dev.agentauth.AgentAuth;
import dev.agentauth.memory.InMemoryUserDirectory;
import dev.agentauth.servlet.AgentAuthServlet;
import dev.agentauth.servlet.BearerTokenFilter;
import dev.agentauth.servlet.Bucket4jRateLimiter;
import dev.agentauth.spi.ClaimMailer;
import dev.agentauth.spi.User;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.server.transport.DefaultServerTransportSecurityValidator;
import io.modelcontextprotocol.server.transport.HttpServletStreamableServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema.ServerCapabilities;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.lang.System.Logger.Level;
import java.util.EnumSet;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;

/** A Jetty with one MCP server, whose tools agents may use. */
public final class McpExample implements AutoCloseable {
    private final AgentAuth auth;
    private final McpSyncServer mcp;
    private final Server server;

    private McpExample(AgentAuth auth, McpSyncServer mcp, Server server) {
        this.auth = auth;
        this.mcp = mcp;
        this.server = server;
    }

    /** Serves on port 8080, and shows mail in the log in place of a mail server. */
    public static void main(String[] args) throws InterruptedException {
        System.Logger log = System.getLogger("mail");
        start(8080, mail -> log.log(Level.INFO, "To {0}: {1}", mail.recipient(), mail.link()))
                .server
                .join();
    }

    /** Serves on a port of the loopback interface. */
    static McpExample start(int port, ClaimMailer mailer) {
        String issuer = "http://localhost:" + port;
        // begin: McpAuth
        AgentAuth auth = AgentAuth.builder(issuer, issuer + "/mcp") // the resource is the MCP endpoint
                .serviceName("Notes")
                .preClaimScopes("notes.read")
                .postClaimScopes("notes.read", "notes.write")
                .users(new InMemoryUserDirectory().add(User.of("ada", "ada@example.com")))
                .mailer(mailer)
                .rateLimiter(Bucket4jRateLimiter.create())
                .build();
        // end: McpAuth
        NoteTools tools = new NoteTools(new Notes());
        // begin: McpServer
        HttpServletStreamableServerTransportProvider transport = HttpServletStreamableServerTransportProvider.builder()
                .mcpEndpoint("/mcp")
                .contextExtractor(NoteTools::context)
                .httpHeaderValidator(DefaultServerTransportSecurityValidator.builder()
                        .allowedOrigin(issuer) // pages of other origins are refused
                        .build())
                .maxRequestSize(ToolScopeFilter.MAX_BODY)
                .build();
        McpSyncServer mcp = McpServer.sync(transport)
                .serverInfo("notes", "1.0")
                .capabilities(ServerCapabilities.builder().tools(false).build())
                .tools(tools.all())
                .build();
        // end: McpServer
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("localhost");
        connector.setPort(port);
        server.addConnector(connector);
        server.setHandler(context(auth, transport, tools));
        LifeCycle.start(server);
        return new McpExample(auth, mcp, server);
    }

    private static ServletContextHandler context(
            AgentAuth auth, HttpServletStreamableServerTransportProvider transport, NoteTools tools) {
        // begin: McpMounting
        ServletContextHandler context = new ServletContextHandler("/");
        ServletHolder protocol = new ServletHolder(new AgentAuthServlet(auth));
        for (String mapping : AgentAuthServlet.mappings()) {
            context.addServlet(protocol, mapping);
        }
        guard(
                context,
                BearerTokenFilter.builder(auth)
                        .require("POST", "/mcp", "notes.read") // messages
                        .require("GET", "/mcp", "notes.read") // the stream of what the server has to say
                        .require("DELETE", "/mcp", "notes.read") // the end of a session
                        .build());
        guard(context, new ToolScopeFilter(auth, tools.scopes()));
        ServletHolder endpoint = new ServletHolder(transport);
        endpoint.setAsyncSupported(true);
        context.addServlet(endpoint, "/mcp");
        // end: McpMounting
        return context;
    }

    // begin: McpGuard
    private static void guard(ServletContextHandler context, Filter filter) {
        FilterHolder holder = new FilterHolder(filter);
        holder.setAsyncSupported(true);
        context.addFilter(holder, "/mcp", EnumSet.of(DispatcherType.REQUEST));
    }
    // end: McpGuard

    /** For tests, and for a page on which people end their agents. */
    AgentAuth auth() {
        return auth;
    }

    /** Stops serving. */
    @Override
    public void close() {
        mcp.close();
        LifeCycle.stop(server);
        auth.close();
    }
}
