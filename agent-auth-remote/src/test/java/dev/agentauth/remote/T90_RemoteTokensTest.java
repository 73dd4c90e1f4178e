package dev.agentauth.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.agentauth.AuthenticatedAgent;
import dev.agentauth.spi.PortUnavailableException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("T90. Tokens of a service in another process")
class T90_RemoteTokensTest {
    private static final String ISSUER = "https://auth.example.com";
    private static final String RESOURCE = "https://api.example.com/v1";
    private static final String SECRET = "0123456789abcdefghijklmnopqrstuv";
    private static final String TOKEN = "at_" + "A".repeat(32);
    private static final String INACTIVE = "{\"active\":false}";

    private final List<String> questions = new CopyOnWriteArrayList<>();
    private final AtomicLong nanos = new AtomicLong();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private Instant now = Instant.parse("2026-05-04T13:00:00Z");
    private HttpServer server;
    private volatile Reply reply = exchange -> answer(exchange, 200, active("api.read"));

    /** What the service does with a question. */
    private interface Reply {
        void to(HttpExchange exchange) throws IOException;
    }

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/oauth2/introspect", exchange -> {
            questions.add(exchange.getRequestHeaders().getFirst("Authorization") + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            reply.to(exchange);
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    @DisplayName("an active token is the agent that the service says it is; the secret goes in the header")
    void active() {
        RemoteTokens tokens = tokens(Duration.ZERO);
        reply = exchange ->
                answer(exchange, 200, active("api.read api.write").replace("\"sub\":\"reg_1\"", "\"sub\":\"ada\""));

        AuthenticatedAgent agent = tokens.authenticate(TOKEN).orElseThrow();

        assertThat(agent.registrationId()).isEqualTo("reg_1");
        assertThat(agent.userId()).contains("ada");
        assertThat(agent.scopes()).containsExactly("api.read", "api.write");
        assertThat(agent.provider()).isEmpty();
        String basic = Base64.getEncoder().encodeToString(("api:" + SECRET).getBytes(StandardCharsets.UTF_8));
        assertThat(questions).containsExactly("Basic " + basic + " token=" + TOKEN);
        assertThat(tokens.resourceMetadataUrl())
                .isEqualTo("https://api.example.com/.well-known/oauth-protected-resource/v1");
    }

    @Test
    @DisplayName("an agent that nobody owns has no user; without scopes there are none")
    void unclaimed() {
        RemoteTokens tokens = tokens(Duration.ZERO);
        assertThat(tokens.authenticate(TOKEN).orElseThrow().userId()).isEmpty();

        reply = exchange -> answer(exchange, 200, active("api.read").replace("\"scope\":\"api.read\",", ""));
        assertThat(tokens.authenticate(TOKEN).orElseThrow().scopes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "x", "at_short", "eyJhbGciOiJFUzI1NiJ9.e30.c2ln", "clm_0123456789abcdefghijklmnopqrstuv"})
    @DisplayName("what does not look like an access token is told to nobody")
    void otherSecrets(String other) {
        assertThat(tokens(Duration.ZERO).authenticate(other)).isEmpty();
        assertThat(questions).isEmpty();
    }

    @Test
    @DisplayName("with zero seconds every request asks, and a revocation is seen by the next")
    void noCache() {
        RemoteTokens tokens = tokens(Duration.ZERO);
        assertThat(tokens.authenticate(TOKEN)).isPresent();

        reply = exchange -> answer(exchange, 200, INACTIVE);

        assertThat(tokens.authenticate(TOKEN)).isEmpty();
        assertThat(questions).hasSize(2);
    }

    @Test
    @DisplayName("a revocation is seen once the seconds are over that began when it was asked")
    void revocation() {
        RemoteTokens tokens = tokens(Duration.ofSeconds(5));
        reply = exchange -> {
            // The answer takes four of them.
            nanos.addAndGet(Duration.ofSeconds(4).toNanos());
            answer(exchange, 200, active("api.read"));
        };
        assertThat(tokens.authenticate(TOKEN)).isPresent();
        reply = exchange -> answer(exchange, 200, INACTIVE);

        nanos.addAndGet(Duration.ofSeconds(1).toNanos() - 1);
        assertThat(tokens.authenticate(TOKEN)).isPresent();
        nanos.incrementAndGet();
        assertThat(tokens.authenticate(TOKEN)).isEmpty();
        assertThat(questions).hasSize(2);
    }

    @Test
    @DisplayName("a token expires in the cache at its exp")
    void expiry() {
        RemoteTokens tokens = tokens(Duration.ofHours(2));
        assertThat(tokens.authenticate(TOKEN)).isPresent();

        now = now.plusSeconds(3600).minusMillis(1);
        assertThat(tokens.authenticate(TOKEN)).isPresent();
        now = now.plusMillis(1);
        assertThat(tokens.authenticate(TOKEN)).isEmpty();
        assertThat(questions).hasSize(1);
    }

    @Test
    @DisplayName("a dead token is asked about once in that time, and cannot push good ones out")
    void negative() throws Exception {
        RemoteTokens tokens = tokens(Duration.ofSeconds(5));
        assertThat(tokens.authenticate(TOKEN)).isPresent();
        reply = exchange -> answer(exchange, 200, INACTIVE);
        String dead = "at_" + "B".repeat(32);
        assertThat(tokens.authenticate(dead)).isEmpty();
        assertThat(tokens.authenticate(dead)).isEmpty();
        assertThat(questions).hasSize(2);

        // Each answer waits for an acknowledgement that is delayed, so many at once.
        ExecutorService many = Executors.newFixedThreadPool(32);
        List<Future<Optional<AuthenticatedAgent>>> answers = new ArrayList<>();
        for (int i = 0; i < 1500; i++) {
            String garbage = "at_" + String.format("%032d", i);
            answers.add(many.submit(() -> tokens.authenticate(garbage)));
        }
        for (Future<Optional<AuthenticatedAgent>> answer : answers) {
            assertThat(answer.get(60, TimeUnit.SECONDS)).isEmpty();
        }
        many.shutdown();
        questions.clear();
        assertThat(tokens.authenticate(TOKEN)).isPresent();
        assertThat(questions).isEmpty();
    }

    @Test
    @DisplayName("64 requests with one token at once ask once")
    void singleFlight() throws Exception {
        RemoteTokens tokens = tokens(Duration.ofSeconds(5));
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        reply = exchange -> {
            asked.countDown();
            await(go);
            answer(exchange, 200, active("api.read"));
        };
        List<Future<Optional<AuthenticatedAgent>>> answers = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            answers.add(threads.submit(() -> tokens.authenticate(TOKEN)));
        }
        await(asked);
        go.countDown();

        for (Future<Optional<AuthenticatedAgent>> answer : answers) {
            assertThat(answer.get(10, TimeUnit.SECONDS)).isPresent();
        }
        assertThat(questions).hasSize(1);
    }

    @Test
    @DisplayName("a request does not wait for a question that is too old for it")
    void staleFlight() throws Exception {
        RemoteTokens tokens = tokens(Duration.ofSeconds(1));
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        reply = exchange -> {
            asked.countDown();
            await(go);
            answer(exchange, 200, active("api.read"));
        };
        Future<Optional<AuthenticatedAgent>> early = threads.submit(() -> tokens.authenticate(TOKEN));
        await(asked);
        reply = exchange -> answer(exchange, 200, INACTIVE);
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());

        assertThat(tokens.authenticate(TOKEN)).isEmpty();
        go.countDown();
        assertThat(early.get(10, TimeUnit.SECONDS)).isPresent();
        assertThat(tokens.authenticate(TOKEN))
                .as("the older answer does not take the place of the newer")
                .isEmpty();
    }

    @Test
    @DisplayName("whatever goes wrong is out of reach: never a pass, never a dead token, and not kept")
    void failures() {
        List<Reply> hostile = List.of(
                exchange -> answer(exchange, 401, "{\"error\":\"invalid_client\"}"),
                exchange -> answer(exchange, 403, "{}"),
                exchange -> answer(exchange, 404, ""),
                exchange -> answer(exchange, 429, ""),
                exchange -> answer(exchange, 500, active("api.read")),
                exchange -> answer(exchange, 503, ""),
                exchange -> {
                    exchange.getResponseHeaders().add("Location", "/elsewhere");
                    answer(exchange, 302, "");
                },
                exchange -> answer(exchange, 204, ""),
                exchange -> answer(exchange, 200, ""),
                exchange -> answer(exchange, 200, "[]"),
                exchange -> answer(exchange, 200, "{}"),
                exchange -> answer(exchange, 200, "{\"active\":\"true\"}"),
                exchange -> answer(exchange, 200, "{\"active\":true}"),
                exchange -> answer(exchange, 200, "{\"active\":false,\"active\":true}"),
                exchange -> answer(exchange, 200, active("api.read").replace("\"exp\"", "\"x\"")),
                exchange -> answer(exchange, 200, active("api.read").replace(ISSUER, "https://other.example")),
                exchange -> answer(exchange, 200, active("api.read").replace(RESOURCE, "https://other.example")),
                exchange -> answer(exchange, 200, " ".repeat(70_000) + active("api.read")),
                exchange -> exchange.close(),
                exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    exchange.getResponseBody().write('{');
                    exchange.getResponseBody().flush();
                    await(new CountDownLatch(1));
                });
        RemoteTokens tokens = tokens(Duration.ofSeconds(5));
        for (int i = 0; i < hostile.size(); i++) {
            reply = hostile.get(i);
            assertThatExceptionOfType(PortUnavailableException.class)
                    .as("mode " + i)
                    .isThrownBy(() -> tokens.authenticate(TOKEN))
                    .satisfies(e -> assertThat(e.toString()).doesNotContain(TOKEN, SECRET));
        }
        server.stop(0);
        assertThatExceptionOfType(PortUnavailableException.class).isThrownBy(() -> tokens.authenticate(TOKEN));
    }

    @Test
    @DisplayName("what was kept is used through an outage until its seconds are over, and no longer")
    void outage() {
        RemoteTokens tokens = tokens(Duration.ofSeconds(5));
        assertThat(tokens.authenticate(TOKEN)).isPresent();
        reply = exchange -> answer(exchange, 503, "");

        nanos.addAndGet(Duration.ofSeconds(5).toNanos() - 1);
        assertThat(tokens.authenticate(TOKEN)).isPresent();
        nanos.incrementAndGet();
        assertThatExceptionOfType(PortUnavailableException.class).isThrownBy(() -> tokens.authenticate(TOKEN));
        reply = exchange -> answer(exchange, 200, active("api.read"));
        assertThat(tokens.authenticate(TOKEN)).isPresent();
    }

    @Test
    @DisplayName("an interrupt is one again, and out of reach")
    void interrupt() {
        RemoteTokens tokens = tokens(Duration.ZERO);
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(PortUnavailableException.class).isThrownBy(() -> tokens.authenticate(TOKEN));
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    @DisplayName("questions are HTTP/1.1 on any client: streams of one connection would be too few")
    void http1() {
        List<String> headers = new CopyOnWriteArrayList<>();
        reply = exchange -> {
            headers.addAll(exchange.getRequestHeaders().keySet());
            answer(exchange, 200, active("api.read"));
        };
        HttpClient own =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();

        assertThat(tokens(Duration.ZERO).authenticate(TOKEN)).isPresent();
        assertThat(here().httpClient(own).build().authenticate(TOKEN)).isPresent();

        assertThat(headers).contains("Host").doesNotContain("Upgrade", "Http2-settings");
    }

    @Test
    @DisplayName("a service that hangs takes so many threads and no more; what is kept needs none")
    void bounded() throws Exception {
        RemoteTokens tokens =
                here().maxConcurrentQuestions(2).timeout(Duration.ofSeconds(20)).build();
        assertThat(tokens.authenticate(TOKEN)).isPresent();
        CountDownLatch asked = new CountDownLatch(2);
        CountDownLatch go = new CountDownLatch(1);
        reply = exchange -> {
            asked.countDown();
            await(go);
            answer(exchange, 200, active("api.read"));
        };
        List<Future<Optional<AuthenticatedAgent>>> held = new ArrayList<>();
        for (String each : List.of("B", "C")) {
            held.add(threads.submit(() -> tokens.authenticate("at_" + each.repeat(32))));
        }
        await(asked);
        String next = "at_" + "D".repeat(32);

        assertThatExceptionOfType(PortUnavailableException.class).isThrownBy(() -> tokens.authenticate(next));
        assertThat(questions).as("it was not asked").hasSize(3);
        assertThat(tokens.authenticate(TOKEN)).isPresent();

        Future<Optional<AuthenticatedAgent>> waits = waiting(tokens, "at_" + "B".repeat(32));
        go.countDown();
        for (Future<Optional<AuthenticatedAgent>> answer : held) {
            assertThat(answer.get(10, TimeUnit.SECONDS)).isPresent();
        }
        assertThat(waits.get(10, TimeUnit.SECONDS)).isPresent();
        for (int i = 0; i < 3; i++) {
            reply = exchange -> answer(exchange, 503, "");
            assertThatExceptionOfType(PortUnavailableException.class).isThrownBy(() -> tokens.authenticate(next));
        }
        reply = exchange -> answer(exchange, 200, active("api.read"));
        assertThat(tokens.authenticate(next)).isPresent();
    }

    @Test
    @DisplayName("one token sent many times to a service that hangs holds so many threads and no more")
    void boundedWaiting() throws Exception {
        RemoteTokens tokens =
                here().maxConcurrentQuestions(2).timeout(Duration.ofSeconds(20)).build();
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        reply = exchange -> {
            asked.countDown();
            await(go);
            answer(exchange, 200, active("api.read"));
        };
        List<Future<Optional<AuthenticatedAgent>>> held = new ArrayList<>();
        held.add(threads.submit(() -> tokens.authenticate(TOKEN)));
        await(asked);
        held.add(waiting(tokens, TOKEN));
        held.add(waiting(tokens, TOKEN));

        Future<Optional<AuthenticatedAgent>> another = threads.submit(() -> tokens.authenticate(TOKEN));
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> another.get(10, TimeUnit.SECONDS))
                .withCauseInstanceOf(PortUnavailableException.class);

        go.countDown();
        for (Future<Optional<AuthenticatedAgent>> answer : held) {
            assertThat(answer.get(10, TimeUnit.SECONDS)).isPresent();
        }
        assertThat(questions).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5})
    @DisplayName("what the embedder's client throws is out of reach, too")
    void ownClient(int cacheFor) {
        ExecutorService over = Executors.newSingleThreadExecutor();
        over.shutdown();
        RemoteTokens tokens = here().httpClient(
                        HttpClient.newBuilder().executor(over).build())
                .cacheFor(Duration.ofSeconds(cacheFor))
                .build();

        for (int i = 0; i < 2; i++) {
            assertThatExceptionOfType(PortUnavailableException.class).isThrownBy(() -> tokens.authenticate(TOKEN));
        }
    }

    @Test
    @DisplayName("a kept connection that was closed meanwhile is no outage: the question is repeated once")
    void keptConnection() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
            RemoteTokens tokens = here().endpoint("http://127.0.0.1:" + socket.getLocalPort() + "/")
                    .cacheFor(Duration.ZERO)
                    .build();
            Future<?> service = threads.submit(() -> {
                try (Socket first = socket.accept()) {
                    question(first);
                    answer(first, active("api.read"));
                    question(first);
                }
                try (Socket second = socket.accept()) {
                    question(second);
                    answer(second, active("api.read"));
                    question(second);
                }
                try (Socket third = socket.accept()) {
                    question(third);
                }
                return null;
            });

            assertThat(tokens.authenticate(TOKEN)).isPresent();
            assertThat(tokens.authenticate(TOKEN)).isPresent();
            assertThatExceptionOfType(PortUnavailableException.class).isThrownBy(() -> tokens.authenticate(TOKEN));
            service.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    @DisplayName("whoever waits for a question that was interrupted asks itself")
    void interruptedFlight() throws Exception {
        RemoteTokens tokens = here().timeout(Duration.ofSeconds(20)).build();
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        reply = exchange -> {
            asked.countDown();
            await(go);
        };
        Thread asks = new Thread(() ->
                assertThatExceptionOfType(PortUnavailableException.class).isThrownBy(() -> tokens.authenticate(TOKEN)));
        asks.start();
        await(asked);
        reply = exchange -> answer(exchange, 200, active("api.read"));
        Future<Optional<AuthenticatedAgent>> answer = waiting(tokens, TOKEN);

        asks.interrupt();

        assertThat(answer.get(10, TimeUnit.SECONDS)).isPresent();
        assertThat(questions).hasSize(2);
        go.countDown();
        asks.join(10_000);
    }

    @Test
    @DisplayName("build names the setting that is missing or wrong")
    void settings() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RemoteTokens.builder(ISSUER, RESOURCE).build())
                .withMessageContaining("secret");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> secured()
                        .endpoint("http://auth.example.com/oauth2/introspect")
                        .build())
                .withMessageContaining("endpoint");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> secured().cacheFor(Duration.ofSeconds(-1)).build())
                .withMessageContaining("cacheFor");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> secured().timeout(Duration.ZERO).build())
                .withMessageContaining("timeout");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> secured().maxConcurrentQuestions(0).build())
                .withMessageContaining("maxConcurrentQuestions");
        HttpClient follows = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.ALWAYS)
                .build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> secured().httpClient(follows).build())
                .withMessageContaining("httpClient");
        assertThat(secured().build().resourceMetadataUrl()).startsWith("https://api.example.com/");
    }

    private static RemoteTokens.Builder secured() {
        return RemoteTokens.builder(ISSUER, RESOURCE).secret("api", SECRET);
    }

    private RemoteTokens tokens(Duration cacheFor) {
        return here().cacheFor(cacheFor).build();
    }

    private RemoteTokens.Builder here() {
        return secured()
                .endpoint("http://127.0.0.1:" + server.getAddress().getPort() + "/oauth2/introspect")
                .timeout(Duration.ofSeconds(2))
                .clock(() -> now)
                .nanoTime(nanos::get);
    }

    /** A request that waits for the answer to another one's question. */
    private static Future<Optional<AuthenticatedAgent>> waiting(RemoteTokens tokens, String token) {
        FutureTask<Optional<AuthenticatedAgent>> answer = new FutureTask<>(() -> tokens.authenticate(token));
        Thread thread = new Thread(answer);
        thread.start();
        while (thread.getState() != Thread.State.TIMED_WAITING && !answer.isDone()) {
            Thread.onSpinWait();
        }
        return answer;
    }

    private String active(String scope) {
        return "{\"active\":true,\"scope\":\"" + scope + "\",\"client_id\":\"reg_1\",\"sub\":\"reg_1\",\"exp\":"
                + Instant.parse("2026-05-04T14:00:00Z").getEpochSecond() + ",\"iss\":\"" + ISSUER + "\",\"aud\":\""
                + RESOURCE + "\",\"token_type\":\"Bearer\"}";
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** Reads a request to its end. */
    private static void question(Socket connection) throws IOException {
        StringBuilder read = new StringBuilder();
        while (!read.toString().endsWith("token=" + TOKEN)) {
            int next = connection.getInputStream().read();
            assertThat(next).isNotNegative();
            read.append((char) next);
        }
    }

    private static void answer(Socket connection, String body) throws IOException {
        connection
                .getOutputStream()
                .write(("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                        .getBytes(StandardCharsets.US_ASCII));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
