package dev.agentauth.registration;

/**
 * What the mailer has said of an attempt's mail.
 *
 * @since 0.2.0
 */
public enum Delivery {
    /** Nothing yet: it is being handed over, or that was interrupted. */
    UNDERWAY,
    /** It is on its way. */
    ACCEPTED,
    /** It will not arrive, so the attempt is dead: a repeat mails anew. */
    REFUSED
}
