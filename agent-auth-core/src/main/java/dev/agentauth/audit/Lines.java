package dev.agentauth.audit;

import dev.agentauth.spi.AuditEvent;

/** Takes events and writes each as one line. */
interface Lines {

    /** See {@link JsonLines#record}. */
    void add(AuditEvent event);

    /** See {@link JsonLines#synchronous}. */
    void synchronous();

    /** See {@link JsonLines#lost}. */
    long lost();

    /** See {@link JsonLines#close}. */
    void close();
}
