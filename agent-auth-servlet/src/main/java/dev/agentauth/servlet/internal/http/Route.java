package dev.agentauth.servlet.internal.http;

import dev.agentauth.internal.wire.Door;
import dev.agentauth.internal.wire.ErrorCode;
import dev.agentauth.internal.wire.Refusal;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/** An endpoint behind its method. */
public final class Route {
    private final boolean reads;
    private final Door door;
    private final Surface surface;
    private final Endpoint endpoint;
    private final @Nullable Endpoint whoReads;

    private Route(boolean reads, Door door, Surface surface, Endpoint endpoint, @Nullable Endpoint whoReads) {
        this.whoReads = whoReads;
        this.reads = reads;
        this.door = door;
        this.surface = surface;
        this.endpoint = endpoint;
    }

    /** For GET and HEAD. */
    public static Route get(Door door, Surface surface, Endpoint endpoint) {
        return new Route(true, door, surface, endpoint, null);
    }

    /** For POST. */
    public static Route post(Door door, Surface surface, Endpoint endpoint) {
        return new Route(false, door, surface, endpoint, null);
    }

    /** For POST, with a page for browsers that have come there otherwise; it answers 405 by itself. */
    public static Route form(Door door, Surface surface, Endpoint endpoint, Endpoint whoReads) {
        return new Route(false, door, surface, endpoint, whoReads);
    }

    /** The endpoint's answer, or the error that stands for what went wrong. */
    public Answer answer(HttpServletRequest request, Failures failures, CrossOrigin origins) {
        if (!origins.opens(door)) {
            return answer(request, failures);
        }
        return CrossOrigin.isPreflight(request)
                ? CrossOrigin.preflight(methods())
                : CrossOrigin.opened(answer(request, failures));
    }

    private Answer answer(HttpServletRequest request, Failures failures) {
        Endpoint answering = whoReads != null && isRead(request.getMethod()) ? whoReads : endpoint;
        if (answering == endpoint && !accepts(request.getMethod())) {
            return surface.error(Refusal.of(
                            405,
                            ErrorCode.INVALID_REQUEST,
                            "This method is not served here. Use one of those in the Allow header."))
                    .with("Allow", methods());
        }
        try {
            return answering.answer(request);
        } catch (Throwable e) {
            return failures.answer(door, surface, e);
        }
    }

    private String methods() {
        return reads ? "GET, HEAD" : "POST";
    }

    private boolean accepts(String method) {
        return reads ? isRead(method) : method.equals("POST");
    }

    private static boolean isRead(String method) {
        return method.equals("GET") || method.equals("HEAD");
    }
}
