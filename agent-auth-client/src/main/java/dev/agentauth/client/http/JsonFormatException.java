package dev.agentauth.client.http;

/**
 * A text is not JSON, or a member is not of the type that was asked for. Carries nothing of the text.
 *
 * @since 0.2.0
 */
public final class JsonFormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What is wrong, in words that repeat nothing of the text. */
    public JsonFormatException(String message) {
        super(message);
    }
}
