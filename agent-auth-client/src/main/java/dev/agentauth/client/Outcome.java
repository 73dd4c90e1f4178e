package dev.agentauth.client;

import dev.agentauth.client.http.Reply;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What can come of what an agent asks for. What a service says in words is left out: it is not for an agent to obey.
 *
 * @since 0.2.0
 */
public sealed interface Outcome {

    /** Of registering. */
    sealed interface OfRegistering extends Outcome permits Ready, NeedsPerson, LoginRequired, Failure {}

    /** Of asking a person to claim. */
    sealed interface OfAsking extends Outcome permits PersonAsked, Failure {}

    /** Of completing a claim. */
    sealed interface OfClaim extends Outcome permits Ready, Failure {}

    /** Of asking whether a person has typed the code. */
    sealed interface OfPolling extends Outcome permits Ready, StillWaiting, Failure {}

    /** Of calling the API. */
    sealed interface OfCall extends Outcome permits Answered, ScopeMissing, NoToken {}

    /** Of needing an access token. */
    sealed interface OfToken extends Outcome permits Bearer, NoToken {}

    /** There is no access token to be had. */
    sealed interface NoToken extends OfToken, OfCall permits StartOver, Failure {}

    /** Of giving a token back. */
    sealed interface OfRevoking extends Outcome permits Revoked, Failure {}

    /** It did not work, and nothing has changed. */
    sealed interface Failure extends OfRegistering, OfAsking, OfClaim, OfPolling, NoToken, OfRevoking
            permits TryLater, Refused {}

    /**
     * The agent can call the API.
     *
     * @param credentials to be stored, apart for each person
     */
    record Ready(Credentials credentials) implements OfRegistering, OfClaim, OfPolling {}

    /**
     * A mail has gone to the person. When they have read out the code, complete the claim.
     *
     * @param credentials to be stored, so that the claim can be completed after a restart too
     * @param question what to show to the person meanwhile
     */
    record NeedsPerson(Credentials credentials, Question question) implements OfRegistering {}

    /**
     * The person has to log in at their platform again: have an ID-JAG minted whose {@code auth_time} is recent enough.
     *
     * @param maxAge how recent; empty if the service does not say
     */
    record LoginRequired(Optional<Duration> maxAge) implements OfRegistering {}

    /**
     * Nobody has typed the code yet.
     *
     * @param pause how long to wait before asking again
     */
    record StillWaiting(Duration pause) implements OfPolling {}

    /**
     * A mail has gone to the person.
     *
     * @param attemptId which attempt this is; asking the same person again while it is open gives the same; empty if the
     *     service does not say
     * @param expiresAt until when its link is good
     * @param question what to show to the person meanwhile
     */
    record PersonAsked(Optional<String> attemptId, Instant expiresAt, Question question) implements OfAsking {}

    /**
     * The API has answered.
     *
     * @param reply whatever it says
     */
    record Answered(Reply reply) implements OfCall {}

    /**
     * An access token, to be sent as {@code Authorization: Bearer} to {@link Service#resource} and what is below it, and
     * to nothing else.
     *
     * @param token the secret
     */
    record Bearer(String token) implements OfToken {
        /** Shows nothing that is secret. */
        @Override
        public String toString() {
            return "Bearer[]";
        }
    }

    /**
     * The registration may not do this. If it can be claimed, have it claimed; else this is final.
     *
     * @param scope what is missing, as the API names it; empty if it does not
     * @param claimable whether a person could claim it
     */
    record ScopeMissing(String scope, boolean claimable) implements OfCall {}

    /**
     * Access has ended: by the person, their platform or the service, or because its time is over. Not to be retried in a
     * loop: tell the person, then begin again.
     *
     * @param at where to begin
     */
    record StartOver(Step at) implements NoToken {}

    /** Where an agent begins again. */
    enum Step {
        /** At {@link AgentAuthClient.Builder#discover}: the service may have moved. */
        DISCOVERY,
        /** At registering, with the same client. */
        REGISTRATION
    }

    /** The token is not good any more. */
    record Revoked() implements OfRevoking {}

    /**
     * Too many requests, or the service or its API cannot answer now. The same request may be sent again, but for an
     * ID-JAG: present a fresh one.
     *
     * @param status 429 or 5xx
     * @param error the code, if there is one
     * @param retryAfter how long to wait; empty if the service does not say: then 1 second, and twice as long each time
     */
    record TryLater(int status, Optional<String> error, Optional<Duration> retryAfter) implements Failure {
        @Override
        public String toString() {
            return status + error.map(code -> " " + code).orElse("");
        }
    }

    /**
     * The same request will fail again. The table in {@code /auth.md} says what to do about each code.
     *
     * @param status not one that says to try later
     * @param error the code; empty if the answer has none
     */
    record Refused(int status, Optional<String> error) implements Failure {
        @Override
        public String toString() {
            return status + error.map(code -> " " + code).orElse("");
        }
    }
}
