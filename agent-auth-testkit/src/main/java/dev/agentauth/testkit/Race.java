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
import java.util.stream.IntStream;

/**
 * Many threads, one latch, and what came of each of them: the plainest race, for whoever has to prove that one side wins.
 *
 * @since 0.2.0
 */
public final class Race {
    /** How many threads a race has. */
    public static final int THREADS = 64;

    private static final int SECONDS_TO_FINISH = 60;

    /** Threads that wait for the next race: making 64 takes longer than most races. They keep no JVM alive. */
    private static final ExecutorService RACERS = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "racer");
        thread.setDaemon(true);
        return thread;
    });

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
     * Lets each of 64 threads do a thing of its own, all at once.
     *
     * @param <T> what comes of it
     * @param racers what the thread of each number does; what it throws is rethrown
     * @return what came of each, by its number
     */
    public static <T> List<T> runEach(IntFunction<Callable<T>> racers) {
        return run(IntStream.range(0, THREADS).mapToObj(racers).toList());
    }

    /**
     * Lets as many threads as are wanted do a thing by their number, all at once.
     *
     * @param <T> what comes of it
     * @param threads how many
     * @param racer what the thread of each number does; what it throws is rethrown
     * @return what came of each, by its number
     */
    public static <T> List<T> run(int threads, IntFunction<T> racer) {
        return run(IntStream.range(0, threads)
                .<Callable<T>>mapToObj(number -> () -> racer.apply(number))
                .toList());
    }

    /**
     * Lets several things happen at once, each on a thread of its own.
     *
     * @param <T> what comes of it
     * @param racers what each thread does; what it throws is rethrown
     * @return what came of each, in their order
     */
    public static <T> List<T> run(List<Callable<T>> racers) {
        List<Future<T>> futures = new ArrayList<>();
        try {
            CountDownLatch ready = new CountDownLatch(racers.size());
            CountDownLatch start = new CountDownLatch(1);
            for (Callable<T> racer : racers) {
                futures.add(RACERS.submit(() -> {
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
            futures.forEach(future -> future.cancel(true));
        }
    }
}
