package dev.agentauth.examples.http;

/** A URL that nothing is sent to. The message does not repeat it. */
public final class UnsafeUrlException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** What it is not, in words that do not repeat it. */
    public UnsafeUrlException(String message) {
        super(message);
    }
}
