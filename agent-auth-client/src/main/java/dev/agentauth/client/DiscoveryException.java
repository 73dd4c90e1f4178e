package dev.agentauth.client;

/**
 * A service does not say what an agent needs to know, or says it in a way that must not be trusted.
 *
 * @since 0.2.0
 */
public final class DiscoveryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DiscoveryException(String message) {
        super(message);
    }

    DiscoveryException(String message, Throwable cause) {
        super(message, cause);
    }
}
