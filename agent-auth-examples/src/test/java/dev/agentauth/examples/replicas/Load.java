package dev.agentauth.examples.replicas;

import dev.agentauth.client.http.Reply;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Several agents that live one life after the other on both replicas, and what was answered to them. */
final class Load implements AutoCloseable {
    private static final int AGENTS = 6;
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final Cluster cluster;
    private final Ledger ledger = new Ledger();
    private final Queue<Exchange> exchanges = new ConcurrentLinkedQueue<>();
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();
    private final AtomicLongArray good = new AtomicLongArray(2);
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopped;

    /**
     * One request.
     *
     * @param outcome status and error, or {@link #BROKEN}
     */
    record Exchange(String what, int replica, long startedAt, long endedAt, String outcome) {
        static final String BROKEN = "broken";

        boolean isBad() {
            return outcome.startsWith("5") || outcome.equals(BROKEN);
        }
    }

    private Load(Cluster cluster) {
        this.cluster = cluster;
    }

    static Load start(Cluster cluster) {
        Load load = new Load(cluster);
        for (int i = 0; i < AGENTS; i++) {
            Life life = new Life(cluster, load, i);
            Thread thread = new Thread(() -> load.live(life), "agent " + i);
            load.threads.add(thread);
            thread.start();
        }
        return load;
    }

    private void live(Life life) {
        while (!stopped) {
            try {
                life.live();
            } catch (RuntimeException e) {
                violations.add(e.toString());
            }
        }
    }

    /** Sends a request and notes what came of it; null if nothing came or the service was not to be had. */
    @Nullable
    Reply send(String what, int replica, Function<Client, Reply> request) {
        long startedAt = System.nanoTime();
        Reply reply;
        try {
            reply = request.apply(cluster.client(replica));
        } catch (UncheckedIOException e) {
            exchanges.add(new Exchange(what, replica, startedAt, System.nanoTime(), Exchange.BROKEN));
            return null;
        }
        exchanges.add(new Exchange(what, replica, startedAt, System.nanoTime(), reply.toString()));
        if (reply.status() == 503) {
            requireEnvelope(what, reply);
            return null;
        }
        good.incrementAndGet(replica);
        return reply;
    }

    private void requireEnvelope(String what, Reply reply) {
        boolean page = what.equals("view");
        boolean good = reply.header("Retry-After").orElse("").matches("[1-9][0-9]*")
                && (page || reply.error().orElse("").equals("temporarily_unavailable"))
                && (page || reply.json().get(text(what)).isPresent());
        if (!good) {
            violations.add(what + ": a 503 without its envelope");
        }
    }

    /** Where the surface of an endpoint has its words. */
    private static String text(String what) {
        return switch (what) {
            case "exchange", "read", "write", "revoke", "logout" -> "error_description";
            default -> "message";
        };
    }

    Ledger ledger() {
        return ledger;
    }

    List<Exchange> exchanges() {
        return List.copyOf(exchanges);
    }

    /** Waits for more good answers of a replica, or fails after a minute. */
    void awaitAnswers(int replica, int more) {
        long goal = good(replica) + more;
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (good(replica) < goal) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("replica " + replica + " has stopped answering");
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private long good(int replica) {
        return good.get(replica);
    }

    /** Lets each agent end the life that it is in. */
    @Override
    public void close() {
        stopped = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** All that was answered against the protocol, and all promises that are not kept now. */
    List<String> complaints() {
        List<String> complaints = new ArrayList<>(violations);
        for (int i = 0; i < 2; i++) {
            for (String broken : ledger.broken(cluster.client(i))) {
                complaints.add("in the end, replica " + i + ", " + broken);
            }
        }
        return complaints;
    }

    /** How often each outcome came. */
    Map<String, Integer> outcomes(Predicate<Exchange> which) {
        Map<String, Integer> outcomes = new TreeMap<>();
        exchanges.stream().filter(which).forEach(exchange -> outcomes.merge(exchange.outcome(), 1, Integer::sum));
        return outcomes;
    }
}
