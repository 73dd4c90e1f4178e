package dev.agentauth.examples.web;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Ends connections whose next request is not there in time, however steadily its bytes come: an idle time does not end a
 * body of one byte a second. The time begins with the connection, or with the answer to the request before, and stops
 * once the last byte of the request has been read, so that answering may take as long as it takes.
 */
final class ReadingTime extends Handler.Wrapper implements Connection.Listener {
    private static final long NO_PATIENCE = 1;
    private static final Duration GRACE = Duration.ofMillis(500);

    private final Duration time;
    private final Scheduler scheduler;
    private final Map<EndPoint, Scheduler.Task> running = new ConcurrentHashMap<>();

    ReadingTime(Duration time, Scheduler scheduler, Handler handler) {
        super(handler);
        this.time = time;
        this.scheduler = scheduler;
    }

    @Override
    public void onOpened(Connection connection) {
        begin(connection.getEndPoint());
    }

    @Override
    public void onClosed(Connection connection) {
        end(connection.getEndPoint());
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        EndPoint client = request.getConnectionMetaData().getConnection().getEndPoint();
        if (!hasBody(request)) {
            end(client);
        }
        Request.addCompletionListener(request, failure -> begin(client));
        return super.handle(new Timed(request, client), response, callback);
    }

    private void begin(EndPoint client) {
        schedule(client, time, () -> impatient(client));
    }

    /** First as an idle time does it, which tells a handler that is waiting for the rest; whoever is left then is cut off. */
    private void impatient(EndPoint client) {
        client.setIdleTimeout(NO_PATIENCE);
        schedule(client, GRACE, () -> client.close(new TimeoutException("the request took too long to arrive")));
    }

    private void schedule(EndPoint client, Duration delay, Runnable what) {
        cancel(running.put(client, scheduler.schedule(what, delay.toMillis(), TimeUnit.MILLISECONDS)));
        if (!client.isOpen()) {
            end(client);
        }
    }

    private void end(EndPoint client) {
        cancel(running.remove(client));
    }

    private static void cancel(Scheduler.@Nullable Task task) {
        if (task != null) {
            task.cancel();
        }
    }

    /** RFC 9112, section 6.3. */
    private static boolean hasBody(Request request) {
        return request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING)
                || request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH) > 0;
    }

    /** Sees the last of a body. */
    private final class Timed extends Request.Wrapper {
        private final EndPoint client;

        Timed(Request request, EndPoint client) {
            super(request);
            this.client = client;
        }

        @Override
        public Content.@Nullable Chunk read() {
            Content.Chunk chunk = super.read();
            if (chunk != null && chunk.isLast()) {
                end(client);
            }
            return chunk;
        }
    }
}
