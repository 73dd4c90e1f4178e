package dev.agentauth.servlet.internal.http;

import dev.agentauth.internal.ports.Foreign;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One line for each failure, by its types. Where it came from is told at most once a minute for each kind, with how many
 * there were since, because an outage fails every request in the same way.
 */
final class FailureLog {
    private static final System.Logger LOG = System.getLogger("dev.agentauth.servlet");
    private static final long INTERVAL = Duration.ofMinutes(1).toNanos();

    /** More than there are; further ones share a minute. */
    private static final int MAX_KINDS = 100;

    private final LongSupplier nanoTime;
    private final Map<String, Traced> byKind = new HashMap<>();

    private record Traced(long at, long since) {}

    FailureLog(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * Tells of a failure.
     *
     * @param what a constant
     * @param failure its types stand in the line; null if there is nothing more to tell
     * @param trace what may be told once a minute
     */
    void log(Level level, String what, @Nullable Throwable failure, @Nullable Throwable trace) {
        String line = failure == null ? what : what + ": " + Foreign.kinds(failure);
        if (trace == null) {
            LOG.log(level, line);
            return;
        }
        long since = sinceTrace(line);
        if (since > 0) {
            LOG.log(level, line + " (" + since + " since its trace)");
        } else if (since < 0) {
            LOG.log(level, line + " (" + -since + " since the last trace)", trace);
        } else {
            LOG.log(level, line, trace);
        }
    }

    /** How many of a kind came after the one whose trace was told; zero or, to be told again, negative if it is due. */
    private synchronized long sinceTrace(String line) {
        String kind = byKind.containsKey(line) || byKind.size() < MAX_KINDS ? line : "";
        long now = nanoTime.getAsLong();
        Traced last = byKind.get(kind);
        if (last == null || now - last.at() >= INTERVAL) {
            byKind.put(kind, new Traced(now, 0));
            return last == null ? 0 : -last.since();
        }
        byKind.put(kind, new Traced(last.at(), last.since() + 1));
        return last.since() + 1;
    }
}
