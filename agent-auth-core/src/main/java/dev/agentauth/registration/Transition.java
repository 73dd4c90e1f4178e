package dev.agentauth.registration;

import java.util.function.Function;

/** What comes of asking a {@link Registration} for its next value. */
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
     * @param refusal why not
     */
    record Refused(Refusal refusal) implements Transition {}

    /**
     * The next value, or the caller's own exception.
     *
     * @param exception turns the reason into what the endpoint answers
     * @return the next value
     */
    default Registration orElseThrow(Function<Refusal, ? extends RuntimeException> exception) {
        if (this instanceof Refused refused) {
            throw exception.apply(refused.refusal());
        }
        return ((Allowed) this).next();
    }
}
