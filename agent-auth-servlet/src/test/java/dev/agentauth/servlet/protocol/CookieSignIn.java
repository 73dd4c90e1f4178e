package dev.agentauth.servlet.protocol;

import dev.agentauth.Secret;
import dev.agentauth.servlet.SignIn;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** A service's own sign-in, with one cookie a session. */
final class CookieSignIn implements SignIn {
    private final Map<String, SignedIn> sessions = new ConcurrentHashMap<>();

    /** Signs somebody in. */
    Session signIn(String userId) {
        Session session = new Session("ses-" + UUID.randomUUID());
        signIn(session, userId);
        return session;
    }

    /** Signs somebody in where somebody is signed in already. A careless service: its session keeps its id. */
    void signIn(Session session, String userId) {
        Secret secret = Secret.of("secret-" + UUID.randomUUID());
        Secrets.note(secret.reveal());
        sessions.put(session.id(), new SignedIn(userId, "account of " + userId, secret));
    }

    /** A browser's session. */
    record Session(String id) {
        String[] cookie() {
            return new String[] {"Cookie", "session=" + id};
        }
    }

    @Override
    public Optional<SignedIn> signedIn(HttpServletRequest request) {
        Cookie[] cookies = request.getCookies();
        return cookies == null
                ? Optional.empty()
                : Arrays.stream(cookies)
                        .filter(cookie -> cookie.getName().equals("session"))
                        .map(cookie -> sessions.get(cookie.getValue()))
                        .filter(signedIn -> signedIn != null)
                        .findFirst();
    }

    @Override
    public String signInUrl(String returnTo) {
        return "/sign-in?return_to=" + Client.encode(returnTo);
    }

    @Override
    public String changeAccountUrl(String returnTo) {
        return "/change-account?return_to=" + Client.encode(returnTo);
    }
}
