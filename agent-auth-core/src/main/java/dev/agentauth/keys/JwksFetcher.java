package dev.agentauth.keys;

import dev.agentauth.internal.jose.JwkSets;
import dev.agentauth.internal.json.JsonFormatException;
import dev.agentauth.internal.net.Urls;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Gets one JWK set over the network, from a server that may be hostile, within fixed limits. */
final class JwksFetcher {
    static final Duration CONNECT_TIME = Duration.ofSeconds(2);
    /** Everything together. The JDK's own request timeout ends with the headers and does not see a dripping body. */
    static final Duration TOTAL_TIME = Duration.ofSeconds(5);

    static final int MAX_BODY_BYTES = 256 * 1024;

    private @Nullable HttpClient client;

    /** What came, and for how long it is fresh. */
    record Fetched(JwkSets.Published keys, Duration freshFor) {}

    Fetched fetch(URI uri) throws FetchFailedException {
        if (!isAllowed(uri)) {
            throw new FetchFailedException(FetchFailure.REFUSED_URI);
        }
        HttpResponse<byte[]> response = exchange(uri);
        try {
            return new Fetched(JwkSets.parse(response.body()), Freshness.of(response.headers()));
        } catch (JsonFormatException e) {
            throw new FetchFailedException(FetchFailure.NOT_A_KEY_SET);
        }
    }

    /**
     * {@code https} anywhere, {@code http} on loopback alone, judged by how the host is written: {@code 127.x.x.x}, {@code
     * [::1]} or {@code localhost}, which RFC 6761, section 6.3 reserves for loopback.
     */
    static boolean isAllowed(URI uri) {
        String host = uri.getHost();
        if (host == null || uri.getRawUserInfo() != null || uri.getPort() > 0xFFFF) {
            return false;
        }
        return "https".equalsIgnoreCase(uri.getScheme())
                || ("http".equalsIgnoreCase(uri.getScheme()) && Urls.isLoopback(host.toLowerCase(Locale.ROOT)));
    }

    /** The JDK repeats a request whose connection closes before one octet came; the time is for all attempts together. */
    private HttpResponse<byte[]> exchange(URI uri) throws FetchFailedException {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Accept", "application/jwk-set+json, application/json")
                .build();
        CompletableFuture<HttpResponse<byte[]>> exchange = client().sendAsync(request, JwksFetcher::readOrRefuse);
        try {
            return exchange.get(TOTAL_TIME.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new FetchFailedException(FetchFailure.TIMED_OUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FetchFailedException(FetchFailure.UNREACHABLE);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof FetchFailedException refused) {
                throw refused;
            }
            throw new FetchFailedException(
                    cause instanceof HttpTimeoutException ? FetchFailure.TIMED_OUT : FetchFailure.UNREACHABLE);
        } finally {
            // Closes the connection if the exchange is still going on.
            exchange.cancel(true);
        }
    }

    private static BodySubscriber<byte[]> readOrRefuse(ResponseInfo answer) {
        if (answer.statusCode() != 200) {
            return LimitedBody.refused(FetchFailure.NOT_OK);
        }
        if (!answer.headers().allValues("Content-Encoding").stream().allMatch("identity"::equalsIgnoreCase)) {
            return LimitedBody.refused(FetchFailure.ENCODED);
        }
        if (answer.headers().firstValueAsLong("Content-Length").orElse(0) > MAX_BODY_BYTES) {
            return LimitedBody.refused(FetchFailure.TOO_LARGE);
        }
        return LimitedBody.upTo(MAX_BODY_BYTES);
    }

    private synchronized HttpClient client() {
        if (client == null) {
            client = HttpClient.newBuilder()
                    // Cancelling closes the connection, which a connection shared by streams would not do.
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(CONNECT_TIME)
                    .build();
        }
        return client;
    }
}
