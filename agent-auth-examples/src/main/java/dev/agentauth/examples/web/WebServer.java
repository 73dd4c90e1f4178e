package dev.agentauth.examples.web;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandlerCollection;
import org.eclipse.jetty.server.handler.EagerContentHandler;
import org.eclipse.jetty.server.handler.EagerContentHandler.RetainedContentLoaderFactory;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * A Jetty that somebody who sends slowly, much or nothing at all cannot keep from answering others: no thread waits for
 * a header or a body, a connection on which nothing happens is closed, and there are only so many connections.
 */
public final class WebServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(WebServer.class.getName());
    private static final Duration IDLE = Duration.ofSeconds(10);
    private static final Duration FULL_IDLE = Duration.ofSeconds(1);
    private static final int THREADS = 64;
    private static final int KEPT_THREADS = 8;
    private static final Duration THREAD_IDLE = Duration.ofMinutes(1);

    private static final int BACKLOG = 1024;
    private static final int HEADER_BYTES = 8 * 1024;

    /** What arrives before a request is handled. A little over what any endpoint reads, so that none has to wait. */
    private static final int BODY_BYTES = 80 * 1024;

    private final Server server;
    private final NetworkConnectionLimit cap;

    private WebServer(Server server, NetworkConnectionLimit cap) {
        this.server = server;
        this.cap = cap;
    }

    /**
     * Listens and serves, within the standard limits.
     *
     * @throws IOException if the address cannot be listened on
     */
    public static WebServer start(InetAddress bind, int port, List<ServletContextHandler> contexts) throws IOException {
        return start(bind, port, Limits.standard(), contexts);
    }

    /**
     * Listens and serves.
     *
     * @throws IOException if the address cannot be listened on
     */
    public static WebServer start(InetAddress bind, int port, Limits limits, List<ServletContextHandler> contexts)
            throws IOException {
        QueuedThreadPool threads =
                new QueuedThreadPool(THREADS, KEPT_THREADS, (int) THREAD_IDLE.toMillis(), new LinkedBlockingQueue<>());
        threads.setName("http-" + port);
        Server server = new Server(threads);
        ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http()));
        connector.setHost(bind.getHostAddress());
        connector.setPort(port);
        connector.setIdleTimeout(IDLE.toMillis());
        connector.setAcceptQueueSize(BACKLOG);
        connector.open();
        server.addConnector(connector);
        NetworkConnectionLimit cap = new NetworkConnectionLimit(limits.connections(), connector);
        cap.setEndPointIdleTimeout(FULL_IDLE.toMillis());
        server.addBean(cap);
        // Inside the reading of bodies: what is still on its way in is not waited for, what is being answered is.
        Handler eager = new EagerContentHandler(
                new GracefulHandler(new ContextHandlerCollection(contexts.toArray(ServletContextHandler[]::new))),
                new RetainedContentLoaderFactory(BODY_BYTES, 0, false));
        ReadingTime reading = new ReadingTime(limits.reading(), connector.getScheduler(), eager);
        connector.addBean(reading, false);
        server.setHandler(reading);
        server.setStopTimeout(limits.drain().toMillis());
        server.setErrorHandler(bareErrors());
        try {
            server.start();
        } catch (Exception e) {
            connector.close();
            throw new IllegalStateException("the server did not start", e);
        }
        return new WebServer(server, cap);
    }

    private static HttpConfiguration http() {
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

    /** How many connections there are. */
    int connections() {
        return cap.getNetworkConnectionCount();
    }

    /** Takes no more requests, lets those that are being answered end, within the time of the limits, and stops. */
    @Override
    public void close() {
        try {
            server.stop();
        } catch (TimeoutException e) {
            // The server has stopped even so, and whoever called has more to close.
            LOG.log(Level.WARNING, "the time to drain is over, and what was left has been cut off");
        } catch (Exception e) {
            throw new IllegalStateException("the server did not stop", e);
        }
    }
}
