package dev.agentauth.internal.wire;

/** What is told to whoever asks for a path that is not there. */
public final class NotFound {
    private static final String TEXT = "There is no such endpoint.";

    private final Refusal refusal =
            Refusal.of(404, ErrorCode.INVALID_REQUEST, TEXT + " Read the discovery documents for the right URLs.");
    private final String markdown;

    /** For a service with this base URL. */
    public NotFound(String base) {
        this.markdown = "# 404 Not Found\n\n" + TEXT + " How to use this service, with all of its URLs: <" + base
                + Paths.AUTH_MD + ">\n";
    }

    /** As an error of the identity surface. */
    public Refusal refusal() {
        return refusal;
    }

    /** For agents that would rather read. */
    public String markdown() {
        return markdown;
    }
}
