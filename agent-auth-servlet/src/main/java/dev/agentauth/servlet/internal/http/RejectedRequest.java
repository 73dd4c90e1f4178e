package dev.agentauth.servlet.internal.http;

/** A request that never gets to its endpoint's own rules: {@code invalid_request} with a status that HTTP has for it. */
public final class RejectedRequest extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String text;

    private RejectedRequest(int status, String text) {
        super(text, null, false, false);
        this.status = status;
        this.text = text;
    }

    static RejectedRequest tooLarge() {
        return new RejectedRequest(413, "The body is larger than 64 KiB.");
    }

    /** The text is a constant. */
    public static RejectedRequest unsupportedMediaType(String text) {
        return new RejectedRequest(415, text);
    }

    public int status() {
        return status;
    }

    public String text() {
        return text;
    }
}
