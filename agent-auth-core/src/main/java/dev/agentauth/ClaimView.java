package dev.agentauth;

import dev.agentauth.registration.RegistrationKind;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a claim page has to show.
 *
 * @since 0.2.0
 */
public sealed interface ClaimView {

    /**
     * The person can decide.
     *
     * @param registrationId {@code reg_…}
     * @param kind how the agent registered
     * @param agentName who asks, in words that the service chose; empty if nothing is known
     * @param scopes what the agent will be allowed to do
     * @param requestedAt when it asked
     * @param expiresAt the first instant at which the link is no longer good
     */
    record Open(
            String registrationId,
            RegistrationKind kind,
            String agentName,
            List<String> scopes,
            Instant requestedAt,
            Instant expiresAt)
            implements ClaimView {

        /** Copies the scopes. */
        public Open {
            scopes = List.copyOf(scopes);
        }
    }

    /**
     * There is nothing to decide.
     *
     * @param reason why
     */
    record Closed(Reason reason) implements ClaimView {}

    /** Why there is nothing to decide. */
    enum Reason {
        /** The link is unknown, or a newer one has replaced it. */
        UNKNOWN,
        /** The link, or the claim behind it, is past its time. */
        LAPSED,
        /** The registration has been revoked. */
        REVOKED,
        /** Too many wrong codes were tried. */
        LOCKED,
        /** Somebody has claimed the agent through this link. */
        COMPLETED,
        /** The person has said no. */
        REJECTED;

        /**
         * What a page says about a refusal.
         *
         * @param problem why core refused
         * @return empty if it has nothing to do with the state of a claim
         */
        public static Optional<Reason> of(Problem problem) {
            return Optional.ofNullable(
                    switch (problem) {
                        case ATTEMPT_UNKNOWN -> UNKNOWN;
                        case LINK_LAPSED, CLAIM_LAPSED -> LAPSED;
                        case REVOKED, STANDING_LOST -> REVOKED;
                        case GUESSED_OUT -> LOCKED;
                        case CLAIMED -> COMPLETED;
                        case SAID_NO -> REJECTED;
                        default -> null;
                    });
        }
    }
}
