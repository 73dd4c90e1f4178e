package dev.agentauth.spi;

/**
 * Sends mail to people. Called while a request waits, so an implementation needs time limits of its own. The texts are ready
 * in {@link ClaimMail} and {@link LinkedNotice}; the testkit's {@code ClaimMailerContract} proves what a mailer owes.
 *
 * @since 0.2.0
 */
public interface ClaimMailer {

    /**
     * Hands over the mail with the claim link: one message, to the recipient alone, whose plain text has the link as it is
     * and in one piece.
     *
     * <p><b>Failure:</b> {@link MailNotAcceptedException} if it was not accepted; whatever else is thrown is treated the
     * same, and its words are not logged, only its types. Returning means that the mail is on its way, and that a repeat of the request sends none. Neither the address
     * nor the link belongs into an exception's message.
     *
     * @param mail what to send, and to whom
     */
    void sendClaimLink(ClaimMail mail);

    /**
     * Tells a user that an agent was bound to the account. Does nothing unless overridden. Whatever is thrown changes
     * nothing; its types are logged.
     *
     * @param notice what to tell, and to whom
     */
    default void sendLinkedNotice(LinkedNotice notice) {}
}
