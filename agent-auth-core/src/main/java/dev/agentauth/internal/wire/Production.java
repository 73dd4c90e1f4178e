package dev.agentauth.internal.wire;

import dev.agentauth.Problem;
import org.jspecify.annotations.Nullable;

/**
 * What production calls an error of the identity surface, and with which status.
 *
 * @param code the name
 * @param status the HTTP status
 */
record Production(String code, int status) {

    /** Its name for an error; the problem tells apart what 0.2 calls alike. */
    static Production of(ErrorCode error, @Nullable Problem problem) {
        return switch (error) {
            case ANONYMOUS_NOT_ENABLED -> new Production("anonymous_registration_disabled", 400);
            case VERIFIED_EMAIL_NOT_ENABLED, SERVICE_AUTH_NOT_ENABLED ->
                problem == Problem.ASKING_OFF
                        ? new Production("auth_method_disabled", 403)
                        : new Production("service_auth_registration_disabled", 400);
            case ID_JAG_NOT_ENABLED, INVALID_ISSUER -> new Production("issuer_not_enabled", 400);
            case INVALID_SIGNATURE,
                    EXPIRED,
                    INVALID_AUDIENCE,
                    INVALID_TARGET,
                    INVALID_CLIENT_ID,
                    REPLAY_DETECTED,
                    MISSING_VERIFIED_EMAIL -> new Production(ErrorCode.INVALID_REQUEST.code(), 400);
            case OTP_NOT_GENERATED -> new Production("claim_not_confirmed", 409);
            case OTP_INVALID -> new Production("invalid_user_code", 401);
            case OTP_EXPIRED -> new Production("user_code_expired", 410);
            case CLAIM_REJECTED -> new Production("claim_denied", 403);
            case PREVIOUSLY_CLAIMED, CLAIMED_OR_IN_FLIGHT, CLAIM_COMPLETED -> new Production("already_claimed", 409);
            case CLAIM_EXPIRED, CLAIM_SUPERSEDED ->
                new Production(problem == Problem.REVOKED ? "claim_revoked" : ErrorCode.CLAIM_EXPIRED.code(), 410);
            case RATE_LIMITED -> new Production("rate_limit_exceeded", 429);
            default -> new Production(error.code(), error.status());
        };
    }
}
