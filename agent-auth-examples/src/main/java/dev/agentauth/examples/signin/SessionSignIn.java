package dev.agentauth.examples.signin;

import dev.agentauth.Secret;
import dev.agentauth.servlet.SignIn;
import dev.agentauth.spi.User;
import dev.agentauth.spi.UserDirectory;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

// begin: SessionSignIn
/** Who is signed in, over plain servlet sessions. */
public final class SessionSignIn implements SignIn {
    static final String RETURN_TO = "return_to";
    private static final String USER = "user_id";

    private final UserDirectory users;
    private final String page;

    /** {@code page} is the path of the service's sign-in page. */
    public SessionSignIn(UserDirectory users, String page) {
        this.users = users;
        this.page = page;
    }

    @Override
    public Optional<SignedIn> signedIn(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        if (session == null || !(session.getAttribute(USER) instanceof String userId)) {
            return Optional.empty();
        }
        Secret secret = Secret.of(session.getId()); // another one after each sign-in, see below
        String account = users.findById(userId).flatMap(User::email).orElse(userId);
        return Optional.of(new SignedIn(userId, account, secret)); // the page refuses whom the directory does not know
    }

    @Override
    public String signInUrl(String returnTo) {
        return page + "?" + RETURN_TO + "=" + URLEncoder.encode(returnTo, StandardCharsets.UTF_8);
    }

    @Override
    public String changeAccountUrl(String returnTo) {
        return signInUrl(returnTo); // that page lets anybody sign in anew
    }

    /** What the service's sign-in page does once it knows who is there, and where it sends the browser then. */
    static String signIn(HttpServletRequest request, String userId, String returnTo) {
        HttpSession session = request.getSession();
        request.changeSessionId(); // or whoever knew the old id would be signed in, too
        session.setAttribute(USER, userId);
        return SignIn.isLocal(returnTo) ? returnTo : "/";
    }
}
// end: SessionSignIn
