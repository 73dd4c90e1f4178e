package dev.agentauth.servlet;

import dev.agentauth.AuthenticatedAgent;
import java.util.Objects;

/**
 * What {@link BearerJudge} makes of a request.
 *
 * @since 0.2.0
 */
public sealed interface BearerVerdict {

    /** There is no bearer token: other credentials perhaps, or none. */
    record Absent() implements BearerVerdict {}

    /** There is a bearer token that does not look like one of ours: another issuer's, such as a JWT. Nobody has looked it up. */
    record Foreign() implements BearerVerdict {}

    /**
     * There is a good access token.
     *
     * @param agent who is behind it
     */
    record Agent(AuthenticatedAgent agent) implements BearerVerdict {
        /** Checks that there is one. */
        public Agent {
            Objects.requireNonNull(agent);
        }
    }

    /**
     * The request is to be answered, and to go no further: its token is malformed, unknown or dead (401), there is more than
     * one {@code Authorization} header (400), or who is behind it cannot be found out now (503).
     *
     * @param answer what to answer
     */
    record Refused(BearerAnswer answer) implements BearerVerdict {
        /** Checks that there is one. */
        public Refused {
            Objects.requireNonNull(answer);
        }
    }
}
