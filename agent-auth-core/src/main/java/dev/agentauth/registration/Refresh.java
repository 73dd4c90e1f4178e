package dev.agentauth.registration;

/**
 * What comes of showing a refresh token.
 *
 * @since 0.2.0
 */
public sealed interface Refresh {

    /**
     * It is good for a successor, which is out once this is stored.
     *
     * @param next the value to store in place of the one asked
     */
    record Succeeded(Registration next) implements Refresh {}

    /**
     * It is of the family, but was used before: somebody else holds tokens of it, and nobody can tell who may. Everything
     * that was issued has ended once this is stored.
     *
     * @param next the value to store in place of the one asked, with a raised epoch
     */
    record Reused(Registration next) implements Refresh {}

    /** It is good, but as many successors of it are out as can be. */
    record TooMany() implements Refresh {}

    /** It is of another family, or of one that is dead, or of none: nothing comes of it. */
    record NoEffect() implements Refresh {}
}
