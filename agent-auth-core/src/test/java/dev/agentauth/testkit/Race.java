package dev.agentauth.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;

/** Many threads, one latch, and what came of each of them. */
public final class Race {
    /** How many threads a race has. */
    public static final int THREADS = 64;

    private static final int SECONDS_TO_FINISH = 60;

    private Race() {}

    /**
     * Lets all threads do the same thing at once.
     *
     * @param <T> what comes of it
     * @param racer what each does; what it throws is rethrown
     * @return what came of each
     */
    public static <T> List<T> run(Callable<T> racer) {
        return runEach(i -> racer);
    }

    /**
     * Lets each thread do a thing of its own, all at once.
     *
     * @param <T> what comes of it
     * @param racers what the thread of each number does; what it throws is rethrown
     * @return what came of each, by its number
     */
    public static <T> List<T> runEach(IntFunction<Callable<T>> racers) {
        ExecutorService executor = Executors.newFixedThreadPool(THREADS);
        try {
            CountDownLatch ready = new CountDownLatch(THREADS);
            CountDownLatch start = new CountDownLatch(1);
            List<Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Callable<T> racer = racers.apply(i);
                futures.add(executor.submit(() -> {
                    ready.countDown();
                    start.await();
                    return racer.call();
                }));
            }
            ready.await();
            start.countDown();
            List<T> outcomes = new ArrayList<>();
            for (Future<T> future : futures) {
                outcomes.add(future.get(SECONDS_TO_FINISH, TimeUnit.SECONDS));
            }
            return outcomes;
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("the race did not finish", e);
        } catch (ExecutionException e) {
            throw new AssertionError("a racer failed: " + e.getCause(), e.getCause());
        } finally {
            executor.shutdownNow();
        }
    }
}
