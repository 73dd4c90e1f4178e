package dev.agentauth.registration;

/**
 * What a registration is at one instant. Never stored: see {@link Registration#status}.
 *
 * @since 0.2.0
 */
public enum RegistrationStatus {
    /** Ended by its provider, its person, an operator, or too many wrong guesses. */
    REVOKED,
    /** Somebody owns it. */
    CLAIMED,
    /** Nobody claimed it in time. */
    EXPIRED,
    /** A person is being asked: a link or a code is out. */
    PENDING_CLAIM,
    /** Nobody owns it and nobody is being asked. */
    UNCLAIMED
}
