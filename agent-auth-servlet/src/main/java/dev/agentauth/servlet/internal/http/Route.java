package dev.agentauth.servlet.internal.http;

import dev.agentauth.AgentAuthException;
import dev.agentauth.ErrorCode;
import dev.agentauth.spi.StoreUnavailableException;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Objects;

/** An endpoint behind its method, and the one place where refusals and failures become answers of its surface. */
public final class Route {
    private static final System.Logger LOG = System.getLogger("dev.agentauth.servlet");

    private final boolean reads;
    private final Surface surface;
    private final Endpoint endpoint;

    private Route(boolean reads, Surface surface, Endpoint endpoint) {
        this.reads = reads;
        this.surface = surface;
        this.endpoint = endpoint;
    }

    /** For GET and HEAD. */
    public static Route get(Surface surface, Endpoint endpoint) {
        return new Route(true, surface, endpoint);
    }

    /** For POST. */
    public static Route post(Surface surface, Endpoint endpoint) {
        return new Route(false, surface, endpoint);
    }

    /** The endpoint's answer, or the error that stands for what went wrong. */
    public Answer answer(HttpServletRequest request) {
        if (!accepts(request.getMethod())) {
            return invalid(surface, 405, "This method is not served here. Use one of those in the Allow header.")
                    .with("Allow", reads ? "GET, HEAD" : "POST");
        }
        try {
            return endpoint.answer(request);
        } catch (RuntimeException e) {
            return failure(surface, e);
        }
    }

    /** The answer that stands for a refusal or a failure. */
    public static Answer failure(Surface surface, RuntimeException e) {
        if (e instanceof AgentAuthException refusal) {
            return refusal(surface, refusal);
        }
        if (e instanceof RejectedRequest rejected) {
            return invalid(surface, rejected.status(), rejected.text());
        }
        if (e instanceof StoreUnavailableException) {
            return refusal(surface, AgentAuthException.unavailable(e));
        }
        LOG.log(Level.ERROR, "unexpected failure, answered 500", e);
        return surface.error(500, "server_error", "The service failed. Send the same request again later.");
    }

    private static Answer refusal(Surface surface, AgentAuthException e) {
        ErrorCode code = e.code();
        if (code == ErrorCode.TEMPORARILY_UNAVAILABLE) {
            LOG.log(Level.WARNING, "something is out of reach, answered 503", e.getCause());
        }
        Answer answer = surface.error(code.status(), code.code(), Objects.requireNonNull(e.getMessage()));
        return e.retryAfter()
                .map(wait -> answer.with("Retry-After", Long.toString(wholeSeconds(wait))))
                .orElse(answer);
    }

    private static Answer invalid(Surface surface, int status, String text) {
        return surface.error(status, ErrorCode.INVALID_REQUEST.code(), text);
    }

    private boolean accepts(String method) {
        return reads ? method.equals("GET") || method.equals("HEAD") : method.equals("POST");
    }

    /** Rounded up, since a client that came back earlier would be refused again. */
    private static long wholeSeconds(Duration wait) {
        return Math.max(1, wait.plusNanos(999_999_999).toSeconds());
    }
}
