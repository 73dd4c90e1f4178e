package dev.agentauth.examples.provider;

import dev.agentauth.examples.http.Http;
import dev.agentauth.examples.web.WebServer;
import java.io.IOException;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.List;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;

/** An agent provider to try things out with, on a server of its own. */
public final class SampleProvider implements AutoCloseable {
    private final WebServer server;

    private SampleProvider(WebServer server) {
        this.server = server;
    }

    /** What a provider on a port of this machine is called. */
    public static String issuer(int port) {
        return "http://localhost:" + port;
    }

    /**
     * Starts with a new key and nobody signed in. The provider's agents have its issuer as their client id.
     *
     * @throws IOException if the address cannot be listened on
     */
    public static SampleProvider start(InetAddress bind, int port, InstantSource clock) throws IOException {
        String issuer = issuer(port);
        SignIns signIns = new SignIns(clock, duration -> Thread.sleep(duration.toMillis() + 1));
        ProviderTokens tokens = new ProviderTokens(issuer, issuer, Es256Key.generate());
        ServletContextHandler context = new ServletContextHandler("/");
        context.addServlet(
                new ServletHolder(new ProviderServlet(issuer, signIns, tokens, new LogoutDelivery(new Http()))), "/*");
        return new SampleProvider(WebServer.start(bind, port, List.of(context)));
    }

    /** Stops. */
    @Override
    public void close() {
        server.close();
    }
}
