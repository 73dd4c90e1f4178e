package dev.agentauth.spi;

/** Receives what happened. */
@FunctionalInterface
public interface AuditSink {

    /**
     * Receives one event, after what it tells has been stored. Called while a request waits. An exception is logged and
     * changes nothing.
     *
     * @param event what happened
     */
    void record(AuditEvent event);
}
