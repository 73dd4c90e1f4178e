package dev.agentauth.examples.provider;

/** The provider does not do what it was asked for. */
final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    RefusedException(Reason reason) {
        super(reason.text);
        this.reason = reason;
    }

    Reason reason() {
        return reason;
    }

    /** Why not. */
    enum Reason {
        INVALID_REQUEST(400, "Send a JSON object with the members that GET / describes."),
        UNKNOWN_USER(400, "Nobody here has that address. See GET / for those who can sign in."),
        TOO_MANY_SERVICES(400, "One session is for ten services at the most. Sign in again."),
        UNKNOWN_SESSION(401, "The session has ended. Sign in again."),
        TOO_SOON(503, "The person has just signed out. Try again in a second.");

        private final int status;
        private final String text;

        Reason(int status, String text) {
            this.status = status;
            this.text = text;
        }

        String code() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        int status() {
            return status;
        }

        String text() {
            return text;
        }
    }
}
