package dev.agentauth.keys;

import static dev.agentauth.keys.KeyServer.keys;
import static dev.agentauth.keys.KeyServer.ok;
import static dev.agentauth.keys.KeyServer.raw;
import static dev.agentauth.keys.KeyServer.repeatAfter;
import static dev.agentauth.keys.KeyServer.stallAfter;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentauth.spi.PortUnavailableException;
import dev.agentauth.spi.ProviderKeys;
import dev.agentauth.spi.TrustedProvider;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threat T11: a provider's server that does everything wrong. All that takes real seconds runs at the same time. */
@Timeout(60)
class HostileKeyServerTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final String OK = "HTTP/1.1 200 OK\r\nCache-Control: max-age=3600\r\n";
    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n\r\n";
    private static final String JSON = KeyServer.jwks("k1");
    private static final int LIMIT = 256 * 1024;
    private static final Duration A_MOMENT = Duration.ofSeconds(2);
    private static final Duration AT_MOST = Duration.ofMillis(6_500);

    private final RecordingLogger log = new RecordingLogger();
    private final RemoteProviderKeys remote = new RemoteProviderKeys(() -> 0, Duration.ofHours(4), log);
    private final Map<TrustedProvider, FetchFailure> modes = new LinkedHashMap<>();
    private final List<KeyServer> endless = new ArrayList<>();
    private final List<AutoCloseable> open = new CopyOnWriteArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
    }

    @Test
    void T11_noFailureBringsKeysOrHoldsAnyThreadLongerThanFiveSeconds() throws Exception {
        FutureTask<Void> twoFetches = inThread(() -> {
            waitForTwoFetches();
            return null;
        });
        KeyServer target = server(keys("max-age=3600", "k1"));

        mode("down", FetchFailure.UNREACHABLE, closedPort());
        mode("hangs-up", FetchFailure.UNREACHABLE, raw(""));
        mode("nonsense", FetchFailure.UNREACHABLE, raw("SSH-2.0-OpenSSH_9.2\r\n\r\n"));
        mode("truncated", FetchFailure.UNREACHABLE, raw(OK + length(JSON.length() + 1) + JSON));
        mode("truncated-chunks", FetchFailure.UNREACHABLE, raw(OK + CHUNKED + chunk(JSON)));

        mode("moved", FetchFailure.NOT_OK, redirect("302 Found", target));
        mode("moved-for-good", FetchFailure.NOT_OK, redirect("308 Permanent Redirect", target));
        mode("unauthorized", FetchFailure.NOT_OK, raw("HTTP/1.1 401 Unauthorized\r\n" + length(JSON.length()) + JSON));
        mode("partial", FetchFailure.NOT_OK, raw("HTTP/1.1 206 Partial Content\r\n" + length(JSON.length()) + JSON));

        mode("html", FetchFailure.NOT_A_KEY_SET, ok("Content-Type: text/html\r\n", "<html>Sign in</html>"));
        mode("empty", FetchFailure.NOT_A_KEY_SET, ok("", ""));
        mode("array", FetchFailure.NOT_A_KEY_SET, ok("", "[" + JSON + "]"));

        mode("gzip", FetchFailure.ENCODED, gzip("gzip"));
        mode("identity-and-gzip", FetchFailure.ENCODED, gzip("identity\r\nContent-Encoding: gzip"));
        mode("says-gzip", FetchFailure.ENCODED, ok("Content-Encoding: gzip\r\n", JSON));

        String spaces = " ".repeat(0x10000);
        mode("an-octet-too-large", FetchFailure.TOO_LARGE, ok("", padded(LIMIT + 1)));
        mode("an-octet-too-large-in-chunks", FetchFailure.TOO_LARGE, raw(OK + CHUNKED + chunk(padded(LIMIT + 1))));
        endless("huge", FetchFailure.TOO_LARGE, repeatAfter(OK + length(1L << 40), spaces, 0));
        endless("says-huge", FetchFailure.TOO_LARGE, stallAfter(OK + length(LIMIT + 1)));
        endless("huge-in-chunks", FetchFailure.TOO_LARGE, repeatAfter(OK + CHUNKED, chunk(spaces), 0));
        endless("huge-without-length", FetchFailure.TOO_LARGE, repeatAfter(OK + "\r\n", spaces, 0));
        endless("huge-404", FetchFailure.NOT_OK, repeatAfter("HTTP/1.1 404 Not Found\r\n\r\n", spaces, 0));

        mode("deaf", FetchFailure.TIMED_OUT, deafPort());
        endless("silent", FetchFailure.TIMED_OUT, stallAfter(""));
        endless("silent-in-headers", FetchFailure.TIMED_OUT, stallAfter(OK));
        endless("silent-in-body", FetchFailure.TIMED_OUT, stallAfter(OK + length(JSON.length()) + "{"));
        endless("dripping", FetchFailure.TIMED_OUT, repeatAfter(OK + length(60_000), " ", 300));
        endless("dripping-headers", FetchFailure.TIMED_OUT, repeatAfter(OK, "X: y\r\n", 200));

        // Two for each, so that waiting for another's fetch is seen too.
        Map<FutureTask<Duration>, TrustedProvider> waits = new LinkedHashMap<>();
        for (TrustedProvider provider : modes.keySet()) {
            waits.put(inThread(() -> timeToFail(remote, provider, "k1")), provider);
            waits.put(inThread(() -> timeToFail(remote, provider, "k1")), provider);
        }
        for (FutureTask<Duration> wait : waits.keySet()) {
            String issuer = waits.get(wait).issuer();
            Duration atMost = issuer.contains("deaf") ? Duration.ofSeconds(4) : AT_MOST;
            assertThat(wait.get()).as(issuer).isLessThan(atMost);
        }

        await(A_MOMENT, () -> log.lines.size() >= modes.size());
        assertThat(log.lines)
                .containsExactlyInAnyOrderElementsOf(modes.entrySet().stream()
                        .map(mode -> "WARNING The keys of " + mode.getKey().issuer() + " cannot be obtained: "
                                + mode.getValue().words())
                        .toList());
        twoFetches.get();
        assertThat(target.fetches()).as("redirects followed").isZero();
        for (KeyServer server : endless) {
            assertThat(server.finished.await(2, TimeUnit.SECONDS))
                    .as("connection closed: " + server.requests)
                    .isTrue();
        }
        await(Duration.ofSeconds(5), HostileKeyServerTest::noThreadIsBusy);
    }

    /** The first fetch answers after half the time and brings nothing, the second one does not answer. */
    private void waitForTwoFetches() throws Exception {
        KeyServer server = server(keys("max-age=3600", "k1"));
        TrustedProvider provider = server.provider("https://two-fetches.example");
        RemoteProviderKeys remote = new RemoteProviderKeys(() -> 0, Duration.ofHours(4), log);
        remote.find(provider, "k1");
        server.answers(client -> {
            Thread.sleep(2_500);
            keys("max-age=3600", "k1").to(client);
        });
        FutureTask<ProviderKeys.Answer> first = inThread(() -> remote.find(provider, "x1"));
        await(A_MOMENT, () -> server.fetches() == 2);
        server.answers(stallAfter(""));

        assertThat(timeToFail(remote, provider, "x2")).isBetween(Duration.ofSeconds(4), AT_MOST);
        assertThat(first.get()).isEqualTo(new ProviderKeys.Unknown());
        assertThat(server.fetches()).isEqualTo(3);
    }

    private void mode(String name, FetchFailure expected, KeyServer.Answer answer) throws IOException {
        mode(name, expected, server(answer).uri());
    }

    private void mode(String name, FetchFailure expected, URI uri) {
        modes.put(TrustedProvider.of("https://" + name + ".example").withJwksUri(uri), expected);
    }

    private void endless(String name, FetchFailure expected, KeyServer.Answer answer) throws IOException {
        KeyServer server = server(answer);
        endless.add(server);
        mode(name, expected, server.uri());
    }

    private static Duration timeToFail(RemoteProviderKeys remote, TrustedProvider provider, String keyId) {
        long start = System.nanoTime();
        assertThatThrownBy(() -> remote.find(provider, keyId))
                .as(provider.issuer())
                .isInstanceOf(PortUnavailableException.class);
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static boolean noThreadIsBusy() {
        for (Map.Entry<Thread, StackTraceElement[]> entry :
                Thread.getAllStackTraces().entrySet()) {
            String name = entry.getKey().getName();
            boolean fetching = name.startsWith("agent-auth-");
            boolean working = name.startsWith("HttpClient-")
                    && name.contains("Worker")
                    && Arrays.stream(entry.getValue())
                            .noneMatch(frame -> frame.getMethodName().equals("getTask"));
            if (fetching || working) {
                return false;
            }
        }
        return true;
    }

    /** Where connections are refused: the port is taken, so that no other server of the test gets it, by nobody who listens. */
    private URI closedPort() throws IOException {
        Socket taken = new Socket();
        open.add(taken);
        taken.bind(new InetSocketAddress(LOOPBACK, 0));
        return URI.create("http://127.0.0.1:" + taken.getLocalPort() + "/jwks.json");
    }

    /** Where connections are neither accepted nor refused: the queue of those to be accepted is full. */
    private URI deafPort() throws IOException {
        ServerSocket socket = new ServerSocket(0, 1, LOOPBACK);
        open.add(socket);
        for (int i = 0; i < 10; i++) {
            Socket filler = new Socket();
            open.add(filler);
            try {
                filler.connect(new InetSocketAddress(socket.getInetAddress(), socket.getLocalPort()), 100);
            } catch (SocketTimeoutException e) {
                return uri(socket);
            }
        }
        throw new IllegalStateException("the queue does not fill up");
    }

    private static URI uri(ServerSocket socket) {
        return URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/");
    }

    private static KeyServer.Answer redirect(String status, KeyServer target) {
        return raw("HTTP/1.1 " + status + "\r\nLocation: " + target.uri() + "\r\n" + length(0));
    }

    private static KeyServer.Answer gzip(String encoding) throws IOException {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(octets)) {
            gzip.write(JSON.getBytes(StandardCharsets.UTF_8));
        }
        return client -> {
            raw(OK + "Content-Encoding: " + encoding + "\r\n" + length(octets.size()))
                    .to(client);
            client.getOutputStream().write(octets.toByteArray());
        };
    }

    /** The last header line. */
    private static String length(long octets) {
        return "Content-Length: " + octets + "\r\n\r\n";
    }

    private static String chunk(String content) {
        return Integer.toHexString(content.length()) + "\r\n" + content + "\r\n";
    }

    private static String padded(int octets) {
        return JSON + " ".repeat(octets - JSON.length());
    }

    private KeyServer server(KeyServer.Answer answer) throws IOException {
        KeyServer server = new KeyServer(answer);
        open.add(server);
        return server;
    }

    private static void await(Duration atMost, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(deadline - System.nanoTime()).as("time left").isPositive();
            Thread.sleep(10);
        }
    }

    private static <T> FutureTask<T> inThread(Callable<T> action) {
        FutureTask<T> task = new FutureTask<>(action);
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
        return task;
    }
}
