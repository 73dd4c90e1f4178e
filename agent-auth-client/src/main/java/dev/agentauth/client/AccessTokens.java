package dev.agentauth.client;

import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The one access token of an agent. Whoever needs another while it is being fetched waits for that and gets the same. */
final class AccessTokens {
    private final InstantSource clock;
    private final Function<String, Exchange> exchanging;

    private @Nullable AccessToken current;
    private @Nullable UnderWay underWay;

    AccessTokens(InstantSource clock, Function<String, Exchange> exchanging) {
        this.clock = clock;
        this.exchanging = exchanging;
    }

    /** An exchange that somebody is doing. */
    private record UnderWay(String assertion, CompletableFuture<Exchange> result) {}

    synchronized Optional<AccessToken> current() {
        return Optional.ofNullable(current);
    }

    synchronized void drop(AccessToken token) {
        if (token.equals(current)) {
            current = null;
        }
    }

    /** Forgets a token, if it is this one. */
    synchronized void drop(String value) {
        if (current != null && current.value().equals(value)) {
            current = null;
        }
    }

    /** Forgets a token that an assertion was exchanged for. */
    synchronized void dropAllOf(String assertion) {
        if (current != null && current.assertion().equals(assertion)) {
            current = null;
        }
    }

    /** Forgets a token that another assertion was exchanged for. */
    synchronized void dropAllBut(@Nullable String assertion) {
        if (current != null && !current.assertion().equals(assertion)) {
            current = null;
        }
    }

    /** A token for an assertion, other than one that has turned out to be spent: the one in hand, or a new one. */
    Exchange other(String assertion, @Nullable AccessToken spent) {
        UnderWay mine = new UnderWay(assertion, new CompletableFuture<>());
        UnderWay first;
        synchronized (this) {
            if (current != null
                    && current.assertion().equals(assertion)
                    && !current.equals(spent)
                    && clock.instant().isBefore(current.expiresAt())) {
                return new Exchange.Yes(current);
            }
            if (underWay == null || !underWay.assertion().equals(assertion)) {
                underWay = mine;
            }
            first = underWay;
        }
        if (first.equals(mine)) {
            exchange(mine);
        }
        try {
            return first.result().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException problem ? problem : e;
        }
    }

    private void exchange(UnderWay mine) {
        try {
            finish(mine, exchanging.apply(mine.assertion()));
        } catch (RuntimeException | Error e) {
            finish(mine, null);
            mine.result().completeExceptionally(e);
        }
    }

    private void finish(UnderWay mine, @Nullable Exchange result) {
        synchronized (this) {
            if (mine.equals(underWay)) {
                underWay = null;
                if (result instanceof Exchange.Yes yes) {
                    current = yes.token();
                }
            }
        }
        if (result != null) {
            mine.result().complete(result);
        }
    }
}
