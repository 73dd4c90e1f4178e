package dev.agentauth;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request that is refused, with the {@link ErrorCode} that says so on the wire.
 *
 * <p>It carries no stack trace: it is an answer to a caller, not a fault of the program. The message is a fixed text
 * and never holds what the caller sent.
 */
public final class AgentAuthException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What is wrong. */
    private final ErrorCode code;

    private final transient @Nullable Duration retryAfter;

    /**
     * Refuses with the default text of the code.
     *
     * @param code what is wrong
     */
    public AgentAuthException(ErrorCode code) {
        this(code, code.text(), null, null);
    }

    /**
     * Refuses with a text that is more precise than the default.
     *
     * @param code what is wrong
     * @param text constant plain ASCII without quotes or backslashes; never anything that a caller sent
     */
    public AgentAuthException(ErrorCode code, String text) {
        this(code, text, null, null);
    }

    private AgentAuthException(ErrorCode code, String text, @Nullable Duration retryAfter, @Nullable Throwable cause) {
        super(Objects.requireNonNull(text), cause, false, false);
        this.code = Objects.requireNonNull(code);
        this.retryAfter = retryAfter;
    }

    /**
     * A limit is spent.
     *
     * @param retryAfter when the next request may succeed, from now
     * @return {@link ErrorCode#RATE_LIMITED}
     */
    public static AgentAuthException rateLimited(Duration retryAfter) {
        return new AgentAuthException(ErrorCode.RATE_LIMITED, ErrorCode.RATE_LIMITED.text(), retryAfter, null);
    }

    /**
     * Something that the request needs is out of reach.
     *
     * @param cause for the log of the service; never shown to the caller
     * @return {@link ErrorCode#TEMPORARILY_UNAVAILABLE} with a wait of five seconds
     */
    public static AgentAuthException unavailable(@Nullable Throwable cause) {
        ErrorCode code = ErrorCode.TEMPORARILY_UNAVAILABLE;
        return new AgentAuthException(code, code.text(), Duration.ofSeconds(5), cause);
    }

    /**
     * What is wrong.
     *
     * @return the code
     */
    public ErrorCode code() {
        return code;
    }

    /**
     * How long the caller should wait before it tries again.
     *
     * @return present for {@code rate_limited} and {@code temporarily_unavailable}
     */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
