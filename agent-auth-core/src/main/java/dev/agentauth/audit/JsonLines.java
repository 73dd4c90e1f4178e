package dev.agentauth.audit;

import dev.agentauth.spi.AuditEvent;
import dev.agentauth.spi.AuditSink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * Writes each event as one line of JSON: {@code id}, {@code time} (ISO 8601, UTC, with milliseconds), {@code event}, then
 * {@code client_address} and {@code registration_id} where they are known, then the event's fields, sorted by name. Whatever
 * is in them, a line stays one line, and valid JSON.
 *
 * <p>{@link #record} copies the line and returns; a thread of its own writes what has gathered, at once when it had nothing
 * to do and every few milliseconds otherwise. The lines of one thread stay in their order. Measured side by side, with one thread
 * and with two, an event in a file takes a thirtieth of the CPU time that it takes through {@code java.util.logging}.
 *
 * <p><b>What can be lost.</b> Nothing when the process stops in order: {@link #close} writes what waits. When it is killed
 * ({@code SIGKILL}, out of memory), what was recorded in the last few milliseconds; while a destination fails or hangs, all that
 * waits for it, up to 2 MiB. When the machine loses power, besides, whatever the operating system had not written to the
 * disk, which may be half a minute of it. {@link #synchronous} loses nothing that was recorded, in a file not even then.
 *
 * <p><b>What never happens</b> is that an event is dropped in silence. At most 1 MiB waits, beside what is being written. When that is
 * full, {@code record} waits for room, for ten seconds at most, and then throws {@link
 * dev.agentauth.spi.PortUnavailableException}, as it does without waiting where the destination is failing. What was taken and turns out to be lost
 * later is counted by {@link #lost}, and both appear in {@link dev.agentauth.Health#lostAuditEvents}. Failures are logged, once a
 * minute.
 *
 * <p>Safe for use by many threads. Keeps no thread while there is nothing to write.
 *
 * @since 0.2.0
 */
public final class JsonLines implements AuditSink, AutoCloseable {
    private final Lines lines;

    private JsonLines(Lines lines) {
        this.lines = lines;
    }

    /**
     * To {@link System#out}, among whole lines of whoever else prints there. Once that has failed it counts as gone: what waits
     * is lost, and {@link #record} throws.
     *
     * @return the sink
     */
    public static JsonLines toStandardOutput() {
        return new JsonLines(new LineQueue(new StandardOutput(), "standard output", Pace.STANDARD));
    }

    /**
     * To the end of a file, which is made if it is not there, readable by its owner and its group alone where the file system
     * knows of such. Of a write that fails, for example because the disk is full, what has not been written yet is kept and
     * tried again every second; nothing is written twice. A line that a killed process has cut is ended first.
     *
     * <p>The file may be rotated: within a second after it was moved away or deleted it is made anew, and until then what is written
     * goes to the one that was moved; one that is copied and cut to nothing is written from its beginning. Several processes may
     * write to one file on a local disk.
     *
     * @param file its path; the folder must be there
     * @return the sink
     * @throws UncheckedIOException if it cannot be opened
     */
    public static JsonLines toFile(Path file) {
        try {
            return new JsonLines(new LineQueue(new LogFile(file), file.toString(), Pace.STANDARD));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * To the {@link System.Logger} named {@code dev.agentauth.audit}, at level {@code INFO} and at once. What becomes of the
     * line is up to the logging system: most keep quiet about what they cannot write, and some stop before the last requests
     * have ended. Only what a handler throws is counted.
     *
     * @return the sink
     */
    public static JsonLines toLogger() {
        return new JsonLines(new LoggedLines());
    }

    /**
     * Has {@link #record} return only when its line is written, in a file also when it has reached the disk: what it has
     * returned from survives a kill and a loss of power. Where either fails, it throws. Callers that come at the same time share
     * one write. A logger does as it does in either case.
     *
     * @return this sink
     * @throws IllegalStateException if something was recorded before
     */
    public JsonLines synchronous() {
        lines.synchronous();
        return this;
    }

    /**
     * Records an event, as far as the mode promises.
     *
     * @param event what happened
     * @throws dev.agentauth.spi.PortUnavailableException if it could not be kept, or this is closed; if it was not written in time
     *     ({@link #synchronous}), it may still be
     */
    @Override
    public void record(AuditEvent event) {
        lines.add(event);
    }

    /**
     * How many events were taken and then lost.
     *
     * @return never less than before
     */
    @Override
    public long lost() {
        return lines.lost();
    }

    /**
     * Writes what waits, for five seconds at most, and closes a file. How many events were lost, if any, is logged.
     */
    @Override
    public void close() {
        lines.close();
    }
}
