package dev.agentauth.remote;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.agentauth.AuthenticatedAgent;
import dev.agentauth.BearerTokens;
import dev.agentauth.SecretHash;
import dev.agentauth.internal.net.Urls;
import dev.agentauth.internal.wire.AccessTokenForm;
import dev.agentauth.internal.wire.Paths;
import dev.agentauth.internal.wire.WellKnown;
import dev.agentauth.spi.PortUnavailableException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Knows the tokens of a service in another process: asks it, by introspection. What is guarded by it is answered as in the service
 * itself, with two differences.
 *
 * <p><b>An answer is used for some seconds</b>, which are the embedder's choice ({@link Builder#cacheFor}) and begin when the
 * question is sent. For that long a revocation, a claim, or any other change is not seen here: a token that was revoked may be
 * accepted, one that was widened may be refused, until they are over. Never beyond the token's own expiry. With zero, every
 * request asks, and nothing is seen late. Only hashes of tokens are kept, of 10,000 good ones and 1,000 others at the most.
 * Requests that come with the same token while it is asked about wait for that answer, if it will be young enough for them.
 *
 * <p><b>{@link AuthenticatedAgent#provider} is always empty</b>: who vouched for an agent is not told to other processes.
 *
 * <p>Whatever goes wrong (the service is out of reach, too slow, too busy, refuses this API's secret, or answers what cannot be read;
 * there are too many questions already, or too many that wait for one; the HTTP client fails) is {@link PortUnavailableException}, for which a filter answers 503:
 * never a pass, and never the 401 of a bad token. Such answers are not kept. What does not look like an access token is not asked
 * about: it may be somebody else's secret.
 *
 * <p>Questions are sent by HTTP/1.1. One whose connection ends before the answer is sent once more, within the same time: it may have
 * been a connection kept from earlier that the service has just closed.
 *
 * <p>Safe for use by many threads.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7662#section-4">RFC 7662, section 4</a>
 * @since 0.2.0
 */
public final class RemoteTokens implements BearerTokens {
    private static final int MOST_GOOD = 10_000;
    private static final int MOST_OTHERS = 1_000;

    private final String resourceMetadataUrl;
    private final Questions questions;
    private final long cacheNanos;
    private final long timeoutNanos;
    private final Semaphore waiting;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final Cache<SecretHash, Look> good;
    private final Cache<SecretHash, Look> others;
    private final ConcurrentHashMap<SecretHash, Asked> asked = new ConcurrentHashMap<>();

    /** An answer, and when it was asked for. */
    private record Look(long askedAt, Introspected answer) {}

    /** A question that is not answered yet: whose is told by which object it is. */
    private static final class Asked {
        private final long at;
        private final CompletableFuture<Introspected> answer = new CompletableFuture<>();

        Asked(long at) {
            this.at = at;
        }
    }

    private RemoteTokens(Builder builder, Questions questions) {
        this.resourceMetadataUrl = WellKnown.url(Paths.PROTECTED_RESOURCE, builder.resource);
        this.questions = questions;
        this.cacheNanos = builder.cacheFor.toNanos();
        this.timeoutNanos = builder.timeout.toNanos();
        this.waiting = new Semaphore(builder.maxConcurrentQuestions);
        this.clock = builder.clock;
        this.nanoTime = builder.nanoTime;
        this.good = cache(MOST_GOOD);
        this.others = cache(MOST_OTHERS);
    }

    private Cache<SecretHash, Look> cache(int most) {
        return Caffeine.newBuilder()
                .maximumSize(most)
                .expireAfterWrite(Duration.ofNanos(Math.max(1, cacheNanos)))
                .ticker(nanoTime::getAsLong)
                .executor(Runnable::run)
                .build();
    }

    /**
     * Begins with what has to be known.
     *
     * @param issuer the issuer of the service, as in its own configuration
     * @param resource the protected resource, as in its own configuration; answers that are for another one are refused
     * @return a builder
     */
    public static Builder builder(String issuer, String resource) {
        return new Builder(issuer, resource);
    }

    @Override
    public String resourceMetadataUrl() {
        return resourceMetadataUrl;
    }

    @Override
    public Optional<AuthenticatedAgent> authenticate(String token) {
        if (!AccessTokenForm.matches(token)) {
            return Optional.empty();
        }
        Introspected answer = cacheNanos == 0 ? questions.ask(token) : kept(token, true);
        return answer.agentAt(clock.instant());
    }

    private Introspected kept(String token, boolean first) {
        SecretHash hash = SecretHash.of(token);
        long now = nanoTime.getAsLong();
        Look look = good.getIfPresent(hash);
        if (look == null) {
            look = others.getIfPresent(hash);
        }
        if (look != null && now - look.askedAt() < cacheNanos) {
            return look.answer();
        }
        Asked mine = new Asked(now);
        Asked current = asked.compute(
                hash,
                (same, before) ->
                        before != null && now - before.at < cacheNanos && !before.answer.isDone() ? before : mine);
        if (current != mine) {
            Introspected answer = answerOf(current, first);
            return answer == null ? kept(token, false) : answer;
        }
        try {
            Introspected answer = questions.ask(token);
            (answer.isActive() ? good : others).put(hash, new Look(now, answer));
            if (!answer.isActive()) {
                good.invalidate(hash);
            }
            mine.answer.complete(answer);
            return answer;
        } catch (Throwable e) {
            mine.answer.completeExceptionally(e);
            throw e;
        } finally {
            asked.remove(hash, mine);
        }
    }

    /**
     * Waits for what another request has asked. It waits no longer itself, so the question is left alone here. If too many wait
     * already, it does not.
     *
     * @return null to ask again: the other request was interrupted, which is its own affair, and this is the first time
     */
    private @Nullable Introspected answerOf(Asked question, boolean first) {
        if (!waiting.tryAcquire()) {
            throw new PortUnavailableException("too many requests wait for introspections");
        }
        try {
            return question.answer.get(timeoutNanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new PortUnavailableException("introspection took too long");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PortUnavailableException("introspection was interrupted", e);
        } catch (ExecutionException e) {
            if (first && Questions.wasInterrupted(e.getCause())) {
                return null;
            }
            throw new PortUnavailableException("introspection failed", e);
        } finally {
            waiting.release();
        }
    }

    /** Configures {@link RemoteTokens}. */
    public static final class Builder {
        private final String issuer;
        private final String resource;
        private @Nullable String endpoint;
        private @Nullable String id;
        private @Nullable String secret;
        private @Nullable HttpClient client;
        private Duration cacheFor = Duration.ofSeconds(5);
        private Duration timeout = Duration.ofSeconds(3);
        private int maxConcurrentQuestions = 64;
        private InstantSource clock = InstantSource.system();
        private LongSupplier nanoTime = System::nanoTime;

        private Builder(String issuer, String resource) {
            this.issuer = Objects.requireNonNull(issuer);
            this.resource = Objects.requireNonNull(resource);
        }

        /**
         * Where to ask, if that is not below the issuer: an address within the data centre, for example.
         *
         * @param url {@code https}, or {@code http} on loopback
         * @return this builder
         */
        public Builder endpoint(String url) {
            this.endpoint = Objects.requireNonNull(url);
            return this;
        }

        /**
         * Says who asks.
         *
         * @param name the id that the service knows this API by
         * @param value one of its secrets there
         * @return this builder
         */
        public Builder secret(String name, String value) {
            this.id = Objects.requireNonNull(name);
            this.secret = Objects.requireNonNull(value);
            return this;
        }

        /**
         * Asks over a client of the embedder's own: for mutual TLS, or a proxy. It has to follow no redirects.
         *
         * @param own by default one with two seconds to connect
         * @return this builder
         */
        public Builder httpClient(HttpClient own) {
            this.client = Objects.requireNonNull(own);
            return this;
        }

        /**
         * For how long an answer is used: how late a revocation may be seen here.
         *
         * @param time zero or more; five seconds by default. With zero each request asks
         * @return this builder
         */
        public Builder cacheFor(Duration time) {
            this.cacheFor = Objects.requireNonNull(time);
            return this;
        }

        /**
         * How long to wait for an answer, with all that belongs to it.
         *
         * @param time more than zero; three seconds by default
         * @return this builder
         */
        public Builder timeout(Duration time) {
            this.timeout = Objects.requireNonNull(time);
            return this;
        }

        /**
         * How many questions there may be at a time, and how many more requests may wait for the answers to those of others. What
         * comes beyond either is {@link PortUnavailableException} at once, so that somebody with tokens drawn at random, or with one
         * token sent many times, cannot have a service that hangs hold every thread of this API: twice this many is the most.
         * Requests that find an answer kept do not count.
         *
         * @param most one or more; 64 by default
         * @return this builder
         */
        public Builder maxConcurrentQuestions(int most) {
            this.maxConcurrentQuestions = most;
            return this;
        }

        /**
         * Tells the time of day, which tokens expire by. Ages of answers are measured by {@link System#nanoTime}.
         *
         * @param source the system's clock by default
         * @return this builder
         */
        public Builder clock(InstantSource source) {
            this.clock = Objects.requireNonNull(source);
            return this;
        }

        Builder nanoTime(LongSupplier source) {
            this.nanoTime = source;
            return this;
        }

        /**
         * Checks everything and builds. Asks nothing yet.
         *
         * @return ready for use
         * @throws IllegalArgumentException naming the setting that is missing or wrong
         */
        public RemoteTokens build() {
            URI uri = URI.create(endpoint == null ? issuer + Paths.INTROSPECT : endpoint);
            require(isSafe(uri), "the endpoint must be https, or http on loopback");
            require(URI.create(resource).getHost() != null, "the resource must be an absolute URL");
            require(
                    secret != null || client != null,
                    "secret is missing: without one, give an httpClient that the service knows this API by");
            require(!cacheFor.isNegative(), "cacheFor must not be negative");
            require(cacheFor.compareTo(Duration.ofDays(1)) <= 0, "cacheFor must not be more than a day");
            require(
                    !timeout.isNegative() && !timeout.isZero() && timeout.compareTo(Duration.ofDays(1)) <= 0,
                    "timeout must be more than zero, and not more than a day");
            require(maxConcurrentQuestions >= 1, "maxConcurrentQuestions must be one or more");
            HttpClient http = client == null
                    ? HttpClient.newBuilder()
                            .connectTimeout(Duration.ofSeconds(2))
                            .followRedirects(HttpClient.Redirect.NEVER)
                            .build()
                    : client;
            require(
                    http.followRedirects() == HttpClient.Redirect.NEVER,
                    "httpClient must follow no redirects: they would be told tokens and the secret");
            return new RemoteTokens(
                    this, new Questions(http, uri, timeout, maxConcurrentQuestions, id, secret, issuer, resource));
        }

        private static boolean isSafe(URI uri) {
            String host = uri.getHost();
            return host != null
                    && uri.getRawUserInfo() == null
                    && ("https".equals(uri.getScheme()) || ("http".equals(uri.getScheme()) && Urls.isLoopback(host)));
        }

        private static void require(boolean condition, String message) {
            if (!condition) {
                throw new IllegalArgumentException(message);
            }
        }
    }
}
