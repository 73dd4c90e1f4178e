package dev.agentauth.spi;

/**
 * Receives what happened.
 *
 * @since 0.2.0
 */
@FunctionalInterface
public interface AuditSink {

    /**
     * Receives one event, after what it tells has been stored. Called while a request waits. Whatever is thrown
     * changes nothing in the answer; its types are logged, and
     * {@link dev.agentauth.Health#lostAuditEvents} counts the event. So throw where an event could not be kept.
     *
     * @param event what happened
     */
    void record(AuditEvent event);

    /**
     * How many events {@link #record} has taken without throwing and lost later. Sinks that keep an event before they return
     * have none. {@link dev.agentauth.Health#lostAuditEvents} adds it to those that were thrown at.
     *
     * @return never less than before
     */
    default long lost() {
        return 0;
    }
}
