package dev.agentauth.spi;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened. Never holds a secret or a full e-mail address.
 *
 * @param id unique
 * @param time when
 * @param type what
 * @param clientAddress who asked, if an address is known
 * @param registrationId which registration, if one is involved
 * @param fields what else is to be known; some are a provider's words, cut to a length
 * @since 0.2.0
 */
public record AuditEvent(
        String id,
        Instant time,
        Type type,
        @Nullable String clientAddress,
        @Nullable String registrationId,
        Map<String, String> fields) {

    /** Copies the fields and checks that nothing required is missing. */
    public AuditEvent {
        Objects.requireNonNull(id);
        Objects.requireNonNull(time);
        Objects.requireNonNull(type);
        fields = Map.copyOf(fields);
    }

    /** What can happen. */
    public enum Type {
        /** A registration came to be. */
        REGISTRATION_CREATED("registration.created"),
        /** An identity assertion was handed out. */
        ASSERTION_ISSUED("assertion.issued"),
        /** A person was asked by mail. */
        CLAIM_REQUESTED("claim.requested"),
        /** A person revealed a code. */
        OTP_GENERATED("otp.generated"),
        /** A wrong code was tried. */
        OTP_FAILED("otp.failed"),
        /** A person took ownership. */
        CLAIM_CONFIRMED("claim.confirmed"),
        /** A person said no. */
        CLAIM_REJECTED("claim.rejected"),
        /** A refresh token was used; the next one was handed out. */
        REFRESH_USED("refresh.used"),
        /** A refresh token was used that had been used before; what was issued for its registration has ended. */
        REFRESH_REUSED("refresh.reused"),
        /** An access token was handed out. */
        TOKEN_ISSUED("token.issued"),
        /** An access token was revoked, or a refresh token with everything that was issued beside it. */
        TOKEN_REVOKED("token.revoked"),
        /** A registration that nobody claimed has been purged. */
        REGISTRATION_EXPIRED("registration.expired"),
        /** A registration was ended. */
        REGISTRATION_REVOKED("registration.revoked"),
        /** A limit was spent. */
        RATE_LIMIT_EXCEEDED("rate_limit.exceeded"),
        /** A limit could not be checked; the request was let through. */
        RATE_LIMIT_UNAVAILABLE("rate_limit.unavailable"),
        /** A provider's JWT was refused. */
        PROVIDER_REJECTED("provider.rejected"),
        /** A provider told of something by a security event; what came of it has events of its own. */
        EVENT_RECEIVED("event.received"),
        /** Somebody who is no known resource server asked what a token stands for; looks by known ones are not told. */
        INTROSPECTION_REFUSED("introspection.refused");

        private final String wireName;

        Type(String wireName) {
            this.wireName = wireName;
        }

        /**
         * The name in logs.
         *
         * @return dotted lower case
         */
        public String wireName() {
            return wireName;
        }
    }
}
