package dev.agentauth.registration;

/**
 * How a person's yes reached the agent.
 *
 * @since 0.2.0
 */
public enum Completion {
    /** The person read a code from the page to the agent, which brought it with its claim token. */
    READ_BACK,
    /** The agent showed a code, and the person typed it on the page. */
    TYPED
}
