package dev.agentauth.spi;

/** The mail could not be handed over. The request is answered 503 and may be repeated, which mails anew. */
public class MailNotAcceptedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Says what happened.
     *
     * @param message for the service's own log; no addresses and no secrets
     * @param cause what the mail system said
     */
    public MailNotAcceptedException(String message, Throwable cause) {
        super(message, cause);
    }
}
