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
    /** People are asked at all. On if anything of the above that asks is. */
    CLAIM,
    /** The discovery document repeats the names of protocol 0.1. */
    LEGACY_NAMES
}
