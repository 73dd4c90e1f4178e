package dev.agentauth.registration;

/**
 * What has become of an attempt's mail.
 *
 * @since 0.2.0
 */
public enum Delivery {
    /** The mailer has said nothing yet: it is being handed over, or that was interrupted. */
    UNDERWAY,
    /** It is on its way. */
    ACCEPTED,
    /** It will not arrive, so the attempt is dead: a repeat mails anew. */
    REFUSED,
    /** Nothing is mailed: the agent itself hands the link on. */
    NOT_MAILED
}
