package dev.agentauth.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.agentauth.spi.TrustedProvider;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An agent provider that does what a test wants: it publishes its keys over real HTTP on a free port of the loopback
 * interface, mints ID-JAGs, logout tokens and security events, rotates its keys, and gets into every kind of {@link Trouble}. Its times
 * come from the clock of the test. Safe for use by many threads.
 *
 * <pre>{@code
 * try (FakeProvider provider = FakeProvider.start(clock)) {
 *     AgentAuth auth = AgentAuth.builder(issuer, resource).trust(provider.trusted())…build();
 *     String idJag = provider.idJag(issuer).subject("person-1").email("ada@example.com").compact();
 * }
 * }</pre>
 *
 * @since 0.2.0
 */
public final class FakeProvider implements AutoCloseable {
    private final InstantSource clock;
    private final HttpServer server;
    private final ExecutorService threads;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicInteger keyRequests = new AtomicInteger();
    private final AtomicInteger otherRequests = new AtomicInteger();
    private final List<Map<String, Object>> published = new ArrayList<>();
    private ProviderSigner signer;
    private volatile Trouble trouble = Trouble.NONE;
    private volatile @Nullable URI redirect;
    private volatile @Nullable String cacheControl;
    private volatile @Nullable String keysText;

    /** What is wrong with the address of the keys. */
    public enum Trouble {
        /** Nothing. */
        NONE,
        /** Answers 500. */
        FAILING,
        /** Answers 404. */
        MISSING,
        /** Takes the request and closes the connection. */
        HANGING_UP,
        /** Takes the request and never answers. */
        SILENT,
        /** Sends one byte after the other, and never ends. */
        DRIPPING,
        /** Sends 8 MiB. */
        HUGE,
        /** Promises more bytes than it sends. */
        TRUNCATED,
        /** Sends a web page. */
        NOT_JSON,
        /** Sends the right keys behind a redirect; see {@link FakeProvider#redirectKeysTo}. */
        REDIRECTING
    }

    private FakeProvider(InstantSource clock) throws IOException {
        this.clock = Objects.requireNonNull(clock);
        this.signer = ProviderSigner.es256();
        published.add(signer.publicJwk());
        threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "fake-provider");
            thread.setDaemon(true);
            return thread;
        });
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/.well-known/jwks.json", this::answerKeys);
        server.createContext("/", this::answerAnythingElse);
        server.start();
    }

    /**
     * Starts a provider with one ES256 key.
     *
     * @param clock tells it the time
     * @return the provider, listening
     */
    public static FakeProvider start(InstantSource clock) {
        try {
            return new FakeProvider(clock);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Its issuer URL, which is its client id too.
     *
     * @return {@code http} on loopback
     */
    public String issuer() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /**
     * An entry for a service's trust list.
     *
     * @return with the defaults, and a name to show to people
     */
    public TrustedProvider trusted() {
        return TrustedProvider.of(issuer()).withDisplayName("Fake Provider");
    }

    /**
     * A good ID-JAG for {@code person-1} with the verified address {@code ada@example.com}, issued now and good for five
     * minutes.
     *
     * @param audience the issuer URL of the service
     * @return a JWT to vary
     */
    public ProviderJwt idJag(String audience) {
        return ProviderJwt.idJag(signer(), issuer(), audience, clock.instant()).email("ada@example.com");
    }

    /**
     * A good logout token, issued now.
     *
     * @param audience the issuer URL of the service
     * @param subject who is logged out
     * @return a JWT to vary
     */
    public ProviderJwt logout(String audience, String subject) {
        return ProviderJwt.logout(signer(), issuer(), audience, clock.instant()).subject(subject);
    }

    /**
     * A good security event token that ends what was vouched for, issued now.
     *
     * @param audience the issuer URL of the service
     * @param subject whom it is about
     * @return a JWT to vary
     */
    public ProviderJwt securityEvent(String audience, String subject) {
        return ProviderJwt.securityEvent(signer(), issuer(), audience, clock.instant())
                .subject(subject);
    }

    /**
     * The key that signs.
     *
     * @return the newest one
     */
    public synchronized ProviderSigner signer() {
        return signer;
    }

    /**
     * Signs with another key from now on, and publishes it alone.
     *
     * @param next the key
     */
    public synchronized void rotateTo(ProviderSigner next) {
        signer = next;
        published.clear();
        published.add(next.publicJwk());
    }

    /**
     * Publishes one more key, whatever it is.
     *
     * @param jwk a JWK, or something that is none
     */
    public synchronized void publish(Map<String, Object> jwk) {
        published.add(jwk);
    }

    /**
     * Publishes exactly these keys.
     *
     * @param jwks JWKs, or things that are none
     */
    public synchronized void publishOnly(List<Map<String, Object>> jwks) {
        published.clear();
        published.addAll(jwks);
    }

    /**
     * Publishes any text in the place of the key set.
     *
     * @param text the body; null for the key set again
     */
    public void publishText(@Nullable String text) {
        keysText = text;
    }

    /**
     * Sets the {@code Cache-Control} of the key set.
     *
     * @param value the header's value; null for none
     */
    public void keysCacheControl(@Nullable String value) {
        cacheControl = value;
    }

    /**
     * Gets into trouble, or out of it.
     *
     * @param next the trouble
     */
    public void trouble(Trouble next) {
        trouble = Objects.requireNonNull(next);
    }

    /**
     * Redirects whoever asks for the keys.
     *
     * @param target where to
     */
    public void redirectKeysTo(URI target) {
        redirect = Objects.requireNonNull(target);
        trouble = Trouble.REDIRECTING;
    }

    /**
     * How often the keys were asked for.
     *
     * @return since the start
     */
    public int keyRequests() {
        return keyRequests.get();
    }

    /**
     * How often anything else was asked for: a trap for whoever follows a URL of a JWT.
     *
     * @return since the start
     */
    public int otherRequests() {
        return otherRequests.get();
    }

    /** Stops listening and lets everybody go who is still waiting. */
    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private void answerAnythingElse(HttpExchange exchange) throws IOException {
        otherRequests.incrementAndGet();
        send(exchange, 200, "application/json", keySet());
    }

    private void answerKeys(HttpExchange exchange) throws IOException {
        keyRequests.incrementAndGet();
        switch (trouble) {
            case NONE -> send(exchange, 200, "application/json", keySet());
            case FAILING -> send(exchange, 500, "text/plain", "out of order");
            case MISSING -> send(exchange, 404, "text/plain", "nothing here");
            case HANGING_UP -> exchange.close();
            case SILENT -> await(exchange, Duration.ofMinutes(5));
            case DRIPPING -> drip(exchange);
            case HUGE -> send(exchange, 200, "application/json", "{\"keys\":[\"" + "x".repeat(8 << 20) + "\"]}");
            case TRUNCATED -> truncate(exchange);
            case NOT_JSON -> send(exchange, 200, "text/html", "<!doctype html><title>Sign in</title>");
            case REDIRECTING -> {
                exchange.getResponseHeaders().set("Location", String.valueOf(redirect));
                send(exchange, 302, "application/json", keySet());
            }
        }
    }

    private synchronized String keySet() {
        String text = keysText;
        return text == null ? JsonText.write(Map.of("keys", List.copyOf(published))) : text;
    }

    private void send(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        String caching = cacheControl;
        if (caching != null) {
            exchange.getResponseHeaders().set("Cache-Control", caching);
        }
        exchange.sendResponseHeaders(status, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    private void drip(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            while (!closed.await(100, TimeUnit.MILLISECONDS)) {
                out.write(' ');
                out.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void truncate(HttpExchange exchange) throws IOException {
        byte[] body = keySet().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length + 100L);
        exchange.getResponseBody().write(body);
        exchange.getResponseBody().flush();
        exchange.close();
    }

    private void await(HttpExchange exchange, Duration time) {
        try {
            boolean unused = closed.await(time.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            exchange.close();
        }
    }
}
