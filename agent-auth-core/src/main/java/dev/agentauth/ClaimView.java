package dev.agentauth;

import dev.agentauth.registration.RegistrationKind;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
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
     * @param asked whose yes is asked for, as a masked address such as {@code a…e@example.com}; empty if it is whoever has
     *     signed in
     * @param agentName who asks, in words that the service chose; empty if nothing is known
     * @param scopes what the agent will be allowed to do
     * @param firstAgent whether it would be the first agent of that account; asked before a code is shown, and false while {@code
     *     shown} has one that is good
     * @param firstLink whether it would be the first agent of its provider there; false where no provider vouches for it, and
     *     while {@code shown} has a code that is good
     * @param requestedAt when it asked
     * @param expiresAt the first instant at which the link is no longer good
     * @param takesTypedCode whether the person can type a code that the agent shows
     * @param shown the code that was shown last, if one was
     */
    record Open(
            String registrationId,
            RegistrationKind kind,
            String asked,
            String agentName,
            List<String> scopes,
            boolean firstAgent,
            boolean firstLink,
            Instant requestedAt,
            Instant expiresAt,
            boolean takesTypedCode,
            Optional<ShownCode> shown)
            implements ClaimView {

        /** Copies the scopes. */
        public Open {
            scopes = List.copyOf(scopes);
            Objects.requireNonNull(shown);
        }
    }

    /**
     * That a code was shown behind this link.
     *
     * @param at when
     * @param code the same code, so that a page that is loaded again can show it again; empty if it is no longer good, if it
     *     was shown to another user, or behind a link that this one has replaced
     */
    record ShownCode(Instant at, Optional<RevealedCode> code) {

        /** Checks that both are there. */
        public ShownCode {
            Objects.requireNonNull(at);
            Objects.requireNonNull(code);
        }
    }

    /**
     * There is nothing to decide.
     *
     * @param reason why
     * @param confirmed which agent was confirmed, if one was
     */
    record Closed(Reason reason, Optional<Confirmed> confirmed) implements ClaimView {

        /** Checks that both are there. */
        public Closed {
            Objects.requireNonNull(reason);
            Objects.requireNonNull(confirmed);
        }

        /**
         * Where no agent was confirmed.
         *
         * @param reason why there is nothing to decide
         */
        public Closed(Reason reason) {
            this(reason, Optional.empty());
        }
    }

    /**
     * An agent that somebody has confirmed through this link.
     *
     * @param registrationId {@code reg_…}
     * @param agentName who asked, in words that the service chose; empty if nothing is known
     * @param scopes what it is allowed to do
     * @param since when it was confirmed
     */
    record Confirmed(String registrationId, String agentName, List<String> scopes, Instant since) {

        /** Copies the scopes. */
        public Confirmed {
            scopes = List.copyOf(scopes);
            Objects.requireNonNull(since);
        }
    }

    /** Why there is nothing to decide. */
    enum Reason {
        /** The link is unknown, or a newer one has replaced it. */
        UNKNOWN,
        /** Whoever is signed in is not the one who was asked. */
        NOT_ASKED,
        /** The link, or the claim behind it, is past its time. */
        LAPSED,
        /** The registration has been revoked. */
        REVOKED,
        /** Too many wrong codes were tried. */
        LOCKED,
        /** The agent was claimed, and acts for the one whom this link asks. */
        COMPLETED,
        /** The agent was claimed by somebody else than the one whom this link asks, or who has opened it. */
        ELSEWHERE,
        /** The person has just typed the code that the agent showed, and owns the agent from now on. */
        TYPED,
        /** The person has said no. */
        REJECTED;

        /**
         * What a page says about a refusal. Whether what was claimed acts for the one who is asked, only the view of the claim
         * knows.
         *
         * @param problem why core refused
         * @return empty if it has nothing to do with the state of a claim
         */
        public static Optional<Reason> of(Problem problem) {
            return Optional.ofNullable(
                    switch (problem) {
                        case ATTEMPT_UNKNOWN -> UNKNOWN;
                        case NOT_ASKED -> NOT_ASKED;
                        case LINK_LAPSED, CLAIM_LAPSED -> LAPSED;
                        case REVOKED, STANDING_LOST -> REVOKED;
                        case GUESSED_OUT -> LOCKED;
                        case CLAIMED, CLAIMED_BY_TYPING -> COMPLETED;
                        case SAID_NO -> REJECTED;
                        default -> null;
                    });
        }
    }
}
