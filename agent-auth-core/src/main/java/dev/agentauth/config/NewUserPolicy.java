package dev.agentauth.config;

/**
 * What happens when nobody at the service has the contact that was vouched for or proved.
 *
 * @since 0.2.0
 */
public enum NewUserPolicy {
    /** A user is made just in time. The default. */
    PROVISION,
    /** Refused: only people who have an account already can own an agent. */
    REFUSE
}
