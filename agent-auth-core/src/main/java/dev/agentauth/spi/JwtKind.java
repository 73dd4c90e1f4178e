package dev.agentauth.spi;

/**
 * The kinds of JWT that a provider signs and that may be presented once.
 *
 * @since 0.2.0
 */
public enum JwtKind {
    /** An identity assertion authorization grant. */
    ID_JAG,
    /** A logout token. */
    LOGOUT,
    /** A security event token (RFC 8417). */
    SECURITY_EVENT
}
