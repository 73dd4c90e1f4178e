package dev.agentauth.examples.web;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandlerCollection;
import org.eclipse.jetty.server.handler.EagerContentHandler;
import org.eclipse.jetty.server.handler.EagerContentHandler.RetainedContentLoaderFactory;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * A Jetty that somebody who sends slowly, much or nothing at all cannot keep from answering others: no thread waits for
 * a header or a body, and a connection on which nothing happens is closed.
 */
public final class WebServer implements AutoCloseable {
    private static final Duration IDLE = Duration.ofSeconds(10);
    private static final int THREADS = 64;
    private static final int BACKLOG = 1024;
    private static final int HEADER_BYTES = 8 * 1024;

    /** What arrives before a request is handled. A little over what any endpoint reads, so that none has to wait. */
    private static final int BODY_BYTES = 80 * 1024;

    private final Server server;

    private WebServer(Server server) {
        this.server = server;
    }

    /**
     * Listens and serves.
     *
     * @throws IOException if the address cannot be listened on
     */
    public static WebServer start(InetAddress bind, int port, List<ServletContextHandler> contexts) throws IOException {
        QueuedThreadPool threads = new QueuedThreadPool(THREADS);
        threads.setName("http-" + port);
        Server server = new Server(threads);
        ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(limits()));
        connector.setHost(bind.getHostAddress());
        connector.setPort(port);
        connector.setIdleTimeout(IDLE.toMillis());
        connector.setAcceptQueueSize(BACKLOG);
        connector.open();
        server.addConnector(connector);
        server.setHandler(new EagerContentHandler(
                new ContextHandlerCollection(contexts.toArray(ServletContextHandler[]::new)),
                new RetainedContentLoaderFactory(BODY_BYTES, 0, false)));
        server.setErrorHandler(bareErrors());
        try {
            server.start();
        } catch (Exception e) {
            connector.close();
            throw new IllegalStateException("the server did not start", e);
        }
        return new WebServer(server);
    }

    private static HttpConfiguration limits() {
        HttpConfiguration http = new HttpConfiguration();
        http.setRequestHeaderSize(HEADER_BYTES);
        http.setResponseHeaderSize(HEADER_BYTES);
        http.setSendServerVersion(false);
        http.setSendXPoweredBy(false);
        return http;
    }

    private static ErrorHandler bareErrors() {
        ErrorHandler errors = new ErrorHandler();
        errors.setShowStacks(false);
        errors.setShowCauses(false);
        errors.setShowOrigin(false);
        errors.setShowMessageInTitle(false);
        return errors;
    }

    /** Stops serving. */
    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the server did not stop", e);
        }
    }
}
