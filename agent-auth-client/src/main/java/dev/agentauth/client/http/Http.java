package dev.agentauth.client.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests and waits for their answers, within limits: a whole answer has to be there in time, and a body may have
 * only so many octets. Follows no redirects. Speaks https, and plain http on loopback alone. Safe for use by many threads.
 *
 * @since 0.2.0
 */
public final class Http {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration DEADLINE = Duration.ofSeconds(15);
    private static final int MAX_BODY_BYTES = 1024 * 1024;

    private final Duration deadline;
    private final int maxBodyBytes;

    /** Made when it is first needed: it reads the certificates that it trusts. */
    private @Nullable HttpClient client;

    /** Waits 15 seconds, and reads a mebibyte. */
    public Http() {
        this(DEADLINE, MAX_BODY_BYTES);
    }

    /** Waits so long for a whole answer, and reads so much of it. */
    public Http(Duration deadline, int maxBodyBytes) {
        this.deadline = deadline;
        this.maxBodyBytes = maxBodyBytes;
    }

    /** GET. */
    public Reply get(String url, String... headers) {
        return send("GET", url, BodyPublishers.noBody(), headers);
    }

    /** POST of a JSON object. */
    public Reply postJson(String url, Map<String, ?> body) {
        return post(url, "application/json", Json.write(body));
    }

    /** POST of a form. */
    public Reply postForm(String url, Map<String, String> form, String... headers) {
        String body = form.entrySet().stream()
                .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
                .collect(Collectors.joining("&"));
        return post(url, "application/x-www-form-urlencoded", body, headers);
    }

    /** POST of a text. */
    public Reply post(String url, String contentType, String body, String... headers) {
        String[] all = new String[headers.length + 2];
        System.arraycopy(headers, 0, all, 2, headers.length);
        all[0] = "Content-Type";
        all[1] = contentType;
        return send("POST", url, BodyPublishers.ofString(body), all);
    }

    /** Any method, with headers as name, value, name, value. */
    public Reply send(String method, String url, BodyPublisher body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).method(method, body);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request.build());
    }

    /**
     * Any request.
     *
     * @throws UnsafeUrlException if its URL is neither https nor on loopback
     * @throws UncheckedIOException if there was no whole answer in time, or a longer one than is read
     */
    public Reply send(HttpRequest request) {
        Urls.requireSafe(request.uri());
        CompletableFuture<HttpResponse<byte[]>> answer =
                client().sendAsync(request, info -> new LimitedBody(maxBodyBytes));
        try {
            HttpResponse<byte[]> response = answer.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
            String body = new String(response.body(), StandardCharsets.UTF_8);
            return new Reply(response.statusCode(), response.headers(), body);
        } catch (ExecutionException e) {
            throw noAnswer(request, e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause()));
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw noAnswer(request, new HttpTimeoutException("not within " + deadline));
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new InterruptedIOException("interrupted"));
        }
    }

    private static UncheckedIOException noAnswer(HttpRequest request, IOException cause) {
        String problem = cause instanceof BodyTooLargeException ? "too long an answer from " : "no answer from ";
        return new UncheckedIOException(problem + withoutQuery(request.uri().toString()), cause);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String withoutQuery(String url) {
        int query = url.indexOf('?');
        return query < 0 ? url : url.substring(0, query);
    }

    private synchronized HttpClient client() {
        if (client == null) {
            client = HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();
        }
        return client;
    }
}
