package dev.agentauth.examples.provider.kit;

import dev.agentauth.client.http.Http;
import dev.agentauth.client.http.JsonFormatException;
import dev.agentauth.client.http.Pause;
import dev.agentauth.client.http.Reply;
import dev.agentauth.client.http.UnsafeUrlException;
import dev.agentauth.client.http.Urls;
import dev.agentauth.client.http.WellKnown;
import dev.agentauth.examples.provider.kit.Delivery.Result;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;

/** Finds out where a service wants its logout tokens or security events, and sends them there, again and again if need be. */
final class LogoutDelivery {
    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private final Http http;
    private final InstantSource clock;
    private final Pause pause;
    private final int attempts;
    private final boolean toLoopback;

    /** @param toLoopback whether a service may be on this very machine */
    LogoutDelivery(Http http, InstantSource clock, Pause pause, int attempts, boolean toLoopback) {
        this.http = http;
        this.clock = clock;
        this.pause = pause;
        this.attempts = attempts;
        this.toLoopback = toLoopback;
    }

    Delivery deliver(Logout logout) {
        Duration wait = FIRST_WAIT;
        for (int attempt = 1; ; attempt++) {
            Try outcome = attempt(logout);
            if (outcome.result() != Result.UNREACHABLE || attempt == attempts) {
                return new Delivery(outcome.result(), attempt, outcome.status());
            }
            try {
                pause.sleep(shorter(outcome.retryAfter().orElse(wait), LONGEST_WAIT));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return new Delivery(outcome.result(), attempt, outcome.status());
            }
            wait = wait.multipliedBy(2);
        }
    }

    private Try attempt(Logout logout) {
        try {
            Reply metadata = http.get(metadataUrl(logout.audience()));
            if (metadata.status() != 200) {
                return isTemporary(metadata) ? Try.of(Result.UNREACHABLE, metadata, clock) : Try.of(Result.NO_ENDPOINT);
            }
            String endpoint = endpoint(logout, metadata);
            Reply reply = http.post(endpoint, logout.carrier().mediaType(), logout.token());
            if (reply.status() == logout.carrier().taken()) {
                return Try.of(Result.DELIVERED, reply, clock);
            }
            return Try.of(isTemporary(reply) ? Result.UNREACHABLE : Result.REFUSED, reply, clock);
        } catch (UncheckedIOException e) {
            return Try.of(Result.UNREACHABLE);
        } catch (JsonFormatException | UnsafeUrlException e) {
            return Try.of(Result.NO_ENDPOINT);
        }
    }

    private String metadataUrl(String audience) {
        URI url = Urls.requireSafe(audience);
        if (url.getRawQuery() != null || (Urls.isLoopback(url) && !toLoopback)) {
            throw new UnsafeUrlException("not a service that logouts are sent to");
        }
        return WellKnown.inserted(WellKnown.AUTHORIZATION_SERVER, audience);
    }

    private String endpoint(Logout logout, Reply reply) {
        // RFC 8414, section 3.3: metadata that names another issuer is somebody else's.
        if (!reply.json().get("issuer").text().equals(logout.audience())) {
            throw new JsonFormatException("issuer is another");
        }
        String endpoint =
                reply.json().get("agent_auth").get(logout.carrier().member()).text();
        if (Urls.isLoopback(Urls.requireSafe(endpoint)) && !toLoopback) {
            throw new UnsafeUrlException("not an endpoint that logouts are sent to");
        }
        return endpoint;
    }

    private static boolean isTemporary(Reply reply) {
        return reply.status() == 429 || reply.status() >= 500;
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    /** What came of one attempt. */
    private record Try(Result result, OptionalInt status, Optional<Duration> retryAfter) {
        static Try of(Result result) {
            return new Try(result, OptionalInt.empty(), Optional.empty());
        }

        static Try of(Result result, Reply reply, InstantSource clock) {
            return new Try(result, OptionalInt.of(reply.status()), reply.retryAfter(clock.instant()));
        }
    }
}
