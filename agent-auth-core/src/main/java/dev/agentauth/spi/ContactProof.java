package dev.agentauth.spi;

/** Who has proved that a contact is a user's own. */
public enum ContactProof {
    /** The service itself, for example by a mail that the user acted upon. */
    SERVICE,
    /** Only an agent provider's word. */
    PROVIDER
}
