package dev.agentauth.benchmarks.load;

import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** A Jetty as it comes, on a free port of the loopback interface: the same for the floor and for what is compared with it. */
final class Jetty {
    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);

    private Jetty() {}

    /** Takes a port; answers later. */
    static Jetty open() throws IOException {
        Jetty jetty = new Jetty();
        jetty.connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
        jetty.connector.open();
        jetty.server.addConnector(jetty.connector);
        return jetty;
    }

    int port() {
        return connector.getLocalPort();
    }

    /** Answers from now on, and obeys what is written to standard input until that ends. */
    void serve(ServletContextHandler context, Commands commands) throws Exception {
        server.setHandler(context);
        server.start();
        System.out.println("listening " + port());
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            String line;
            while ((line = in.readLine()) != null) {
                System.out.println(commands.obey(line));
            }
        } finally {
            server.stop();
        }
    }

    /** What whoever has started this process can want of it, beside requests. */
    interface Commands {
        /** One line in, one line out. */
        String obey(String line) throws IOException;
    }

    /** A JSON answer, as a servlet that takes care sends it. */
    static void json(HttpServletResponse response, byte[] body) throws IOException {
        response.setStatus(HttpServletResponse.SC_OK);
        response.setHeader("Cache-Control", "no-store");
        response.setContentType("application/json");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
