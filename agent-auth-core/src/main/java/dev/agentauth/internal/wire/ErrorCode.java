package dev.agentauth.internal.wire;

/**
 * Every error that this library puts on the wire: its code, the HTTP status that goes with it, and the default text.
 *
 * <p>The texts are plain ASCII without quotes or backslashes (RFC 6749, section 5.2), say what to do next, and never
 * repeat what the caller sent.
 */
public enum ErrorCode {
    // Any endpoint
    INVALID_REQUEST(400, "The request is malformed: check its members and their types against /auth.md."),
    TEMPORARILY_UNAVAILABLE(503, "The service cannot answer right now. Send the same request again later."),
    RATE_LIMITED(429, "Too many requests. Wait for the time given in Retry-After."),
    SERVER_ERROR(500, "The service failed. Send the same request again later."),

    // Registering
    ANONYMOUS_NOT_ENABLED(
            400, "Anonymous registration is off here. Use another identity type of the discovery document."),
    VERIFIED_EMAIL_NOT_ENABLED(
            400, "Registration by e-mail address is off here. Use another type of the discovery document."),
    SERVICE_AUTH_NOT_ENABLED(
            400, "Registration by login hint is off here. Use another type of the discovery document."),
    INVALID_LOGIN_HINT(400, "The login_hint must be one plain ASCII e-mail address."),
    ID_JAG_NOT_ENABLED(400, "Registration by ID-JAG is off here. Use another type of the discovery document."),
    INVALID_ISSUER(400, "The issuer of this JWT is not trusted here."),
    INVALID_SIGNATURE(400, "The signature could not be verified with a key that the issuer publishes."),
    EXPIRED(400, "The JWT is past its time. Obtain a fresh one."),
    INVALID_AUDIENCE(400, "The JWT is meant for another audience. Its aud must be exactly the issuer of this service."),
    INVALID_TARGET(400, "The resource asked for is not the protected resource of this service."),
    INVALID_CLIENT_ID(400, "The client_id of this ID-JAG is not one that its provider uses here."),
    REPLAY_DETECTED(400, "This ID-JAG has been presented before. Obtain a fresh one."),
    MISSING_VERIFIED_EMAIL(400, "The ID-JAG carries neither a verified e-mail address nor a verified phone number."),
    LOGIN_REQUIRED(
            401,
            "The person must log in at your platform again: have an ID-JAG minted whose auth_time is not older than max_age"
                    + " seconds."),
    INTERACTION_REQUIRED(
            401, "The person must confirm first. Ask for the code that the claim page shows and complete the claim."),
    INVALID_REFRESH_TOKEN(401, "The refresh token is not good, or not any more. Register again."),
    USER_NOT_FOUND(403, "No account here can be used for this person."),

    // The claim ceremony
    INVALID_CLAIM_TOKEN(401, "The claim token is unknown. Use the one from the newest registration answer."),
    CLAIMED_OR_IN_FLIGHT(409, "This registration is claimed already, or its claim was started when it was registered."),
    CLAIM_EXPIRED(410, "This claim has ended. Register again."),
    CLAIM_REJECTED(403, "The person said that this was not them."),
    CLAIM_SUPERSEDED(410, "This link is unknown or was replaced by a newer one."),
    CLAIM_COMPLETED(409, "This claim has been completed already."),
    OTP_INVALID(401, "The code is wrong. Ask the person to read it again."),
    OTP_NOT_GENERATED(400, "No code has been shown yet. Ask the person to open the link and reveal it."),
    OTP_EXPIRED(410, "The code is no longer valid. Ask the person to reveal a new one."),
    PREVIOUSLY_CLAIMED(
            409, "This registration has been claimed before. Exchange the newest assertion that you were given."),

    // The credential surface
    UNSUPPORTED_GRANT_TYPE(400, "This grant type is not supported. Use the jwt-bearer grant."),
    INVALID_GRANT(400, "The assertion cannot be used, now or any more. Register again."),
    AUTHORIZATION_PENDING(400, "The person has not typed the code yet. Poll again after the interval."),
    SLOW_DOWN(400, "Polling too often. Wait five seconds longer between polls from now on."),
    ACCESS_DENIED(400, "The person said that this was not them. Stop polling."),
    EXPIRED_TOKEN(
            400, "Nothing can be collected for this claim token, now or any more. Start the claim again, or register."),
    INVALID_SCOPE(400, "The scope is unknown or goes beyond what this registration may do now."),
    UNSUPPORTED_TOKEN_TYPE(400, "Assertions cannot be revoked here. Send an access token."),
    INVALID_CLIENT(401, "Only resource servers that are known here may ask. Send your own id and secret."),

    // Security events
    AUTHENTICATION_FAILED(
            400, "The event could not be verified with a key that its issuer publishes, or it is past its own time."),
    INVALID_KEY(400, "The key that the issuer publishes for this event may not be used."),

    // The protected resource
    INVALID_TOKEN(401, "The access token is not valid, or not any more. Exchange the identity assertion again."),
    INSUFFICIENT_SCOPE(403, "The access token does not carry the scope that this resource needs.");

    private final String code;
    private final int status;
    private final String text;

    ErrorCode(int status, String text) {
        this.code = name().toLowerCase(java.util.Locale.ROOT);
        this.status = status;
        this.text = text;
    }

    /**
     * The code as it stands on the wire.
     *
     * @return lower case with underscores, such as {@code invalid_grant}
     */
    public String code() {
        return code;
    }

    /**
     * The HTTP status that the code is sent with.
     *
     * @return 400 to 503
     */
    public int status() {
        return status;
    }

    /**
     * What is told to the reader where nothing more precise is known.
     *
     * @return plain ASCII
     */
    public String text() {
        return text;
    }
}
