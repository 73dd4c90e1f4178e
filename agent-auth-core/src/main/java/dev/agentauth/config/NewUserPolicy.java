package dev.agentauth.config;

/** What happens when nobody at the service has the contact that was vouched for or proved. */
public enum NewUserPolicy {
    /** A user is made just in time. The default. */
    PROVISION,
    /** Refused: only people who have an account already can own an agent. */
    REFUSE
}
