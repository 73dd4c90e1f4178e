package dev.agentauth.internal.wire;

import dev.agentauth.Problem;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An error as it is told to one request.
 *
 * @param code what it is
 * @param status the HTTP status
 * @param error its name in the words of the request
 * @param production its name in production's words
 * @param text what to do, plain ASCII
 * @param retryAfter whole seconds after which the same request may succeed; null where that is not told
 * @param maxAge how many seconds ago a person may have logged in; null where that is not what is wrong
 */
public record Refusal(
        ErrorCode code,
        int status,
        String error,
        String production,
        String text,
        @Nullable Long retryAfter,
        @Nullable Long maxAge) {

    /** The member, and the parameter of the challenge, that tells the age which a login may have. */
    public static final String MAX_AGE = "max_age";

    /** An error that is the same in all words, with the status that HTTP has for it. */
    public static Refusal of(int status, ErrorCode code, String text) {
        return new Refusal(code, status, code.code(), code.code(), text, null, null);
    }

    /** An error with the status and the text of its code. */
    public static Refusal of(ErrorCode code) {
        return of(code.status(), code, code.text());
    }

    static Refusal of(ErrorCode code, @Nullable Problem problem, Spelling spelling, String text) {
        Production production = Production.of(code, problem);
        return spelling.isProduction()
                ? new Refusal(code, production.status(), production.code(), production.code(), text, null, null)
                : new Refusal(code, code.status(), code.code(), production.code(), text, null, null);
    }

    /** The same, with the time to wait. Rounded up, since a client that came back earlier would be refused again. */
    public Refusal after(Duration wait) {
        long seconds = Math.max(1, wait.plusNanos(999_999_999).toSeconds());
        return new Refusal(code, status, error, production, text, seconds, maxAge);
    }

    /** The same, with the age that a login may have. */
    Refusal withMaxAge(Duration age) {
        return new Refusal(code, status, error, production, text, retryAfter, age.toSeconds());
    }
}
