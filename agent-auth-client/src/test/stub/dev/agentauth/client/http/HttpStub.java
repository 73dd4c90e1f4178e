package dev.agentauth.client.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server on loopback that says what a test tells it to, path by path, and remembers what it was sent. */
@SuppressWarnings("exports") // for tests, which read the JDK's server
public final class HttpStub implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Queue<Handler>> answers = new ConcurrentHashMap<>();
    private final List<Sent> sent = new CopyOnWriteArrayList<>();

    private HttpStub(HttpServer server) {
        this.server = server;
    }

    public static HttpStub start() throws IOException {
        HttpStub stub = new HttpStub(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
        stub.server.createContext("/", stub::handle);
        stub.server.setExecutor(stub.threads);
        stub.server.start();
        return stub;
    }

    public String url() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    /** One answer after the other; the last one again and again. */
    public void answer(String path, Handler... handlers) {
        answers.put(path, new ConcurrentLinkedQueue<>(List.of(handlers)));
    }

    public long count(String path) {
        return sent.stream().filter(request -> request.path().equals(path)).count();
    }

    /** What was sent to a path, in order. */
    public List<String> bodies(String path) {
        return sent.stream()
                .filter(request -> request.path().equals(path))
                .map(Sent::body)
                .toList();
    }

    /** The {@code Authorization} of what was sent to a path, in order. */
    public List<String> authorizations(String path) {
        return sent.stream()
                .filter(request -> request.path().equals(path))
                .map(Sent::authorization)
                .toList();
    }

    private record Sent(String path, String body, String authorization) {}

    /** What is done with a request. */
    public interface Handler {
        void handle(HttpExchange exchange) throws IOException;
    }

    /** An answer that is known beforehand. */
    public record Canned(int status, String body, Map<String, String> headers) implements Handler {

        public static Canned status(int status) {
            return new Canned(status, "", Map.of());
        }

        public static Canned json(int status, Object body) {
            return text(status, Json.write(body));
        }

        public static Canned text(int status, String body) {
            return new Canned(status, body, Map.of("Content-Type", "application/json"));
        }

        public Canned with(String header, String value) {
            Map<String, String> more = new HashMap<>(headers);
            more.put(header, value);
            return new Canned(status, body, more);
        }

        @Override
        public void handle(HttpExchange exchange) throws IOException {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            headers.forEach(exchange.getResponseHeaders()::set);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            sent.add(new Sent(
                    path,
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
                    String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"))));
            Queue<Handler> queue = answers.getOrDefault(path, new ConcurrentLinkedQueue<>());
            Handler next = queue.size() > 1 ? queue.poll() : queue.peek();
            (next == null ? Canned.status(404) : next).handle(exchange);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
