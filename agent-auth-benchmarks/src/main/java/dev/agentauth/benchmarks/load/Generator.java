package dev.agentauth.benchmarks.load;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Sends requests on connections that are kept, from one thread, and takes the time of each answer. With as many as the
 * server can answer, or at a fixed rate: then the time of a request begins when it was to be sent, whether or not a
 * connection was free, so that a server that stalls is charged for all whom it kept waiting.
 */
final class Generator {
    private static final int BUFFER = 16 * 1024;
    private static final Duration TO_END = Duration.ofSeconds(5);
    private static final int NOT_A_SUCCESS = 300;
    private static final byte[] LENGTH_FIELD = "content-length:".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] LAST_CHUNK = "\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final InetSocketAddress server;
    private final Traffic traffic;
    private final List<Connection> connections = new ArrayList<>();
    private final Deque<Connection> idle = new ArrayDeque<>();
    private long[] nanos = new long[1 << 16];
    private int answered;
    private int failed;
    private String failure = "";

    private Generator(int port, Traffic traffic) {
        this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        this.traffic = traffic;
    }

    /** What came of a run. Failed requests are among the answered. */
    record Run(int answered, int failed, String failure, double seconds, double p50, double p99) {
        double perSecond() {
            return answered / seconds;
        }

        /** This run, if nothing failed in it. */
        Run checked(String what) {
            if (failed > 0) {
                throw new IllegalStateException(what + ": " + failed + " of " + answered + " failed: " + failure);
            }
            return this;
        }
    }

    /** Each connection sends its next request when the last one was answered. */
    static Run flatOut(int port, Traffic traffic, int connections, Duration time) throws IOException {
        return new Generator(port, traffic).run(connections, time, 0);
    }

    /** So many requests a second are sent, whatever becomes of them. */
    static Run atRate(int port, Traffic traffic, int connections, Duration time, double perSecond) throws IOException {
        return new Generator(port, traffic).run(connections, time, perSecond);
    }

    private Run run(int count, Duration time, double rate) throws IOException {
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < count; i++) {
                Connection connection = new Connection(i, SocketChannel.open(server));
                connection.register(selector);
                connections.add(connection);
                idle.add(connection);
            }
            long start = System.nanoTime();
            long end = start + time.toNanos();
            long seconds = rate == 0 ? send(selector, end) : send(selector, start, end, rate);
            long[] sorted = sorted();
            return new Run(
                    answered, failed, failure, (seconds - start) / 1e9, percentile(sorted, 50), percentile(sorted, 99));
        } finally {
            for (Connection connection : connections) {
                connection.channel.close();
            }
        }
    }

    /** Returns when the last answer that counts was there. */
    private long send(Selector selector, long end) throws IOException {
        long now = System.nanoTime();
        boolean more = true;
        while (true) {
            while (more && now < end && !idle.isEmpty()) {
                more = idle.element().send(now);
                if (more) {
                    idle.remove();
                }
            }
            if (now >= end || (!more && idle.size() == connections.size())) {
                break;
            }
            selector.select(1);
            take(selector);
            now = System.nanoTime();
        }
        drain(selector, true);
        return now;
    }

    private long send(Selector selector, long start, long end, double rate) throws IOException {
        double interval = 1e9 / rate;
        long due = start;
        long sent = 0;
        while (due < end) {
            long now = System.nanoTime();
            while (due <= now && due < end && !idle.isEmpty()) {
                if (!idle.remove().send(due)) {
                    throw new IllegalStateException("a fixed rate needs requests without end");
                }
                due = start + (long) (++sent * interval);
            }
            selector.select(1);
            take(selector);
        }
        drain(selector, false);
        return System.nanoTime();
    }

    /** Waits for what is under way; what comes late counts only where its being late is what is measured. */
    private void drain(Selector selector, boolean forget) throws IOException {
        int counted = answered;
        long until = System.nanoTime() + TO_END.toNanos();
        while (idle.size() < connections.size() && System.nanoTime() < until) {
            selector.select(1);
            take(selector);
        }
        if (forget) {
            answered = counted;
        }
    }

    private void take(Selector selector) throws IOException {
        if (selector.selectedKeys().isEmpty()) {
            return;
        }
        for (SelectionKey key : selector.selectedKeys()) {
            ((Connection) key.attachment()).read();
        }
        selector.selectedKeys().clear();
    }

    private void record(long took) {
        if (answered == nanos.length) {
            nanos = Arrays.copyOf(nanos, nanos.length * 2);
        }
        nanos[answered++] = took;
    }

    /** The time in milliseconds that so many of a hundred were answered within. */
    private static double percentile(long[] sortedNanos, int percent) {
        int index = (int) Math.ceil(percent / 100.0 * sortedNanos.length) - 1;
        return sortedNanos.length == 0 ? 0 : sortedNanos[Math.max(index, 0)] / 1e6;
    }

    private long[] sorted() {
        long[] sorted = Arrays.copyOf(nanos, answered);
        Arrays.sort(sorted);
        return sorted;
    }

    /** One connection with one request under way at a time. */
    private final class Connection {
        private final int index;
        private final SocketChannel channel;
        private final byte[] bytes = new byte[BUFFER];
        private final ByteBuffer in = ByteBuffer.wrap(bytes);
        private long started;

        Connection(int index, SocketChannel channel) throws IOException {
            this.index = index;
            this.channel = channel;
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
        }

        void register(Selector selector) throws IOException {
            channel.register(selector, SelectionKey.OP_READ, this);
        }

        /** False if there is nothing to send. */
        boolean send(long start) throws IOException {
            byte[] request = traffic.next(index);
            if (request == null) {
                return false;
            }
            started = start;
            in.clear();
            ByteBuffer out = ByteBuffer.wrap(request);
            while (out.hasRemaining()) {
                channel.write(out);
            }
            return true;
        }

        void read() throws IOException {
            if (channel.read(in) < 0) {
                throw new EOFException("the server has closed a connection");
            }
            int length = in.position();
            int head = endOfHead(length);
            if (head < 0) {
                return;
            }
            int bodyLength = contentLength(head);
            int end = bodyLength < 0 ? endOfChunks(length) : head + bodyLength;
            if (end < 0 || length < end) {
                return;
            }
            record(System.nanoTime() - started);
            int status = (bytes[9] - '0') * 100 + (bytes[10] - '0') * 10 + bytes[11] - '0';
            if (status >= NOT_A_SUCCESS) {
                failed++;
                failure = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
            }
            traffic.answered(index, bytes, head, end);
            idle.add(this);
        }

        /** Where the body begins; -1 if it is not there yet. */
        private int endOfHead(int length) {
            for (int i = 3; i < length; i++) {
                if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n') {
                    return i + 1;
                }
            }
            return -1;
        }

        /** The length of the body; -1 if it comes in chunks. */
        private int contentLength(int head) {
            for (int i = 0; i + LENGTH_FIELD.length < head; i++) {
                if (bytes[i] == '\n' && isLengthField(i + 1)) {
                    int length = 0;
                    for (int at = i + 1 + LENGTH_FIELD.length; bytes[at] != '\r'; at++) {
                        length = bytes[at] == ' ' ? length : length * 10 + bytes[at] - '0';
                    }
                    return length;
                }
            }
            return -1;
        }

        /** Where the last chunk ends; -1 if it is not there yet. One request at a time: nothing comes after it. */
        private int endOfChunks(int length) {
            int last = length - LAST_CHUNK.length;
            return Arrays.equals(bytes, last, length, LAST_CHUNK, 0, LAST_CHUNK.length) ? length : -1;
        }

        private boolean isLengthField(int from) {
            for (int i = 0; i < LENGTH_FIELD.length; i++) {
                if ((bytes[from + i] | ' ') != LENGTH_FIELD[i]) {
                    return false;
                }
            }
            return true;
        }
    }
}
