package dev.agentauth.config;

/**
 * What claiming an anonymous registration does to the tokens that its agent holds.
 *
 * @since 0.2.0
 */
public enum AnonymousClaim {
    /** They simply widen to the post-claim scopes. The default. */
    WIDEN,
    /** They end, and the answer carries a new assertion: whoever stole a token before the claim gains nothing by it. */
    ROTATE
}
