package dev.agentauth.servlet.internal.page;

import dev.agentauth.AgentAuth;
import dev.agentauth.AgentAuthException;
import dev.agentauth.Caller;
import dev.agentauth.ClaimView;
import dev.agentauth.ErrorCode;
import dev.agentauth.servlet.internal.http.Answer;
import dev.agentauth.servlet.internal.http.Endpoint;
import dev.agentauth.servlet.internal.http.RequestBody;
import jakarta.servlet.http.HttpServletRequest;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Function;

/** What the buttons of the page post: the attempt token in the body, from our own page alone. */
public final class DecisionForm implements Endpoint {
    private static final String TOKEN = "token";

    /** Refusals that mean that there is nothing to decide any more. */
    private static final Set<ErrorCode> DECIDED = EnumSet.of(
            ErrorCode.CLAIM_SUPERSEDED, ErrorCode.CLAIM_COMPLETED, ErrorCode.CLAIM_EXPIRED, ErrorCode.CLAIM_REJECTED);

    private final AgentAuth auth;
    private final Pages pages;
    private final Function<HttpServletRequest, Caller> callers;
    private final Decision decision;

    /** Carries out what a button is for. */
    @FunctionalInterface
    private interface Decision {
        Answer take(Caller caller, String token, Reply reply);
    }

    private DecisionForm(AgentAuth auth, Pages pages, Function<HttpServletRequest, Caller> callers, Decision decision) {
        this.auth = auth;
        this.pages = pages;
        this.callers = callers;
        this.decision = decision;
    }

    /** Shows a new code. */
    public static DecisionForm reveal(AgentAuth auth, Pages pages, Function<HttpServletRequest, Caller> callers) {
        return new DecisionForm(
                auth, pages, callers, (caller, token, reply) -> reply.revealed(auth.revealCode(caller, token), token));
    }

    /** Takes a no. */
    public static DecisionForm reject(AgentAuth auth, Pages pages, Function<HttpServletRequest, Caller> callers) {
        return new DecisionForm(auth, pages, callers, (caller, token, reply) -> {
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
        String token = RequestBody.form(request, TOKEN).one(TOKEN);
        if (token == null) {
            return reply.incomplete();
        }
        try {
            return decision.take(callers.apply(request), token, reply);
        } catch (AgentAuthException e) {
            if (!DECIDED.contains(e.code())) {
                throw e;
            }
            return reply.closed(reason(token));
        }
    }

    /** What the view says, which is more precise; a claim that the view still takes for open can only have lapsed. */
    private ClaimView.Reason reason(String token) {
        return auth.viewClaim(token) instanceof ClaimView.Closed closed ? closed.reason() : ClaimView.Reason.LAPSED;
    }
}
