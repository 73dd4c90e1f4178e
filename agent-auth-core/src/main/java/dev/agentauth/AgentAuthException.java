package dev.agentauth;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request that is refused, with the {@link Problem} that says why.
 *
 * <p>It carries no stack trace: it is an answer to a caller, not a fault of the program. The message is a fixed text
 * and never holds what the caller sent.
 *
 * @since 0.2.0
 */
public final class AgentAuthException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What is wrong. */
    private final Problem problem;

    private final @Nullable String detail;
    private final transient @Nullable Duration retryAfter;

    private final transient @Nullable Duration maxLoginAge;

    /**
     * Refuses.
     *
     * @param problem what is wrong
     */
    public AgentAuthException(Problem problem) {
        this(problem, null, null, null, null);
    }

    /**
     * Refuses with a text that is more precise than the problem.
     *
     * @param problem what is wrong
     * @param detail constant plain ASCII without quotes or backslashes; never anything that a caller sent
     */
    public AgentAuthException(Problem problem, String detail) {
        this(problem, Objects.requireNonNull(detail), null, null, null);
    }

    private AgentAuthException(
            Problem problem,
            @Nullable String detail,
            @Nullable Duration retryAfter,
            @Nullable Duration maxLoginAge,
            @Nullable Throwable cause) {
        super(detail == null ? problem.name() : detail, cause, false, false);
        this.problem = problem;
        this.detail = detail;
        this.retryAfter = retryAfter;
        this.maxLoginAge = maxLoginAge;
    }

    /**
     * A limit is spent.
     *
     * @param retryAfter when the next request may succeed, from now
     * @return {@link Problem#LIMIT_SPENT}
     */
    public static AgentAuthException rateLimited(Duration retryAfter) {
        return new AgentAuthException(Problem.LIMIT_SPENT, null, retryAfter, null, null);
    }

    /**
     * Something that the request needs is out of reach.
     *
     * @param cause for the log of the service; never shown to the caller
     * @return {@link Problem#OUT_OF_REACH} with a wait of five seconds
     */
    public static AgentAuthException unavailable(@Nullable Throwable cause) {
        return new AgentAuthException(Problem.OUT_OF_REACH, null, Duration.ofSeconds(5), null, cause);
    }

    /**
     * The person must log in at the provider again.
     *
     * @param maxAge how long ago that may have been
     * @return {@link Problem#LOGIN_TOO_OLD}
     */
    public static AgentAuthException loginRequired(Duration maxAge) {
        return new AgentAuthException(Problem.LOGIN_TOO_OLD, null, null, maxAge, null);
    }

    /**
     * What is wrong.
     *
     * @return the problem
     */
    public Problem problem() {
        return problem;
    }

    /**
     * What is wrong more precisely, for the caller.
     *
     * @return plain ASCII; empty where the problem says it all
     */
    public Optional<String> detail() {
        return Optional.ofNullable(detail);
    }

    /**
     * How long the caller should wait before it tries again.
     *
     * @return present for {@link Problem#LIMIT_SPENT} and {@link Problem#OUT_OF_REACH}
     */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /**
     * How long ago the person may have logged in at the provider.
     *
     * @return present for {@link Problem#LOGIN_TOO_OLD}
     */
    public Optional<Duration> maxLoginAge() {
        return Optional.ofNullable(maxLoginAge);
    }
}
