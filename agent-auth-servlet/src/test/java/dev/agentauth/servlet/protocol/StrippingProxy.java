package dev.agentauth.servlet.protocol;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A reverse proxy that serves a service below a path of its own host: it cuts the path off, and hands {@code /.well-known}
 * on as it is. It passes none of the host's name on.
 */
final class StrippingProxy implements AutoCloseable {
    private static final Set<String> PASSED_ON = Set.of("content-type", "authorization", "origin", "sec-fetch-site");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final String path;
    private volatile Client target = new Client("http://127.0.0.1:1");

    StrippingProxy(String path) {
        this.path = path;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::forward);
        server.start();
    }

    String root() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    void forwardTo(Client service) {
        target = service;
    }

    private void forward(HttpExchange exchange) throws IOException {
        String requested = exchange.getRequestURI().toString();
        Answer answer = requested.startsWith(path + "/")
                ? pass(exchange, requested.substring(path.length()))
                : requested.startsWith("/.well-known/")
                        ? pass(exchange, requested)
                        : new Answer(404, java.util.Map.of(), "not behind this proxy");
        answer.headers().forEach((name, values) -> {
            if (!name.equals("content-length") && !name.equals("transfer-encoding")) {
                values.forEach(value -> exchange.getResponseHeaders().add(name, value));
            }
        });
        byte[] body = Client.utf8(answer.text());
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    private Answer pass(HttpExchange exchange, String to) throws IOException {
        List<String> headers = new ArrayList<>();
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (PASSED_ON.contains(name.toLowerCase(java.util.Locale.ROOT))) {
                values.forEach(value -> headers.addAll(List.of(name, value)));
            }
        });
        byte[] body = exchange.getRequestBody().readAllBytes();
        return target.send(exchange.getRequestMethod(), to, body, headers.toArray(new String[0]));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
