package dev.agentauth.servlet.internal.page;

import dev.agentauth.AgentAuthException;
import dev.agentauth.Caller;
import dev.agentauth.ClaimView;
import dev.agentauth.RevealedCode;
import dev.agentauth.Secret;
import dev.agentauth.internal.wire.Requests;
import dev.agentauth.servlet.ClaimPageView.Decision.Mistyped;
import dev.agentauth.servlet.internal.http.Answer;
import dev.agentauth.servlet.internal.http.Endpoint;
import dev.agentauth.servlet.internal.http.RequestBody;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the buttons of the page post: the attempt token in the body, from our own page alone. */
public final class DecisionForm implements Endpoint {
    private final Pages pages;
    private final Function<HttpServletRequest, Caller> callers;
    private final Decision decision;

    /** Carries out what a button is for. */
    @FunctionalInterface
    private interface Decision {
        Answer take(Visit visit, Caller caller, String token, @Nullable String code, Reply reply);
    }

    private DecisionForm(Pages pages, Function<HttpServletRequest, Caller> callers, Decision decision) {
        this.pages = pages;
        this.callers = callers;
        this.decision = decision;
    }

    /** Shows a new code. */
    public static DecisionForm reveal(Pages pages, Function<HttpServletRequest, Caller> callers) {
        return new DecisionForm(pages, callers, (visit, caller, token, code, reply) -> {
            RevealedCode unused = visit.reveal(caller, token);
            return reply.revealed(token);
        });
    }

    /** Takes a yes by the code that the agent shows; what was wrong with it is said above the same form. */
    public static DecisionForm type(Pages pages, Function<HttpServletRequest, Caller> callers) {
        return new DecisionForm(pages, callers, (visit, caller, token, code, reply) -> {
            try {
                visit.type(caller, token, code == null ? "" : code);
            } catch (AgentAuthException e) {
                return reply.mistyped(token, mistyped(e));
            }
            return reply.typed(token);
        });
    }

    private static Mistyped mistyped(AgentAuthException e) {
        return switch (e.problem()) {
            case CODE_UNREADABLE -> Mistyped.UNREADABLE;
            case CODE_WRONG -> Mistyped.WRONG;
            case CODE_VOID -> Mistyped.VOID;
            case CODE_LAPSED, CODE_NOT_SHOWN -> Mistyped.LAPSED;
            default -> throw e;
        };
    }

    /** Takes a no. */
    public static DecisionForm reject(Pages pages, Function<HttpServletRequest, Caller> callers) {
        return new DecisionForm(pages, callers, (visit, caller, token, code, reply) -> {
            visit.reject(caller, token);
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
        Requests.PageForm form = Requests.PageForm.read(names -> RequestBody.form(request, names));
        String token = form.token();
        if (token == null) {
            return reply.incomplete();
        }
        return pages.received(request, token, visit -> {
            Reply own = reply.to(visit);
            Optional<Secret> bond = visit.bond(token);
            if (bond.isPresent() && !Bond.isKept(bond.get(), form.bond())) {
                return own.foreign();
            }
            try {
                return decision.take(visit, callers.apply(request), token, form.code(), own);
            } catch (AgentAuthException e) {
                ClaimView.Reason reason = ClaimView.Reason.of(e.problem()).orElseThrow(() -> e);
                return reason == ClaimView.Reason.COMPLETED ? own.claimed(token) : own.closed(reason);
            }
        });
    }
}
