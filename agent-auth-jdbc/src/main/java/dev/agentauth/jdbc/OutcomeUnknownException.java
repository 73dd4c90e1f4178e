package dev.agentauth.jdbc;

import dev.agentauth.spi.PortUnavailableException;

/** The connection broke after a write was sent: it may have happened or not, and only the database knows. */
final class OutcomeUnknownException extends PortUnavailableException {
    private static final long serialVersionUID = 1L;

    OutcomeUnknownException(Throwable cause) {
        super("the connection to the database broke during a write", cause);
    }
}
