package dev.agentauth.spi;

/**
 * The mail could not be handed over. The request is answered 503 and may be repeated, which mails anew.
 *
 * @since 0.2.0
 */
public class MailNotAcceptedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Says what happened, without the words of the mail system, which like to repeat the address.
     *
     * @param message for the service's own log; no addresses and no secrets
     */
    public MailNotAcceptedException(String message) {
        super(message);
    }

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
