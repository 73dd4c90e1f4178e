package dev.agentauth.registration;

/**
 * What an agent hears that asks whether its person has typed the code.
 *
 * @since 0.2.0
 */
public sealed interface Poll {

    /** The person said no. */
    record SaidNo() implements Poll {}

    /** The person has typed it, and the agent may collect what that brought: again and again, since answers get lost. */
    record Typed() implements Poll {}

    /** Nothing can come of asking any more. */
    record Over() implements Poll {}

    /**
     * Not yet.
     *
     * @param next the value to store in place of the one asked, so that the pace is kept
     */
    record Pending(Registration next) implements Poll {}

    /**
     * Not yet, and it was too early to ask.
     *
     * @param next the value to store in place of the one asked; the very same one if there is nothing to be stored
     */
    record TooEarly(Registration next) implements Poll {}
}
