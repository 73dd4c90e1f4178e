package dev.agentauth.client.http;

/**
 * A URL that nothing is sent to. The message does not repeat it.
 *
 * @since 0.2.0
 */
public final class UnsafeUrlException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** What it is not, in words that do not repeat it. */
    public UnsafeUrlException(String message) {
        super(message);
    }
}
