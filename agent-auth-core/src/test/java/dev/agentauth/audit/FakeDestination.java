package dev.agentauth.audit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Semaphore;

/** A disk that can be full, slow, or gone. */
final class FakeDestination implements Destination {
    static final int MANY = 1_000_000;

    final Semaphore mayWrite = new Semaphore(MANY);
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private long free = Long.MAX_VALUE;
    private boolean forceFails;
    private boolean gone;
    private int writes;
    private int attempts;
    private long forced;
    private boolean closed;

    /** So many bytes fit yet. */
    synchronized void free(long bytes) {
        free = bytes;
    }

    synchronized void forceFails(boolean fails) {
        forceFails = fails;
    }

    synchronized void goAway() {
        free = 0;
        gone = true;
    }

    @Override
    public void write(ByteBuffer lines) throws IOException {
        mayWrite.acquireUninterruptibly();
        mayWrite.release();
        synchronized (this) {
            attempts++;
            while (lines.hasRemaining() && free > 0) {
                taken.write(lines.get());
                free--;
            }
            if (lines.hasRemaining()) {
                throw new IOException("No space left on device");
            }
            writes++;
        }
    }

    @Override
    public synchronized void force() throws IOException {
        if (forceFails) {
            throw new IOException("Input/output error");
        }
        forced = taken.size();
    }

    @Override
    public synchronized boolean isGone() {
        return gone;
    }

    @Override
    public synchronized void close() {
        closed = true;
    }

    synchronized boolean isClosed() {
        return closed;
    }

    synchronized int writes() {
        return writes;
    }

    synchronized int attempts() {
        return attempts;
    }

    /** How many bytes would survive a loss of power. */
    synchronized long forced() {
        return forced;
    }

    synchronized long size() {
        return taken.size();
    }

    synchronized List<String> lines() {
        return taken.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
