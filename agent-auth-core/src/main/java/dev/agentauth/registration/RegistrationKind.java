package dev.agentauth.registration;

import java.util.Locale;

/**
 * How a registration came to be.
 *
 * @since 0.2.0
 */
public enum RegistrationKind {
    /** By an agent that said nothing about a person. */
    ANONYMOUS,
    /** By an agent that named an e-mail address. */
    EMAIL,
    /** By an agent whose provider vouched for a person with an ID-JAG. */
    PROVIDER;

    /**
     * The name in audit events. What a kind is called on the wire depends on the version that is spoken.
     *
     * @return lower case
     */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
