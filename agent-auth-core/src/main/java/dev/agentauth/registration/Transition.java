package dev.agentauth.registration;

import dev.agentauth.AgentAuthException;
import dev.agentauth.Problem;

/**
 * What comes of asking a {@link Registration} for its next value.
 *
 * @since 0.2.0
 */
public sealed interface Transition {

    /**
     * The transition is allowed.
     *
     * @param next the value to store in place of the one asked
     */
    record Allowed(Registration next) implements Transition {}

    /**
     * The transition is not allowed in this state.
     *
     * @param problem why not
     */
    record Refused(Problem problem) implements Transition {}

    /**
     * The next value.
     *
     * @return the value to store in place of the one asked
     * @throws AgentAuthException with the problem, if the transition is refused
     */
    default Registration orElseThrow() {
        if (this instanceof Refused refused) {
            throw new AgentAuthException(refused.problem());
        }
        return ((Allowed) this).next();
    }
}
