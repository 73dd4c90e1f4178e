package dev.agentauth.spring.security;

import dev.agentauth.servlet.BearerAnswer;
import dev.agentauth.servlet.BearerJudge;
import dev.agentauth.servlet.BearerVerdict;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolderStrategy;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.filter.GenericFilterBean;

/**
 * A request with an agent's token is that agent's, whatever else came with it; one without is for those behind. It stands
 * before everything that looks for a session or a CSRF token.
 */
final class AgentFilter extends GenericFilterBean {
    private static final String ATTRIBUTE = AgentFilter.class.getName();

    private final BearerJudge judge;
    private final RequestMatcher open;
    private final boolean leaveOtherTokens;
    private final SecurityContextHolderStrategy contexts;

    /** Also kept as an attribute; of a type that nobody else can make, so that no other code's attribute passes for it. */
    private record Admission(AgentFilter by, AgentAuthentication agent) {}

    AgentFilter(
            BearerJudge judge, RequestMatcher open, boolean leaveOtherTokens, SecurityContextHolderStrategy contexts) {
        this.judge = judge;
        this.open = open;
        this.leaveOtherTokens = leaveOtherTokens;
        this.contexts = contexts;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest http = (HttpServletRequest) request;
        Admission before = admission(http);
        if (before != null) {
            // Further dispatches are the service's own doing, and an answer may take longer than its token lasts.
            admit(http, response, chain, before);
        } else if (http.getDispatcherType() == DispatcherType.ERROR) {
            chain.doFilter(request, response);
        } else {
            judge(http, (HttpServletResponse) response, chain);
        }
    }

    private void judge(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        BearerVerdict verdict = judge.judge(request);
        if (verdict instanceof BearerVerdict.Agent found) {
            if (open.matches(request)) {
                admit(request, response, chain, new Admission(this, AgentAuthentication.of(found.agent())));
            } else {
                judge.challenges().closed().send(request, response);
            }
        } else {
            BearerAnswer refusal = refusal(verdict);
            if (refusal == null) {
                chain.doFilter(request, response);
            } else {
                refusal.send(request, response);
            }
        }
    }

    /** Null for those who are to be judged by somebody else. */
    private @Nullable BearerAnswer refusal(BearerVerdict verdict) {
        if (verdict instanceof BearerVerdict.Refused refused) {
            return refused.answer();
        }
        boolean foreign = verdict instanceof BearerVerdict.Foreign;
        return foreign && !leaveOtherTokens ? judge.challenges().invalidToken() : null;
    }

    private void admit(HttpServletRequest request, ServletResponse response, FilterChain chain, Admission admission)
            throws IOException, ServletException {
        request.setAttribute(ATTRIBUTE, admission);
        SecurityContext context = contexts.createEmptyContext();
        context.setAuthentication(admission.agent());
        contexts.setContext(context);
        chain.doFilter(new AgentRequest(request), response);
    }

    /** How this filter has let the request through in an earlier dispatch. */
    private @Nullable Admission admission(HttpServletRequest request) {
        return request.getDispatcherType() != DispatcherType.REQUEST
                        && request.getAttribute(ATTRIBUTE) instanceof Admission admission
                        && admission.by() == this
                ? admission
                : null;
    }
}
