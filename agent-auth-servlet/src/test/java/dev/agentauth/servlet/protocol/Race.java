package dev.agentauth.servlet.protocol;

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

/** Lets every contestant go at the same moment, each on a thread of its own, and waits for them all. */
final class Race {
    private Race() {}

    /** What each of them came home with, in their order. */
    static <T> List<T> run(List<Callable<T>> contestants) {
        ExecutorService threads = Executors.newFixedThreadPool(contestants.size());
        CountDownLatch ready = new CountDownLatch(contestants.size());
        CountDownLatch go = new CountDownLatch(1);
        try {
            List<Future<T>> running = new ArrayList<>();
            for (Callable<T> contestant : contestants) {
                running.add(threads.submit(() -> {
                    ready.countDown();
                    go.await();
                    return contestant.call();
                }));
            }
            ready.await();
            go.countDown();
            List<T> results = new ArrayList<>();
            for (Future<T> each : running) {
                results.add(each.get(60, TimeUnit.SECONDS));
            }
            return results;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("a contestant did not come home", e);
        } finally {
            threads.shutdownNow();
        }
    }

    /** The same for that many contestants, told apart by their number. */
    static <T> List<T> run(int contestants, java.util.function.IntFunction<T> each) {
        List<Callable<T>> all = new ArrayList<>();
        for (int i = 0; i < contestants; i++) {
            int number = i;
            all.add(() -> each.apply(number));
        }
        return run(all);
    }
}
