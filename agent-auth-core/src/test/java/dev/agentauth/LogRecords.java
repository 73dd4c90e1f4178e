package dev.agentauth;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Everything that the library writes to its loggers while this is open, at whatever level; nothing reaches the console. */
final class LogRecords extends Handler implements AutoCloseable {
    private final Logger logger = Logger.getLogger("dev.agentauth");
    private final Level levelBefore = logger.getLevel();
    private final boolean parentBefore = logger.getUseParentHandlers();
    private final List<String> lines = new CopyOnWriteArrayList<>();

    private LogRecords() {}

    static LogRecords capture() {
        LogRecords records = new LogRecords();
        records.setLevel(Level.ALL);
        records.logger.setLevel(Level.ALL);
        records.logger.setUseParentHandlers(false);
        records.logger.addHandler(records);
        return records;
    }

    @Override
    public void publish(LogRecord entry) {
        StringWriter text = new StringWriter();
        text.write(entry.getMessage() + "\n");
        if (entry.getThrown() != null) {
            entry.getThrown().printStackTrace(new PrintWriter(text, true));
        }
        lines.add(text.toString());
    }

    /** All of it, stack traces included. */
    String text() {
        return String.join("", lines);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setLevel(levelBefore);
        logger.setUseParentHandlers(parentBefore);
    }
}
