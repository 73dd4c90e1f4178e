package dev.agentauth.examples.provider;

import dev.agentauth.client.http.Pause;
import dev.agentauth.examples.provider.kit.KeyRing;
import dev.agentauth.examples.provider.kit.ProviderKit;
import dev.agentauth.examples.web.WebServer;
import java.io.IOException;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
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
     * @param services the issuers that it tells of a sign-out; it sends requests nowhere else
     * @param ownNames the host names under which it may be asked
     * @throws IOException if the address cannot be listened on
     */
    public static SampleProvider start(
            InetAddress bind, int port, Set<String> services, Predicate<String> ownNames, InstantSource clock)
            throws IOException {
        String issuer = issuer(port);
        ProviderKit kit = ProviderKit.builder(issuer, KeyRing.generate(clock))
                .clock(clock)
                .attempts(2)
                .build();
        SignIns signIns = new SignIns(clock, Pause.real(), kit);
        ServletContextHandler context = new ServletContextHandler("/");
        context.addServlet(new ServletHolder(new ProviderServlet(issuer, signIns, kit, services, ownNames)), "/*");
        return new SampleProvider(WebServer.start(bind, port, List.of(context)));
    }

    /** Stops. */
    @Override
    public void close() {
        server.close();
    }
}
