package dev.agentauth.internal.json;

/** Not the JSON that was asked for. Carries nothing of the input and no stack trace. */
public final class JsonFormatException extends Exception {
    private static final long serialVersionUID = 1L;

    public JsonFormatException(String message) {
        super(message, null, false, false);
    }
}
