package dev.agentauth.spring.security;

import dev.agentauth.servlet.BearerAnswer;
import dev.agentauth.servlet.BearerChallenges;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationTrustResolver;
import org.springframework.security.authentication.AuthenticationTrustResolverImpl;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.context.SecurityContextHolderStrategy;
import org.springframework.security.web.util.ThrowableAnalyzer;
import org.springframework.security.web.util.matcher.MediaTypeRequestMatcher;
import org.springframework.security.web.util.matcher.NegatedRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.filter.GenericFilterBean;

/**
 * What Spring Security refuses, told as agents understand it: to an agent whose scopes do not reach, 403; to somebody unknown who
 * wants no page, on a path that agents may use, 401 with the way to a token. Everybody else gets what the service has
 * for people. It stands right behind the filter that would do so.
 */
final class AgentDenialFilter extends GenericFilterBean {
    private final BearerChallenges challenges;
    private final RequestMatcher open;
    private final SecurityContextHolderStrategy contexts;
    private final RequestMatcher wantsNoPage;
    private final ThrowableAnalyzer causes = new ThrowableAnalyzer();
    private final AuthenticationTrustResolver trust = new AuthenticationTrustResolverImpl();

    AgentDenialFilter(BearerChallenges challenges, RequestMatcher open, SecurityContextHolderStrategy contexts) {
        this.challenges = challenges;
        this.open = open;
        this.contexts = contexts;
        MediaTypeRequestMatcher page =
                new MediaTypeRequestMatcher(MediaType.TEXT_HTML, MediaType.APPLICATION_XHTML_XML);
        page.setIgnoredMediaTypes(Set.of(MediaType.ALL));
        this.wantsNoPage = new NegatedRequestMatcher(page);
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        try {
            chain.doFilter(request, response);
        } catch (IOException e) {
            throw e;
        } catch (ServletException | RuntimeException e) {
            BearerAnswer answer = response.isCommitted() ? null : answer((HttpServletRequest) request, e);
            if (answer == null) {
                throw e;
            }
            response.resetBuffer();
            answer.send((HttpServletRequest) request, (HttpServletResponse) response);
        }
    }

    private @Nullable BearerAnswer answer(HttpServletRequest request, Exception e) {
        Throwable[] chain = causes.determineCauseChain(e);
        Throwable denied = causes.getFirstThrowableOfType(AccessDeniedException.class, chain);
        Authentication who = contexts.getContext().getAuthentication();
        if (who instanceof AgentAuthentication) {
            return denied == null ? null : challenges.insufficientScope(RequiredScopes.of(denied));
        }
        boolean unknown = denied == null
                ? causes.getFirstThrowableOfType(AuthenticationException.class, chain) != null
                : who == null || trust.isAnonymous(who);
        return unknown && open.matches(request) && wantsNoPage.matches(request) ? challenges.unauthenticated() : null;
    }
}
