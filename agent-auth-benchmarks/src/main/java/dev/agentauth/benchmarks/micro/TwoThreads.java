package dev.agentauth.benchmarks.micro;

import dev.agentauth.Caller;
import dev.agentauth.benchmarks.Crypto;
import dev.agentauth.benchmarks.MeasuredService;
import dev.agentauth.memory.InMemoryStores;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * How much more two threads do than one: both run for a moment in turn, in one process, since what one thread does alone
 * varies from process to process by more than what is looked for. Arguments are how many pairs of moments, 30 by default, and
 * how many milliseconds each takes, 400 by default. Run it with {@code -Xms2g -Xmx2g -XX:+AlwaysPreTouch} and two idle
 * processors.
 */
public final class TwoThreads {
    private static final int KNOWN = 1000;
    private static final int BATCH = 20;
    private static final int WARM_UP = 20;
    private static final long SETTLE_MILLIS = 20;
    private static final long NAP_NANOS = 200_000;
    private static final double NANOS_OF_SECOND = 1e9;

    /** Longs between two counters, so that no line of the cache holds both. */
    private static final int APART = 32;

    private final AtomicLongArray counts = new AtomicLongArray(3 * APART);
    private volatile int working;
    private volatile boolean over;

    private TwoThreads() {}

    /** What a thread does again and again. */
    private interface Work {
        void next();
    }

    /** Makes the work of one thread, which is a client of its own. */
    private interface Kind {
        Work of(MeasuredService service, int thread);
    }

    /** Prints a table. */
    public static void main(String[] args) throws IOException, InterruptedException {
        int pairs = args.length > 0 ? Integer.parseInt(args[0]) : 30;
        long millis = args.length > 1 ? Long.parseLong(args[1]) : 400;
        Logger.getLogger("").setLevel(Level.OFF);
        System.out.println("| work | one thread | two threads | ratio | quartiles |");
        System.out.println("|---|---:|---:|---:|---:|");
        print("SHA-256, nothing shared", (service, thread) -> hashing(), pairs, millis);
        print("bearer authentication", TwoThreads::authenticating, pairs, millis);
        print("exchange of a known assertion", TwoThreads::exchanging, pairs, millis);
    }

    private static void print(String name, Kind kind, int pairs, long millis) throws IOException, InterruptedException {
        Path audit = Files.createTempFile("agent-auth-audit", ".log");
        try (MeasuredService service = MeasuredService.of(
                InMemoryStores.of("https://service.example"),
                audit,
                builder -> builder.cryptoProvider(Crypto.ACCP.choice()))) {
            new TwoThreads().measure(name, List.of(kind.of(service, 0), kind.of(service, 1)), pairs, millis);
        } finally {
            Files.delete(audit);
        }
    }

    private void measure(String name, List<Work> works, int pairs, long millis) throws InterruptedException {
        List<Thread> threads = List.of(start(works.get(0), 0), start(works.get(1), 1));
        double[] one = new double[pairs];
        double[] two = new double[pairs];
        double[] ratios = new double[pairs];
        try {
            double unused = perSecond(2, WARM_UP * millis);
            for (int i = 0; i < pairs; i++) {
                one[i] = perSecond(1, millis);
                two[i] = perSecond(2, millis);
                ratios[i] = two[i] / one[i];
            }
            if (!threads.stream().allMatch(Thread::isAlive)) {
                throw new IllegalStateException("a thread has failed");
            }
        } finally {
            over = true;
            for (Thread thread : threads) {
                thread.join();
            }
        }
        System.out.printf(
                Locale.ROOT,
                "| %s | %,.0f/s | %,.0f/s | %.2f | %.2f to %.2f |%n",
                name,
                quantile(one, 0.5),
                quantile(two, 0.5),
                quantile(ratios, 0.5),
                quantile(ratios, 0.25),
                quantile(ratios, 0.75));
    }

    private Thread start(Work work, int index) {
        Thread thread = new Thread(() -> work(work, index), "worker-" + index);
        thread.start();
        return thread;
    }

    private void work(Work work, int index) {
        long done = 0;
        while (!over) {
            if (working <= index) {
                LockSupport.parkNanos(NAP_NANOS);
                continue;
            }
            for (int i = 0; i < BATCH; i++) {
                work.next();
            }
            done += BATCH;
            counts.setRelease((1 + index) * APART, done);
        }
    }

    private double perSecond(int threads, long millis) throws InterruptedException {
        working = threads;
        Thread.sleep(SETTLE_MILLIS);
        long before = done();
        long start = System.nanoTime();
        Thread.sleep(millis);
        return (done() - before) * NANOS_OF_SECOND / (System.nanoTime() - start);
    }

    private long done() {
        return counts.getAcquire(APART) + counts.getAcquire(2 * APART);
    }

    private static double quantile(double[] values, double part) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(int) (part * (sorted.length - 1))];
    }

    private static Work hashing() {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        // What it hashes next is what it has hashed last, so that nothing of it can be left out.
        byte[][] last = {new byte[32]};
        return () -> last[0] = digest.digest(last[0]);
    }

    private static Work authenticating(MeasuredService service, int thread) {
        String[] tokens = Stream.generate(service::newAssertion)
                .limit(KNOWN)
                .map(service::exchange)
                .toArray(String[]::new);
        Round<String> round = new Round<>(tokens);
        return () -> {
            if (service.auth().authenticate(round.next()).isEmpty()) {
                throw new IllegalStateException("a token is not known");
            }
        };
    }

    private static Work exchanging(MeasuredService service, int thread) {
        Caller caller = client(thread);
        String[] assertions =
                Stream.generate(service::newAssertion).limit(KNOWN).toArray(String[]::new);
        Stream.of(assertions).forEach(service::exchange);
        Round<String> round = new Round<>(assertions);
        return () -> service.auth().exchange(caller, round.next(), null, List.of());
    }

    private static Caller client(int thread) {
        try {
            return Caller.at(InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) (1 + thread)}));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }

    /** One after the other, and again from the first. */
    private static final class Round<T> {
        private final T[] all;
        private int next;

        Round(T[] all) {
            this.all = all;
        }

        T next() {
            T found = all[next];
            next = next + 1 == all.length ? 0 : next + 1;
            return found;
        }
    }
}
