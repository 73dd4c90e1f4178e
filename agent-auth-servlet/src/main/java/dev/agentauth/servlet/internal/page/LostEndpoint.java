package dev.agentauth.servlet.internal.page;

import dev.agentauth.servlet.internal.http.Answer;
import dev.agentauth.servlet.internal.http.Endpoint;
import jakarta.servlet.http.HttpServletRequest;

/** {@code GET} where a form is posted to: a browser that restores a tab, or a person, gets a page that says how to go on. */
public final class LostEndpoint implements Endpoint {
    private final Pages pages;

    public LostEndpoint(Pages pages) {
        this.pages = pages;
    }

    @Override
    public Answer answer(HttpServletRequest request) {
        Reply reply = pages.to(request);
        return reply.orError(reply::lost);
    }
}
