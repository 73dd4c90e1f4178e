package dev.agentauth.servlet.protocol;

import dev.agentauth.AgentAuth;
import dev.agentauth.servlet.AgentAuthServlet;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpFilter;
import java.util.EnumSet;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;

/** One more Jetty with the servlet at its root, for what {@link ProtocolService} leaves no choice in. */
final class Mounted implements AutoCloseable {
    final Client client;

    private final Server server;

    private Mounted(Server server) {
        this.server = server;
        this.client = new Client("http://127.0.0.1:" + ((ServerConnector) server.getConnectors()[0]).getLocalPort());
    }

    /** The filter sees every request before the servlet does. */
    static Mounted start(AgentAuth auth, HttpFilter filter) {
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server, 1, 1);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/", false, false);
        context.addServlet(new ServletHolder(new AgentAuthServlet(auth)), "/*");
        context.addFilter(new FilterHolder(filter), "/*", EnumSet.of(DispatcherType.REQUEST));
        server.setHandler(context);
        try {
            server.start();
        } catch (Exception e) {
            throw new IllegalStateException("the server does not start", e);
        }
        return new Mounted(server);
    }

    @Override
    public void close() {
        LifeCycle.stop(server);
    }
}
