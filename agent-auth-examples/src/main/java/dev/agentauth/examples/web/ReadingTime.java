package dev.agentauth.examples.web;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
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
 *
 * <p>A request writes down when it has to be there and sets no alarm: whether somebody is late is looked up four times a
 * second, for all connections together.
 */
final class ReadingTime extends Handler.Wrapper implements Connection.Listener {
    private static final long NO_PATIENCE = 1;
    private static final Duration GRACE = Duration.ofMillis(500);
    private static final Duration ROUND = Duration.ofMillis(250);

    private final Duration time;
    private final Scheduler scheduler;
    private final Map<EndPoint, Wait> waits = new ConcurrentHashMap<>();
    private final AtomicBoolean going = new AtomicBoolean();

    ReadingTime(Duration time, Scheduler scheduler, Handler handler) {
        super(handler);
        this.time = time;
        this.scheduler = scheduler;
    }

    @Override
    public void onOpened(Connection connection) {
        EndPoint client = connection.getEndPoint();
        waits.computeIfAbsent(client, Wait::new).begin();
        if (!client.isOpen()) {
            waits.remove(client);
        }
        goRound();
    }

    @Override
    public void onClosed(Connection connection) {
        waits.remove(connection.getEndPoint());
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Wait wait = waits.get(request.getConnectionMetaData().getConnection().getEndPoint());
        if (wait == null) {
            // It has been closed.
            return super.handle(request, response, callback);
        }
        if (!hasBody(request)) {
            wait.end();
        }
        Request.addCompletionListener(request, failure -> wait.begin());
        return super.handle(new Timed(request, wait), response, callback);
    }

    /** As long as there are connections. */
    private void goRound() {
        if (!waits.isEmpty() && going.compareAndSet(false, true)) {
            scheduler.schedule(this::look, ROUND.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void look() {
        try {
            long now = System.nanoTime();
            waits.values().forEach(wait -> wait.look(now));
        } finally {
            going.set(false);
            goRound();
        }
    }

    /** For the next request of one connection. */
    private final class Wait {
        private static final long NOT_WAITING = Long.MAX_VALUE;

        private final EndPoint client;
        private final long beginning = System.nanoTime();

        /** Until when, since the beginning. */
        private final AtomicLong deadline = new AtomicLong(NOT_WAITING);

        private volatile boolean impatient;

        Wait(EndPoint client) {
            this.client = client;
        }

        void begin() {
            deadline.set(System.nanoTime() - beginning + time.toNanos());
        }

        void end() {
            deadline.set(NOT_WAITING);
        }

        /** First as an idle time does it, which tells a handler that is waiting for the rest; whoever is left then is cut off. */
        void look(long now) {
            long until = deadline.get();
            long age = now - beginning;
            if (age < until || !deadline.compareAndSet(until, age + GRACE.toNanos())) {
                return;
            }
            if (impatient) {
                client.close(new TimeoutException("the request took too long to arrive"));
            } else {
                impatient = true;
                client.setIdleTimeout(NO_PATIENCE);
            }
        }
    }

    /** RFC 9112, section 6.3. */
    private static boolean hasBody(Request request) {
        return request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING)
                || request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH) > 0;
    }

    /** Sees the last of a body. */
    private static final class Timed extends Request.Wrapper {
        private final Wait wait;

        Timed(Request request, Wait wait) {
            super(request);
            this.wait = wait;
        }

        @Override
        public Content.@Nullable Chunk read() {
            Content.Chunk chunk = super.read();
            if (chunk != null && chunk.isLast()) {
                wait.end();
            }
            return chunk;
        }
    }
}
