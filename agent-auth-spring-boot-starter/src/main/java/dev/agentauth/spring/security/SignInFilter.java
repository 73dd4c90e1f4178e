package dev.agentauth.spring.security;

import dev.agentauth.servlet.SignIn;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.AuthenticationCredentialsNotFoundException;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationDeniedException;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolderStrategy;
import org.springframework.security.web.authentication.logout.LogoutHandler;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * The two ways from the claim page to the service's own login and back. Whoever is not signed in is refused like anywhere
 * else, so that Spring Security sends them to its login, and remembers the way.
 */
final class SignInFilter extends OncePerRequestFilter {
    static final String SIGN_IN = "/agent-auth/sign-in";
    static final String CHANGE_ACCOUNT = "/agent-auth/change-account";
    static final String RETURN_TO = "return_to";

    private final SpringSecuritySignIn urls;
    private final AuthorizationManager<HttpServletRequest> signedIn;
    private final List<LogoutHandler> logout;
    private final SecurityContextHolderStrategy contexts;

    SignInFilter(
            SpringSecuritySignIn urls,
            AuthorizationManager<HttpServletRequest> signedIn,
            List<LogoutHandler> logout,
            SecurityContextHolderStrategy contexts) {
        this.urls = urls;
        this.signedIn = signedIn;
        this.logout = logout;
        this.contexts = contexts;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String path = request.getRequestURI().substring(request.getContextPath().length());
        if (!request.getMethod().equals("GET") || !(path.equals(SIGN_IN) || path.equals(CHANGE_ACCOUNT))) {
            chain.doFilter(request, response);
            return;
        }
        Authentication person = contexts.getContext().getAuthentication();
        String target = request.getParameter(RETURN_TO);
        String local = target != null && SignIn.isLocal(target) ? target : urls.home();
        if (path.equals(SIGN_IN)) {
            requireSignedIn(person, request);
            if (urls.signedIn(request).isEmpty()) {
                // The page would send them here again, without an end.
                throw new IllegalStateException(
                        "people who confirm agents need a login that keeps a session, and theirs keeps none");
            }
            redirect(response, local);
        } else {
            if (person != null && !isFromElsewhere(request)) {
                logout.forEach(handler -> handler.logout(request, response, person));
            }
            redirect(response, urls.signInUrl(local));
        }
    }

    private void requireSignedIn(@Nullable Authentication person, HttpServletRequest request) {
        if (person == null) {
            throw new AuthenticationCredentialsNotFoundException("nobody is signed in");
        }
        AuthorizationResult result = person instanceof AgentAuthentication
                ? new AuthorizationDecision(false)
                : signedIn.authorize(() -> person, request);
        if (result != null && !result.isGranted()) {
            throw new AuthorizationDeniedException("nobody is signed in", result);
        }
    }

    /** Another site's link must not sign anybody out. */
    private static boolean isFromElsewhere(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        return site != null && !site.equals("same-origin") && !site.equals("none");
    }

    private static void redirect(HttpServletResponse response, String target) {
        response.setStatus(HttpServletResponse.SC_FOUND);
        response.setHeader(HttpHeaders.LOCATION, target);
    }
}
