package dev.agentauth.registration;

import java.util.Locale;

/**
 * Why a registration is over.
 *
 * @since 0.2.0
 */
public enum EndReason {
    /** Its provider said that what it vouched for is over. */
    PROVIDER,
    /** The person who was asked said no, or the owner ended it. */
    PERSON,
    /** An operator of the service ended it. */
    OPERATOR,
    /** Too many wrong codes were tried. */
    GUESSES,
    /** Somebody proved an address to the service for which others had prepared an account. */
    OWN_PROOF,
    /** The mail that was to ask the person was not accepted, so that nobody has heard of it. */
    MAIL,
    /** The person's data was erased. */
    ERASURE;

    /**
     * The name in audit events and in stores.
     *
     * @return lower case with underscores
     */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
