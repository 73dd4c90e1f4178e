package dev.agentauth.audit;

import dev.agentauth.internal.ports.Foreign;
import dev.agentauth.spi.AuditEvent;
import dev.agentauth.spi.PortUnavailableException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lines that wait for one writer, which takes all of them at once. Callers only copy under the lock; they format before it,
 * and the writer writes outside of it. The writer is a task that ends when nothing waits, so that an instance that nobody
 * closes keeps no thread; while there is much to do it never ends, and no caller has to start it.
 */
final class LineQueue implements Lines {
    private static final Logger LOG = System.getLogger(JsonLines.class.getName());
    private static final long TELL_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** How often a caller looks whether the lock is free before it waits: a microsecond, for what is held a tenth of one. */
    private static final int LOOKS = 20;

    private final Destination destination;
    private final String name;
    private final Pace pace;
    private final ThreadPoolExecutor executor;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final Condition written = lock.newCondition();
    private final Condition idle = lock.newCondition();
    private final Condition closing = lock.newCondition();

    // All below under the lock.
    private Batch filling = new Batch(new byte[Batch.USUAL_LENGTH]);
    private @Nullable Batch writing;
    private byte @Nullable [] spare;
    private boolean busy;
    private boolean used;
    private boolean synchronous;
    private boolean failing;
    private boolean closed;
    private boolean abandoned;
    private long lost;
    private boolean hasTold;
    private long toldAt;

    LineQueue(Destination destination, String name, Pace pace) {
        this.destination = destination;
        this.name = name;
        this.pace = pace;
        this.executor = new ThreadPoolExecutor(
                1, 1, pace.rest().toNanos(), TimeUnit.NANOSECONDS, new LinkedBlockingQueue<>(), LineQueue::thread);
        executor.allowCoreThreadTimeOut(true);
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "agent-auth-audit");
        thread.setDaemon(true);
        return thread;
    }

    // Callers

    @Override
    public void add(AuditEvent event) {
        Line line = Line.of(event);
        Batch batch;
        boolean wake;
        lockSoon();
        try {
            used = true;
            awaitRoom(line.length());
            batch = filling;
            batch.append(line);
            wake = !busy;
            busy = true;
        } catch (InterruptedException e) {
            throw interrupted(e);
        } finally {
            lock.unlock();
        }
        if (wake) {
            startWriter();
        }
        // Only set before the first line.
        if (batch.awaited) {
            awaitWritten(batch);
        }
    }

    /** To be put to sleep and woken takes a caller, and whoever wakes it, a hundred times as long as copying a line. */
    private void lockSoon() {
        for (int i = 0; i < LOOKS; i++) {
            if (lock.tryLock()) {
                return;
            }
            Thread.onSpinWait();
        }
        lock.lock();
    }

    private void awaitRoom(int length) throws InterruptedException {
        long left = pace.patience().toNanos();
        refuseIfOver();
        while (filling.length > 0 && filling.length + length > pace.bytes()) {
            if (failing) {
                throw new PortUnavailableException("the audit fails to write to " + name + ", and no more can wait");
            }
            if (left <= 0) {
                throw new PortUnavailableException("the audit writes too slowly to " + name + ", and no more can wait");
            }
            left = room.awaitNanos(left);
            refuseIfOver();
        }
    }

    private void refuseIfOver() {
        if (closed) {
            throw new PortUnavailableException("the audit is closed");
        }
        if (destination.isGone()) {
            throw new PortUnavailableException("the audit cannot write to " + name + " any more");
        }
    }

    private void awaitWritten(Batch batch) {
        lock.lock();
        try {
            long left = pace.patience().toNanos();
            while (!batch.done) {
                if (left <= 0) {
                    throw new PortUnavailableException("the audit writes too slowly to " + name);
                }
                left = written.awaitNanos(left);
            }
            if (batch.failure != null) {
                throw new PortUnavailableException("the audit could not write to " + name, batch.failure);
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        } finally {
            lock.unlock();
        }
    }

    private static PortUnavailableException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new PortUnavailableException("interrupted while waiting for the audit", e);
    }

    private void startWriter() {
        boolean started = false;
        try {
            executor.execute(this::drain);
            started = true;
        } finally {
            if (!started) {
                // No thread to be had. What waits is written with what comes next.
                lock.lock();
                try {
                    busy = false;
                } finally {
                    lock.unlock();
                }
            }
        }
    }

    @Override
    public void synchronous() {
        lock.lock();
        try {
            if (used) {
                throw new IllegalStateException("events have been recorded already");
            }
            synchronous = true;
            filling.awaited = true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long lost() {
        lock.lock();
        try {
            return lost;
        } finally {
            lock.unlock();
        }
    }

    /** How many lines the next batch has so far. */
    int waiting() {
        lock.lock();
        try {
            return filling.lines;
        } finally {
            lock.unlock();
        }
    }

    // The writer

    private void drain() {
        for (Batch batch = next(); batch != null; batch = next()) {
            write(batch);
            if (!batch.awaited) {
                LockSupport.parkNanos(pace.linger().toNanos());
            }
        }
    }

    private @Nullable Batch next() {
        lock.lock();
        try {
            if (filling.lines == 0 || abandoned) {
                // Under the lock, so that whoever adds a line now sees that the writer has to be started again.
                busy = false;
                idle.signalAll();
                return null;
            }
            Batch next = filling;
            writing = next;
            filling = new Batch(spare == null ? new byte[Batch.USUAL_LENGTH] : spare);
            filling.awaited = synchronous;
            spare = null;
            room.signalAll();
            return next;
        } finally {
            lock.unlock();
        }
    }

    private void write(Batch batch) {
        ByteBuffer bytes = ByteBuffer.wrap(batch.bytes, 0, batch.length);
        Throwable failure = attempt(bytes, batch);
        while (failure != null && goesOn(batch, bytes, failure)) {
            failure = attempt(bytes, batch);
        }
        if (failure == null) {
            succeeded(batch);
        }
    }

    private @Nullable Throwable attempt(ByteBuffer bytes, Batch batch) {
        // Nobody who means us interrupts this thread, and an interrupt would close the file.
        boolean unused = Thread.interrupted();
        try {
            destination.write(bytes);
            if (batch.awaited) {
                destination.force();
            }
            return null;
        } catch (Throwable e) {
            // Even what is fatal to others: without this thread nothing would be written any more.
            return e;
        }
    }

    /** Whether the rest of a batch is to be tried again; waits until it is time to. */
    private boolean goesOn(Batch batch, ByteBuffer rest, Throwable failure) {
        boolean tells;
        lock.lock();
        try {
            tells = !hasTold || System.nanoTime() - toldAt > TELL_NANOS;
            if (tells) {
                hasTold = true;
                toldAt = System.nanoTime();
            }
        } finally {
            lock.unlock();
        }
        if (tells) {
            LOG.log(Level.WARNING, "the audit could not write to " + name + ": " + words(failure));
        }
        lock.lock();
        try {
            failing = true;
            room.signalAll();
            if (batch.awaited || closed || destination.isGone()) {
                giveUp(batch, rest, failure);
                return false;
            }
            long left = pace.retry().toNanos();
            while (!closed && left > 0) {
                left = closing.awaitNanos(left);
            }
            return true;
        } catch (InterruptedException e) {
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Those who wait for their lines are told; of others it is counted. */
    private void giveUp(Batch batch, ByteBuffer rest, Throwable failure) {
        if (!batch.awaited && !abandoned) {
            while (rest.hasRemaining()) {
                lost += rest.get() == '\n' ? 1 : 0;
            }
        }
        batch.failure = failure;
        finish(batch);
    }

    private void succeeded(Batch batch) {
        boolean hasRecovered;
        lock.lock();
        try {
            hasRecovered = failing;
            failing = false;
            finish(batch);
        } finally {
            lock.unlock();
        }
        if (hasRecovered) {
            LOG.log(Level.INFO, "the audit writes to " + name + " again");
        }
    }

    private void finish(Batch batch) {
        batch.done = true;
        writing = null;
        if (batch.bytes.length <= pace.bytes()) {
            spare = batch.bytes;
        }
        if (batch.awaited) {
            written.signalAll();
        }
    }

    private static String words(Throwable failure) {
        return failure instanceof IOException ? failure.toString() : Foreign.kinds(failure);
    }

    // The end

    @Override
    public void close() {
        long lostNow;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            closing.signalAll();
            room.signalAll();
            awaitIdle();
            if (busy) {
                abandoned = true;
                lost += filling.lines + (writing == null ? 0 : writing.lines);
            }
            lostNow = lost;
        } finally {
            lock.unlock();
        }
        executor.shutdown();
        try {
            destination.close();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the audit could not close " + name + ": " + e);
        }
        if (lostNow > 0) {
            LOG.log(Level.WARNING, "events that the audit took and could not write to " + name + ": " + lostNow);
        }
    }

    /** An interrupt does not cost what waits. */
    private void awaitIdle() {
        long deadline = System.nanoTime() + pace.farewell().toNanos();
        boolean interrupted = false;
        while (busy && System.nanoTime() - deadline < 0) {
            try {
                long unused = idle.awaitNanos(deadline - System.nanoTime());
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lines that are written together. */
    private static final class Batch {
        static final int USUAL_LENGTH = 16 * 1024;

        private byte[] bytes;
        private int length;
        private int lines;
        private boolean awaited;
        private boolean done;
        private @Nullable Throwable failure;

        Batch(byte[] bytes) {
            this.bytes = bytes;
        }

        void append(Line line) {
            if (length + line.length() > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + line.length()));
            }
            System.arraycopy(line.bytes(), 0, bytes, length, line.length());
            length += line.length();
            lines++;
        }
    }
}
