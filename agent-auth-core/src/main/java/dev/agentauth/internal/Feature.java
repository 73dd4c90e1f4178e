package dev.agentauth.internal;

/** What a service can switch on and off, as far as others get to see it. */
public enum Feature {
    /** Agents may register without naming anybody. */
    ANONYMOUS,
    /** Agents may register by their person's address. */
    EMAIL,
    /** Agents may register by a provider's word. */
    ID_JAG,
    /** An existing user is asked before a provider's word counts. */
    CONFIRMATION,
    /** People are known by the service's own sign-in, and not by a mailed link. */
    SIGN_IN,
    /** An agent may leave it open who is asked: whoever signs in. */
    NAMELESS,
    /** There is a mailer, or a sign-in: somebody could be asked. */
    ASKING,
    /** People are asked at all. On if anything of the above that asks is. */
    CLAIM,
    /** The agent is given a code that the person can type on the page. */
    TYPED_CODE,
    /** An agent whose person has said yes can come back without asking again. */
    REFRESH,
    /** APIs in other processes can ask what a token stands for. */
    INTROSPECTION,
    /** The discovery document repeats the names of protocol 0.1. */
    LEGACY_NAMES
}
