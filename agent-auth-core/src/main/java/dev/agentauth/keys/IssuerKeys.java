package dev.agentauth.keys;

import dev.agentauth.spi.PortUnavailableException;
import dev.agentauth.spi.ProviderKeys.Answer;
import dev.agentauth.spi.ProviderKeys.Unknown;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one issuer at one address, and the rules of when they are fetched: see {@link RemoteProviderKeys}. All
 * decisions fall in {@link #find}, under the monitor; nobody waits for the network there. How long ago something was is
 * measured in nanoseconds that nobody sets, and compared by subtracting, because they may overflow.
 */
final class IssuerKeys {
    private static final Duration WINDOW = Duration.ofMinutes(5);
    private static final int UNKNOWN_KEY_FETCHES = 3;
    private static final int MAX_NOT_FOUND = 32;

    /** From one failed refresh to the next, the last for all further ones: at most three repeats in five minutes. */
    private static final List<Duration> BACK_OFF =
            List.of(Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofMinutes(2));

    private final String issuer;
    private final URI jwksUri;
    private final Duration outageTime;
    private final LongSupplier nanoTime;
    private final JwksFetcher fetcher;
    private final Logger log;

    private volatile @Nullable KeySet cached;

    private @Nullable Fetch inFlight;
    private long fetches;
    private int failedRefreshes;
    /** When the newest refresh began that failed; null if none has since the last success. */
    private @Nullable Long failedAt;

    /** For how long after it none is begun. */
    private Duration pause = Duration.ZERO;

    private boolean failing;
    private final FetchBudget unknownKeyBudget = new FetchBudget(UNKNOWN_KEY_FETCHES, WINDOW);
    /** Key ids that a fetch made for them did not bring, and when that was; the oldest first. */
    private final Map<String, Long> notFound = new LinkedHashMap<>();

    IssuerKeys(
            String issuer, URI jwksUri, Duration outageTime, LongSupplier nanoTime, JwksFetcher fetcher, Logger log) {
        this.issuer = issuer;
        this.jwksUri = jwksUri;
        this.outageTime = outageTime;
        this.nanoTime = nanoTime;
        this.fetcher = fetcher;
        this.log = log;
    }

    /** A fetch that others can wait for; {@code succeeded} is completed when its outcome can be seen. */
    private record Fetch(long number, long startedAt, boolean refresh, CompletableFuture<Boolean> succeeded) {}

    Answer find(String keyId) {
        KeySet current = cached;
        if (current != null && current.isFreshAt(nanoTime.getAsLong())) {
            Answer answer = current.find(keyId);
            if (!(answer instanceof Unknown)) {
                return answer;
            }
        }
        return findOrFetch(keyId);
    }

    /** Answers from the cache, or waits for a fetch and looks again, which ends after two fetches at the latest. */
    private Answer findOrFetch(String keyId) {
        long deadline = System.nanoTime() + JwksFetcher.TOTAL_TIME.toNanos();
        long askedAfter = fetchesSoFar();
        while (true) {
            Answer answer;
            boolean unknown;
            Fetch awaited;
            synchronized (this) {
                long now = nanoTime.getAsLong();
                KeySet usable = usableAt(now);
                answer = usable == null ? new Unknown() : usable.find(keyId);
                unknown = answer instanceof Unknown;
                boolean refreshDue = usable == null || !usable.isFreshAt(now);

                // Only a fetch that began after the question can say no: an earlier one may have missed a new key.
                if (usable != null && usable.isFromAfter(askedAfter)) {
                    if (unknown) {
                        rememberNotFound(keyId, now);
                    }
                    return answer;
                }
                // What is cached waits for nobody else's fetch.
                if (!unknown && (!refreshDue || inFlight != null)) {
                    return answer;
                }
                awaited = inFlight;
                if (awaited == null) {
                    awaited = startIfAllowed(now, refreshDue, usable != null && unknown);
                }
                if (awaited == null) {
                    if (unknown && !(usable != null && wasNotFoundBefore(keyId, now))) {
                        throw unavailable();
                    }
                    return answer;
                }
            }
            if (!succeeds(awaited, deadline)) {
                if (unknown) {
                    throw unavailable();
                }
                return answer;
            }
        }
    }

    private @Nullable Fetch startIfAllowed(long now, boolean refreshDue, boolean unknownKey) {
        if (refreshDue && isPauseOver(now)) {
            return start(now, true);
        }
        return unknownKey && unknownKeyBudget.tryTake(now) ? start(now, false) : null;
    }

    /** A thread of its own: it ends with the fetch, inherits nothing of the caller's, and holds up no shutdown. */
    private Fetch start(long now, boolean refresh) {
        Fetch fetch = new Fetch(++fetches, now, refresh, new CompletableFuture<>());
        Thread thread = new Thread(null, () -> run(fetch), "agent-auth-provider-keys", 0, false);
        thread.setDaemon(true);
        thread.start();
        inFlight = fetch;
        return fetch;
    }

    private void run(Fetch fetch) {
        JwksFetcher.Fetched fetched = null;
        FetchFailure failure = FetchFailure.UNREACHABLE;
        try {
            fetched = fetcher.fetch(jwksUri);
        } catch (FetchFailedException e) {
            failure = e.failure();
        } finally {
            // Also after an Error: nobody may be left waiting for a fetch that is over.
            land(fetch, fetched, failure);
        }
    }

    private void land(Fetch fetch, JwksFetcher.@Nullable Fetched fetched, FetchFailure failure) {
        boolean succeeded = fetched != null;
        boolean turned;
        synchronized (this) {
            inFlight = null;
            turned = failing == succeeded;
            failing = !succeeded;
            if (fetched != null) {
                cached = new KeySet(fetch.number(), fetch.startedAt(), fetched.freshFor(), fetched.keys());
                failedRefreshes = 0;
                failedAt = null;
            } else if (fetch.refresh()) {
                pause = BACK_OFF.get(Math.min(failedRefreshes, BACK_OFF.size() - 1));
                failedRefreshes++;
                failedAt = fetch.startedAt();
            }
        }
        try {
            if (turned && succeeded) {
                log.log(Level.INFO, "The keys of {0} can be obtained again", issuer);
            } else if (turned) {
                log.log(Level.WARNING, "The keys of {0} cannot be obtained: {1}", issuer, failure.words());
            }
        } finally {
            fetch.succeeded().complete(succeeded);
        }
    }

    private static boolean succeeds(Fetch fetch, long deadline) {
        try {
            return fetch.succeeded().get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private synchronized long fetchesSoFar() {
        return fetches;
    }

    private @Nullable KeySet usableAt(long now) {
        KeySet current = cached;
        return current != null && current.isUsableAt(now, outageTime) ? current : null;
    }

    private void rememberNotFound(String keyId, long now) {
        notFound.remove(keyId);
        notFound.put(keyId, now);
        if (notFound.size() > MAX_NOT_FOUND) {
            notFound.remove(notFound.keySet().iterator().next());
        }
    }

    private boolean wasNotFoundBefore(String keyId, long now) {
        Long then = notFound.get(keyId);
        return then != null && !isOver(WINDOW, then, now);
    }

    private PortUnavailableException unavailable() {
        return new PortUnavailableException("the keys of " + issuer + " cannot be obtained now");
    }

    private boolean isPauseOver(long now) {
        return failedAt == null || isOver(pause, failedAt, now);
    }

    private static boolean isOver(Duration time, long since, long now) {
        return now - since >= time.toNanos();
    }

    Optional<Duration> age() {
        KeySet current = cached;
        return current == null ? Optional.empty() : Optional.of(current.age(nanoTime.getAsLong()));
    }

    /** Whether nothing would be lost by beginning anew. */
    synchronized boolean isForgettable() {
        long now = nanoTime.getAsLong();
        return fetches > 0 && inFlight == null && usableAt(now) == null && isPauseOver(now);
    }
}
