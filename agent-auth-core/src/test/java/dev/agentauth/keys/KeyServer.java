package dev.agentauth.keys;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.agentauth.spi.TrustedProvider;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;

/** A provider's key server on a free port of loopback. It says what it is told to, byte by byte if need be. */
final class KeyServer implements AutoCloseable {
    /** Answers one request; the connection is closed afterwards. */
    interface Answer {
        void to(Socket client) throws IOException, InterruptedException;
    }

    final List<String> requests = new CopyOnWriteArrayList<>();
    /** Of an answer without an end: the client has closed the connection. */
    final CountDownLatch finished = new CountDownLatch(1);

    private final ServerSocket socket;
    private volatile Answer answer;

    KeyServer(Answer answer) throws IOException {
        this(new ServerSocket(0, 0, InetAddress.getByAddress(new byte[] {127, 0, 0, 1})), answer);
    }

    KeyServer(ServerSocket socket, Answer answer) {
        this.socket = socket;
        this.answer = answer;
        daemon(() -> {
            while (true) {
                Socket client = socket.accept();
                daemon(() -> serve(client));
            }
        });
    }

    void answers(Answer next) {
        answer = next;
    }

    int port() {
        return socket.getLocalPort();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + port() + "/jwks.json");
    }

    TrustedProvider provider(String issuer) {
        return TrustedProvider.of(issuer).withJwksUri(uri());
    }

    int fetches() {
        return requests.size();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void serve(Socket client) throws IOException, InterruptedException {
        try (client) {
            InputStream in = client.getInputStream();
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int octet = in.read();
                if (octet < 0) {
                    return;
                }
                head.append((char) octet);
            }
            Answer current = answer;
            requests.add(head.toString());
            current.to(client);
        } finally {
            finished.countDown();
        }
    }

    /** 200 with a whole JWK set. */
    static Answer keys(String cacheControl, String... keyIds) {
        return ok("Cache-Control: " + cacheControl + "\r\n", jwks(keyIds));
    }

    /** 200 with further header lines. */
    static Answer ok(String headers, String body) {
        return raw("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "\r\n" + headers + "\r\n" + body);
    }

    static Answer status(int status) {
        return raw("HTTP/1.1 " + status + " Whatever\r\nContent-Length: 0\r\n\r\n");
    }

    static Answer raw(String text) {
        return client -> client.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends something, then nothing for as long as the client waits for more. */
    static Answer stallAfter(String text) {
        return client -> {
            raw(text).to(client);
            while (client.getInputStream().read() >= 0) {
                // It has nothing more to say.
            }
        };
    }

    /** Sends something, then the same thing again and again for as long as the client takes it. */
    static Answer repeatAfter(String text, String again, long pauseMillis) {
        byte[] octets = again.getBytes(StandardCharsets.UTF_8);
        return client -> {
            raw(text).to(client);
            while (true) {
                client.getOutputStream().write(octets);
                Thread.sleep(pauseMillis);
            }
        };
    }

    static String jwks(String... keyIds) {
        return Arrays.stream(keyIds).map(KeyServer::jwk).collect(Collectors.joining(",", "{\"keys\":[", "]}"));
    }

    private static String jwk(String keyId) {
        try {
            ECKey key = new ECKeyGenerator(Curve.P_256).keyID(keyId).generate();
            return key.toPublicJWK().toJSONString();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private interface Task {
        void run() throws IOException, InterruptedException;
    }

    private static void daemon(Task task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (IOException | InterruptedException e) {
                // The client went away, or the server was closed.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}
