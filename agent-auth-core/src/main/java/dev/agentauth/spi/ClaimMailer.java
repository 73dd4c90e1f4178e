package dev.agentauth.spi;

/** Sends mail to people. Called while a request waits, so an implementation needs time limits of its own. */
public interface ClaimMailer {

    /**
     * Hands over the mail with the claim link.
     *
     * <p><b>Failure:</b> {@link MailNotAcceptedException} if it was not accepted; any other exception is treated the
     * same. Returning means that the mail is on its way, and that a repeat of the request sends none.
     *
     * @param mail what to send, and to whom
     */
    void sendClaimLink(ClaimMail mail);

    /**
     * Tells a user that an agent was bound to the account. Does nothing unless overridden. An exception is logged and
     * changes nothing.
     *
     * @param notice what to tell, and to whom
     */
    default void sendLinkedNotice(LinkedNotice notice) {}
}
