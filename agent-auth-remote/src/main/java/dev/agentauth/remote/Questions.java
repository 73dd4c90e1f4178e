package dev.agentauth.remote;

import dev.agentauth.AuthenticatedAgent;
import dev.agentauth.internal.json.JsonFormatException;
import dev.agentauth.internal.wire.IntrospectionAnswer;
import dev.agentauth.spi.PortUnavailableException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Puts a question to the service, and reads its answer. */
final class Questions {
    private static final int LIMIT = 64 * 1024;

    private final HttpClient client;
    private final URI endpoint;
    private final Duration timeout;
    private final Semaphore permits;
    private final @Nullable String authorization;
    private final String issuer;
    private final String resource;

    Questions(
            HttpClient client,
            URI endpoint,
            Duration timeout,
            int most,
            @Nullable String id,
            @Nullable String secret,
            String issuer,
            String resource) {
        this.client = client;
        this.endpoint = endpoint;
        this.timeout = timeout;
        this.permits = new Semaphore(most);
        this.authorization = id == null || secret == null ? null : basic(id, secret);
        this.issuer = issuer;
        this.resource = resource;
    }

    /**
     * Asks, and waits for the headers and the body together: what drips is too late like what does not come. If there are too many
     * questions already, it is not asked at all.
     *
     * @throws PortUnavailableException whatever goes wrong; by an interrupt if {@link #wasInterrupted}
     */
    Introspected ask(String token) {
        if (!permits.tryAcquire()) {
            throw new PortUnavailableException("too many introspections at a time");
        }
        try {
            return read(answer(token));
        } catch (TimeoutException e) {
            throw new PortUnavailableException("introspection took too long");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PortUnavailableException("introspection was interrupted", e);
        } catch (ExecutionException e) {
            throw new PortUnavailableException("introspection failed", e);
        } catch (PortUnavailableException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new PortUnavailableException("introspection failed at the HTTP client", e);
        } finally {
            permits.release();
        }
    }

    /** Whether the thread that asked was interrupted, which says nothing of the service. */
    static boolean wasInterrupted(@Nullable Throwable failure) {
        return failure instanceof PortUnavailableException && failure.getCause() instanceof InterruptedException;
    }

    private HttpResponse<byte[]> answer(String token)
            throws InterruptedException, ExecutionException, TimeoutException {
        long deadline = System.nanoTime() + timeout.toNanos();
        try {
            return answer(token, deadline);
        } catch (ExecutionException e) {
            if (!isLost(e.getCause())) {
                throw e;
            }
            // So ends a connection that was kept and that the service has just closed. The JDK repeats no POST, but
            // this one only reads.
            return answer(token, deadline);
        }
    }

    private HttpResponse<byte[]> answer(String token, long deadline)
            throws InterruptedException, ExecutionException, TimeoutException {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
            throw new TimeoutException();
        }
        CompletableFuture<HttpResponse<byte[]>> sent = Objects.requireNonNull(
                client.sendAsync(request(token, Duration.ofNanos(left)), head -> new LimitedBody(LIMIT)));
        try {
            return sent.get(left, TimeUnit.NANOSECONDS);
        } catch (TimeoutException | InterruptedException e) {
            sent.cancel(true);
            throw e;
        }
    }

    /** By HTTP/1.1: of one connection's streams there may be fewer than questions, and the JDK's client waits for none. */
    private HttpRequest request(String token, Duration left) {
        HttpRequest.Builder request = HttpRequest.newBuilder(endpoint)
                .version(HttpClient.Version.HTTP_1_1)
                .timeout(left)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Accept", "application/json")
                .POST(BodyPublishers.ofString(IntrospectionAnswer.question(token)));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return request.build();
    }

    private static boolean isLost(@Nullable Throwable cause) {
        return cause instanceof IOException
                && !(cause instanceof HttpTimeoutException)
                && !(cause instanceof ConnectException);
    }

    private Introspected read(HttpResponse<byte[]> response) {
        if (response.statusCode() == 401) {
            throw new PortUnavailableException("the service does not take this API's secret for introspection");
        }
        if (response.statusCode() != 200) {
            throw new PortUnavailableException("introspection was answered " + response.statusCode());
        }
        try {
            IntrospectionAnswer told = IntrospectionAnswer.read(response.body());
            if (told == null) {
                return Introspected.INACTIVE;
            }
            if (!issuer.equals(told.issuer()) || !resource.equals(told.audience())) {
                throw new PortUnavailableException("introspection answered for another issuer or resource");
            }
            return new Introspected(
                    new AuthenticatedAgent(told.registrationId(), told.userId(), told.scopes(), null),
                    told.expiresAt());
        } catch (JsonFormatException e) {
            throw new PortUnavailableException("introspection answered what cannot be read");
        }
    }

    private static String basic(String id, String secret) {
        String both = encoded(id) + ":" + encoded(secret);
        return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
