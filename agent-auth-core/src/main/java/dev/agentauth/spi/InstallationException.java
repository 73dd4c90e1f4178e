package dev.agentauth.spi;

/**
 * A port was asked for what this installation can never do: a table is missing, a column is too narrow. The request is
 * answered 500, since repeating it does not help; whoever installed it has to.
 *
 * @since 0.2.0
 */
public class InstallationException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /**
     * Says what to do about it.
     *
     * @param message for the service's own log; no secrets
     * @param cause what the backend's driver said
     */
    public InstallationException(String message, Throwable cause) {
        super(message, cause);
    }
}
