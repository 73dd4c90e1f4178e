package dev.agentauth.servlet.internal.page;

import dev.agentauth.AgentAuth;
import dev.agentauth.AgentAuthException;
import dev.agentauth.Caller;
import dev.agentauth.ClaimView;
import dev.agentauth.internal.wire.Requests;
import dev.agentauth.servlet.internal.http.Answer;
import dev.agentauth.servlet.internal.http.Endpoint;
import dev.agentauth.servlet.internal.http.RequestBody;
import jakarta.servlet.http.HttpServletRequest;
import java.util.function.Function;

/** What the buttons of the page post: the attempt token in the body, from our own page alone. */
public final class DecisionForm implements Endpoint {
    private final Pages pages;
    private final Function<HttpServletRequest, Caller> callers;
    private final Decision decision;

    /** Carries out what a button is for. */
    @FunctionalInterface
    private interface Decision {
        Answer take(Caller caller, String token, Reply reply);
    }

    private DecisionForm(Pages pages, Function<HttpServletRequest, Caller> callers, Decision decision) {
        this.pages = pages;
        this.callers = callers;
        this.decision = decision;
    }

    /** Shows a new code. */
    public static DecisionForm reveal(AgentAuth auth, Pages pages, Function<HttpServletRequest, Caller> callers) {
        return new DecisionForm(
                pages, callers, (caller, token, reply) -> reply.revealed(auth.revealCode(caller, token), token));
    }

    /** Takes a no. */
    public static DecisionForm reject(AgentAuth auth, Pages pages, Function<HttpServletRequest, Caller> callers) {
        return new DecisionForm(pages, callers, (caller, token, reply) -> {
            auth.rejectClaim(caller, token);
            return reply.closed(ClaimView.Reason.REJECTED);
        });
    }

    @Override
    public Answer answer(HttpServletRequest request) {
        Reply reply = pages.to(request);
        return reply.orError(() -> answer(request, reply));
    }

    private Answer answer(HttpServletRequest request, Reply reply) {
        if (!pages.origin().allows(request)) {
            return reply.foreign();
        }
        String token = Requests.linkToken(names -> RequestBody.form(request, names));
        if (token == null) {
            return reply.incomplete();
        }
        try {
            return decision.take(callers.apply(request), token, reply);
        } catch (AgentAuthException e) {
            return reply.closed(ClaimView.Reason.of(e.problem()).orElseThrow(() -> e));
        }
    }
}
