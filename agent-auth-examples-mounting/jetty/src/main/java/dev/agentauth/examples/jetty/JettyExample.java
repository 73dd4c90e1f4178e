package dev.agentauth.examples.jetty;

import dev.agentauth.AgentAuth;
import dev.agentauth.memory.InMemoryUserDirectory;
import dev.agentauth.servlet.AgentAuthServlet;
import dev.agentauth.servlet.BearerTokenFilter;
import dev.agentauth.servlet.Bucket4jRateLimiter;
import dev.agentauth.servlet.WellKnownServlet;
import dev.agentauth.spi.ClaimMailer;
import dev.agentauth.spi.User;
import jakarta.servlet.DispatcherType;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.util.EnumSet;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandlerCollection;
import org.eclipse.jetty.util.component.LifeCycle;

/** A Jetty with one service. */
public final class JettyExample implements AutoCloseable {
    private final AgentAuth auth;
    private final Server server;
    private final ServerConnector connector;

    private JettyExample(AgentAuth auth, Server server, ServerConnector connector) {
        this.auth = auth;
        this.server = server;
        this.connector = connector;
    }

    /** Serves on port 8080, and shows mail in the log in place of a mail server. */
    public static void main(String[] args) throws InterruptedException {
        System.Logger log = System.getLogger("mail");
        start(8080, "http://localhost:8080", mail -> log.log(Level.INFO, "To {0}: {1}", mail.recipient(), mail.link()))
                .server
                .join();
    }

    /** Serves an issuer, which may have a path, on a port of the loopback interface, or on a free one if it is 0. */
    static JettyExample start(int port, String issuer, ClaimMailer mailer) {
        AgentAuth auth = AgentAuth.builder(issuer, issuer + "/api/")
                .serviceName("Example")
                .preClaimScopes("api.read")
                .postClaimScopes("api.read", "api.write")
                .users(new InMemoryUserDirectory().add(User.of("ada", "ada@example.com")))
                .mailer(mailer)
                .rateLimiter(Bucket4jRateLimiter.create())
                .build();
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("localhost");
        connector.setPort(port);
        server.addConnector(connector);

        ContextHandlerCollection contexts = new ContextHandlerCollection();
        contexts.addHandler(service(auth));
        if (!path(auth).isEmpty()) {
            contexts.addHandler(rootOfTheHost(auth));
        }
        server.setHandler(contexts);
        LifeCycle.start(server);
        return new JettyExample(auth, server, connector);
    }

    private static ServletContextHandler service(AgentAuth auth) {
        // begin: JettyContext
        ServletContextHandler context = new ServletContextHandler(path(auth).isEmpty() ? "/" : path(auth));
        ServletHolder protocol = new ServletHolder(new AgentAuthServlet(auth));
        for (String mapping : AgentAuthServlet.mappings()) {
            context.addServlet(protocol, mapping);
        }
        FilterHolder guard = new FilterHolder(BearerTokenFilter.builder(auth)
                .require("GET", "/api/*", "api.read")
                .require("POST", "/api/*", "api.write")
                .build());
        guard.setAsyncSupported(true);
        context.addFilter(
                guard, "/api/*", EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR));
        // end: JettyContext
        context.addServlet(new ServletHolder(new ApiServlet()), "/api/*");
        return context;
    }

    private static ServletContextHandler rootOfTheHost(AgentAuth auth) {
        // begin: JettyRoot
        ServletContextHandler root = new ServletContextHandler("/");
        root.addServlet(new ServletHolder(new WellKnownServlet(auth)), "/.well-known/*");
        // end: JettyRoot
        return root;
    }

    private static String path(AgentAuth auth) {
        return URI.create(auth.discovery().issuer()).getPath();
    }

    int port() {
        return connector.getLocalPort();
    }

    /** Stops serving. */
    @Override
    public void close() {
        LifeCycle.stop(server);
        auth.close();
    }
}
