package dev.agentauth;

/**
 * Why core refuses, in the domain's own words and fine enough for every version of the protocol. What a problem is called
 * on the wire, and with which status, depends on the endpoint and on the version that the request speaks; the adapter has
 * a table for that.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-5.2">RFC 6749, section 5.2</a>
 * @since 0.2.0
 */
public enum Problem {
    /** The request does not say what it has to say, or not in its form. */
    MALFORMED,
    /** Something that the request needs cannot be reached now. Nothing is half-made; the same request may be repeated. */
    OUT_OF_REACH,
    /** A limit is spent; {@link AgentAuthException#retryAfter} says for how long. */
    LIMIT_SPENT,

    /** Whoever is to be asked is not named, or by no plain e-mail address. */
    ADDRESS_UNUSABLE,

    /** Agents may not register here without naming anybody. */
    ANONYMOUS_OFF,
    /** Agents may not register here by an address. */
    EMAIL_OFF,
    /** Nobody can be asked here: there is neither mail nor a sign-in. */
    ASKING_OFF,
    /** No provider may vouch for anybody here. */
    ID_JAG_OFF,

    /** Whoever a JWT names as its issuer is not trusted here. */
    ISSUER_UNTRUSTED,
    /** The issuer publishes no key with the JWT's {@code kid}, or more than one. */
    KEY_UNKNOWN,
    /** The issuer publishes the key, but it may not be used. */
    KEY_UNUSABLE,
    /** The signature is not one of the issuer's key. */
    SIGNATURE_WRONG,
    /** The JWT is past its time. */
    JWT_EXPIRED,
    /** The provider has said since that it is over. */
    LOGGED_OUT,
    /** The JWT is for somebody else. */
    AUDIENCE_WRONG,
    /** The resource that is asked for is not this service's. */
    RESOURCE_WRONG,
    /** The client is not one that the provider uses here. */
    CLIENT_WRONG,
    /** The JWT has been presented before. */
    REPLAYED,
    /** The provider vouches for neither an address nor a phone number. */
    NO_VERIFIED_CONTACT,
    /** The person logged in at the provider too long ago, or it is not said when. */
    LOGIN_TOO_OLD,
    /** The person has an account and must confirm first. */
    CONFIRMATION_NEEDED,
    /** There is no account that could be used for this person. */
    NO_USER,

    /** There is no such claim token, or a newer one has replaced it. */
    CLAIM_TOKEN_UNKNOWN,
    /** There is no such attempt, or a newer one has replaced it. */
    ATTEMPT_UNKNOWN,
    /** Whom to ask was settled when the agent registered. */
    ASKED_ALREADY,
    /** Somebody owns the registration. */
    CLAIMED,
    /** Somebody owns the registration by typing a code; what that brought is there to be collected. */
    CLAIMED_BY_TYPING,
    /** The registration has been revoked, and not by its person's no or by guessing. */
    REVOKED,
    /** Nobody claimed the registration in time. */
    CLAIM_LAPSED,
    /** Too many wrong codes have been tried over the life of the registration. */
    GUESSED_OUT,
    /** The link is past its time, and no code of it lives. */
    LINK_LAPSED,
    /** The provider behind the registration, or its user, is switched off or gone. */
    STANDING_LOST,
    /** Whoever is signed in is not the one who was asked. */
    NOT_ASKED,
    /** The person who was asked said no. */
    SAID_NO,
    /** What was typed is no six digits. It has not been counted. */
    CODE_UNREADABLE,
    /** The code is not the one that was shown. The guess has been counted. */
    CODE_WRONG,
    /** Nobody has been shown a code yet. */
    CODE_NOT_SHOWN,
    /** The code is past its time. */
    CODE_LAPSED,
    /** The code was guessed at too often. */
    CODE_VOID,

    /** No refresh tokens are taken here. */
    REFRESH_OFF,
    /** The refresh token is none of ours, or not any more, or its registration may not act. */
    REFRESH_TOKEN_UNUSABLE,

    /** The token endpoint does not know this grant. */
    GRANT_UNSUPPORTED,
    /** The identity assertion is not ours, not any more, or its registration may not act. */
    ASSERTION_UNUSABLE,
    /** The person has not typed the code yet. */
    NOT_TYPED_YET,
    /** The person has not typed the code yet, and the agent asks too often. */
    POLLED_TOO_EARLY,
    /** Nothing can be collected for this claim token, now or any more. */
    NOTHING_TO_COLLECT,
    /** More is asked for than the registration may do now, or something unknown. */
    SCOPE_TOO_WIDE,
    /** What is to be revoked is an assertion, which cannot be. */
    NOT_REVOCABLE,
    /** The access token is not ours, not any more, or its registration may not act. */
    TOKEN_UNUSABLE,
    /** The access token does not carry the scope that is needed. */
    SCOPE_MISSING,
    /** Whoever asks what a token stands for is no resource server that may. */
    RESOURCE_SERVER_UNKNOWN
}
