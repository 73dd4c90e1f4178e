package dev.agentauth.servlet.internal.http;

import jakarta.servlet.http.HttpServletRequest;

/** Answers the requests of one path. */
@FunctionalInterface
public interface Endpoint {

    /**
     * Reads strictly, calls the core, renders. Refuses with {@link dev.agentauth.AgentAuthException}, or with {@link
     * RejectedRequest} for reasons that are HTTP's alone.
     */
    Answer answer(HttpServletRequest request);
}
