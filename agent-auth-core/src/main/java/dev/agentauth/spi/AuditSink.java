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
}
