package dev.agentauth.servlet.internal.page;

import dev.agentauth.servlet.internal.http.Answer;
import dev.agentauth.servlet.internal.http.Endpoint;
import jakarta.servlet.http.HttpServletRequest;

/** {@code GET /agent/identity/claim/mail}: says to anybody that a mail is on its way, and what to do with it (B2). */
public final class MailedEndpoint implements Endpoint {
    private final Pages pages;

    public MailedEndpoint(Pages pages) {
        this.pages = pages;
    }

    @Override
    public Answer answer(HttpServletRequest request) {
        Reply reply = pages.to(request);
        return reply.orError(reply::mailed);
    }
}
