package dev.agentauth.config;

/**
 * What happens when a provider vouches for a contact that belongs to a user whom it is not linked to.
 *
 * @since 0.2.0
 */
public enum ExistingUserPolicy {
    /** The user must confirm by the link mailed to the address on file. The default. */
    CONFIRM,
    /**
     * The user is bound at once. Any trusted provider can then take over any account by asserting its address: only for
     * providers that the service runs itself.
     */
    LINK,
    /** Refused with {@code user_not_found}. */
    REFUSE
}
