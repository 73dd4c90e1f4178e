package dev.agentauth.internal.wire;

import dev.agentauth.internal.Feature;
import dev.agentauth.internal.Features;

/** The endpoints that refuse, each in its own words. */
public enum Door {
    /** {@code /agent/identity}. */
    REGISTER,
    /** {@code …/claim}. */
    CLAIM,
    /** The page behind a link, and its forms. */
    PAGE,
    /** {@code …/claim/attempt/challenge}. */
    CHALLENGE,
    /** {@code …/claim/attempt/reject}. */
    REJECT,
    /** {@code …/claim/complete}. */
    COMPLETE,
    /** {@code /oauth2/token}. */
    TOKEN,
    /** {@code /oauth2/revoke}. */
    REVOKE,
    /** {@code /oauth2/introspect}. */
    INTROSPECT,
    /** {@code /agent/auth/revoke}. */
    LOGOUT,
    /** {@code /agent/event/notify}. */
    EVENTS,
    /** The service's own API, behind the bearer filter. */
    RESOURCE,
    /** Discovery documents, keys and {@code /auth.md}. */
    DOCUMENT;

    /** Whether agents come to this door: the others are for providers and for the service's other processes. */
    boolean isForAgents() {
        return this != LOGOUT && this != EVENTS && this != INTROSPECT;
    }

    /** How its errors are wrapped. */
    Envelope envelope() {
        return switch (this) {
            case REGISTER, CLAIM, PAGE, CHALLENGE, REJECT, COMPLETE, DOCUMENT -> Envelope.IDENTITY;
            case TOKEN, REVOKE, INTROSPECT, LOGOUT, RESOURCE -> Envelope.CREDENTIAL;
            case EVENTS -> Envelope.EVENTS;
        };
    }

    /** Whether a service with these features sends anybody to this door. It is there even so. */
    boolean isOn(Features features) {
        return switch (this) {
            case CLAIM, PAGE, CHALLENGE, REJECT, COMPLETE -> features.has(Feature.CLAIM);
            case INTROSPECT -> features.has(Feature.INTROSPECTION);
            case LOGOUT, EVENTS -> features.has(Feature.ID_JAG);
            case REGISTER, TOKEN, REVOKE, RESOURCE, DOCUMENT -> true;
        };
    }
}
