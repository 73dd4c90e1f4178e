package dev.agentauth.spring.security;

import dev.agentauth.Secret;
import dev.agentauth.servlet.SignIn;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.context.SecurityContextRepository;

/**
 * Whoever has signed in by Spring Security's login, whichever that is: with all the factors that the service asks for. Never an
 * agent. {@link AgentAuthConfigurer} answers its two URLs, so it has to be on the chain of the people.
 *
 * @since 0.2.0
 */
public final class SpringSecuritySignIn implements SignIn {
    private final SecurityContextRepository sessions;
    private final UserIds userIds;
    private final AuthorizationManager<HttpServletRequest> signedIn;
    private final String root;

    /**
     * A sign-in over the sessions of people.
     *
     * @param sessions where the login keeps who has signed in
     * @param userIds who that is
     * @param signedIn whether that is enough, as for any page of the service
     * @param root what comes before the paths of the service, as browsers see them; empty, or a path without a slash at its end
     */
    public SpringSecuritySignIn(
            SecurityContextRepository sessions,
            UserIds userIds,
            AuthorizationManager<HttpServletRequest> signedIn,
            String root) {
        this.sessions = sessions;
        this.userIds = userIds;
        this.signedIn = signedIn;
        this.root = root;
    }

    @Override
    public Optional<SignedIn> signedIn(HttpServletRequest request) {
        // The claim page is in no chain of Spring Security, so nobody has looked at the session yet.
        HttpSession session = request.getSession(false);
        if (session == null) {
            return Optional.empty();
        }
        Authentication person = sessions.loadDeferredContext(request).get().getAuthentication();
        if (person == null || !isSignedIn(person, request)) {
            return Optional.empty();
        }
        // Spring Security makes a new id at each sign-in. Who may sign in and is no user is told so by the page.
        return Optional.of(new SignedIn(userIds.of(person).orElse(""), person.getName(), Secret.of(session.getId())));
    }

    private boolean isSignedIn(Authentication person, HttpServletRequest request) {
        AuthorizationResult result = signedIn.authorize(() -> person, request);
        return !(person instanceof AgentAuthentication)
                && person.isAuthenticated()
                && result != null
                && result.isGranted();
    }

    @Override
    public String signInUrl(String returnTo) {
        return url(SignInFilter.SIGN_IN, returnTo);
    }

    @Override
    public String changeAccountUrl(String returnTo) {
        return url(SignInFilter.CHANGE_ACCOUNT, returnTo);
    }

    /** Where somebody goes whose target is no path of this host. */
    String home() {
        return root + "/";
    }

    /** As browsers see it. */
    private String url(String path, String returnTo) {
        return root + path + "?" + SignInFilter.RETURN_TO + "=" + URLEncoder.encode(returnTo, StandardCharsets.UTF_8);
    }
}
