package dev.agentauth.examples.walk;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A reverse proxy before a container. Clients see {@code https} and the proxy's own name; the container sees plain HTTP
 * under another. It hands on what is below one path, with or without that path, and the metadata at the root of the host.
 */
public final class ReverseProxy implements AutoCloseable {
    private static final String METADATA = "/.well-known/oauth-";

    /** What belongs to one connection, and what the client of the JDK writes itself. */
    private static final Set<String> NOT_PASSED_ON =
            Set.of("host", "connection", "content-length", "transfer-encoding", "upgrade", "http2-settings", "expect");

    private final HttpClient http =
            HttpClient.newBuilder().version(Version.HTTP_1_1).build();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private final String path;
    private final String upstream;
    private final boolean strips;
    private volatile String peer = "203.0.113.1";

    private ReverseProxy(String path, String upstream, boolean strips) {
        this.path = path;
        this.upstream = upstream;
        this.strips = strips;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::forward);
        server.start();
    }

    /** Hands {@code /auth/agent/identity} on as it is, to a container that has the context path {@code /auth}. */
    public static ReverseProxy keeping(String path, int port) {
        return new ReverseProxy(path, "http://localhost:" + port, false);
    }

    /** Hands {@code /auth/agent/identity} on as {@code /agent/identity}, to a container without a context path. */
    public static ReverseProxy stripping(String path, int port) {
        return new ReverseProxy(path, "http://localhost:" + port, true);
    }

    /** Where it listens. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** Takes all further connections for those of this client. */
    public void connectsFrom(String address) {
        peer = address;
    }

    private String target(String requested) {
        if (requested.startsWith(METADATA)) {
            return strips ? requested : path + requested;
        }
        if (!requested.startsWith(path + "/")) {
            return "";
        }
        return strips ? requested.substring(path.length()) : requested;
    }

    private void forward(HttpExchange exchange) throws IOException {
        String target = target(exchange.getRequestURI().toString());
        if (target.isEmpty()) {
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
            return;
        }
        HttpResponse<byte[]> answer = ask(exchange, target);
        answer.headers().map().forEach((name, values) -> {
            if (!NOT_PASSED_ON.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> exchange.getResponseHeaders().add(name, value));
            }
        });
        byte[] body = answer.body();
        exchange.sendResponseHeaders(answer.statusCode(), body.length == 0 ? -1 : body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    private HttpResponse<byte[]> ask(HttpExchange exchange, String target) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(upstream + target))
                .method(
                        exchange.getRequestMethod(),
                        BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (!NOT_PASSED_ON.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
            }
        });
        // Appended as proxies do: what the client wrote itself stays before it.
        request.header("X-Forwarded-For", peer);
        request.header("X-Forwarded-Proto", "https");
        // Of no use to anybody: a link that follows it is found out.
        request.header("X-Forwarded-Host", "elsewhere.example");
        try {
            return http.send(request.build(), BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Stops listening. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
