package dev.agentauth.examples;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;

/**
 * Writes audit events to standard error, each as one line and at once. Where that fails it throws, unlike the handlers of
 * {@code java.util.logging}, so that the health view counts what was lost.
 */
public final class AuditHandler extends Handler {
    private final OutputStream out;
    private boolean cut;

    /** For {@code logging.properties}. */
    public AuditHandler() {
        this(new FileOutputStream(FileDescriptor.err));
    }

    AuditHandler(OutputStream out) {
        this.out = out;
        setFormatter(new SimpleFormatter());
    }

    /** A line that was cut in its middle is ended first: it spoils itself and not the next one. */
    @Override
    public synchronized void publish(LogRecord event) {
        if (!isLoggable(event)) {
            return;
        }
        String line = (cut ? "\n" : "") + getFormatter().format(event);
        try {
            out.write(line.getBytes(StandardCharsets.UTF_8));
            cut = false;
        } catch (IOException e) {
            cut = true;
            throw new UncheckedIOException(e);
        }
    }

    /** There is nothing that waits. */
    @Override
    public void flush() {}

    /** Leaves standard error to others. */
    @Override
    public void close() {}
}
