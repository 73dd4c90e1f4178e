package dev.agentauth.client;

import dev.agentauth.client.http.Json;
import java.time.Duration;
import java.util.Optional;

/**
 * What an agent can do about the question that a person is being asked.
 *
 * @param verificationUri a page to show to the person; empty if the service names none: a mail is on its way then
 * @param userCode a code to show to the person, who types it on that page; empty if there is none: then the person reads
 *     one to the agent
 * @param interval how long to wait between two polls, where there is a code to type
 * @since 0.2.0
 */
public record Question(Optional<String> verificationUri, Optional<String> userCode, Duration interval) {
    /** RFC 8628, section 3.2. */
    static final Duration INTERVAL = Duration.ofSeconds(5);

    private static final long LONGEST = 3600;

    /** From an answer's members about a claim, wherever this version has them. */
    static Question of(Json codeAt, Json attempt) {
        Json interval = codeAt.get("interval");
        return new Question(
                attempt.get("verification_uri")
                        .string()
                        .or(() -> codeAt.get("verification_uri").string()),
                codeAt.get("user_code").string(),
                interval.isPresent()
                        ? Duration.ofSeconds(Math.min(Math.max(interval.number(), 1), LONGEST))
                        : INTERVAL);
    }

    /** Shows no code. */
    @Override
    public String toString() {
        return "Question[" + (userCode.isPresent() ? "to be typed" : "to be read back") + "]";
    }
}
