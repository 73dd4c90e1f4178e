package dev.agentauth.audit;

import dev.agentauth.spi.AuditEvent;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Hands each line to the logging system at once. */
final class LoggedLines implements Lines {
    private static final Logger LOG = System.getLogger("dev.agentauth.audit");

    @Override
    public void add(AuditEvent event) {
        if (LOG.isLoggable(Level.INFO)) {
            LOG.log(Level.INFO, Line.of(event).text());
        }
    }

    /** A logger has no other mode. */
    @Override
    public void synchronous() {}

    @Override
    public long lost() {
        return 0;
    }

    /** There is nothing that waits. */
    @Override
    public void close() {}
}
