package dev.agentauth.testkit;

import java.util.concurrent.Exchanger;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Makes a planted race certain: between its check and its act a racer waits here until another one has checked, too, or
 * until what it must not overlook has happened. The thread that made the store runs alone and passes without waiting; so
 * does, after a few waits in vain, whoever is left alone at the end of a race.
 */
final class Meeting {
    private static final long MILLIS_AT_MOST = 64;

    private final Thread maker = Thread.currentThread();
    private final Exchanger<Boolean> exchanger = new Exchanger<>();
    private volatile boolean checked;
    private volatile long patience = MILLIS_AT_MOST;

    void waitForAnother() {
        if (Thread.currentThread() == maker) {
            return;
        }
        try {
            exchanger.exchange(true, patience, TimeUnit.MILLISECONDS);
            patience = MILLIS_AT_MOST;
        } catch (TimeoutException e) {
            patience /= 2;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void waitUntil(BooleanSupplier happened) {
        if (Thread.currentThread() == maker) {
            return;
        }
        for (long waited = 0; waited < patience; waited++) {
            if (happened.getAsBoolean()) {
                patience = MILLIS_AT_MOST;
                return;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
        patience /= 2;
    }

    /** For the side that must not act before the other one has checked. */
    void waitUntilChecked() {
        waitUntil(() -> checked);
    }

    /** Waits between a check and its act, until something happens that makes the check wrong. */
    void waitAfterCheckUntil(BooleanSupplier happened) {
        checked = true;
        waitUntil(happened);
    }

    /** Leaves what is half done to be seen for a while. */
    void rest() {
        if (Thread.currentThread() != maker) {
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(100));
        }
    }
}
