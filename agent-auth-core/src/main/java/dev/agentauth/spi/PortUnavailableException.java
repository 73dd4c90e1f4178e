package dev.agentauth.spi;

/**
 * The backend of a port is out of reach. The request is answered 503 and may be repeated.
 *
 * @since 0.2.0
 */
public class PortUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Says what happened.
     *
     * @param message for the service's own log; no secrets
     * @param cause what the backend's driver said
     */
    public PortUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * Says what happened.
     *
     * @param message for the service's own log; no secrets
     */
    public PortUnavailableException(String message) {
        super(message);
    }
}
