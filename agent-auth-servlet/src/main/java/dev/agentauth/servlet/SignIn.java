package dev.agentauth.servlet;

import dev.agentauth.Secret;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;
import java.util.Optional;

/**
 * The service's own sign-in: for the page on which people see their agents ({@link
 * AgentAuthServlet.Builder#yourAgents}), and where that is how a person is known to the claim page ({@link
 * dev.agentauth.AgentAuthBuilder#signIn}): nothing is mailed then, the agent hands the link over, and whoever opens it has to
 * be signed in as the one who is asked.
 *
 * <p>What an implementation guarantees:
 *
 * <ul>
 *   <li><b>Who.</b> {@link #signedIn} names whoever has signed in to this service itself, in the session that the request
 *       belongs to, and nobody else: not whom a header names, not whom a token of another kind is for.
 *   <li><b>The secret</b> is random, at least 128 bits, the same for as long as one person stays signed in, and known to
 *       nobody else: never in a page or a log. Signing in, and signing in as somebody else, makes a new one, as it makes a new
 *       session id (session fixation), which will do for a secret. With it the page's forms are bound to the session.
 *   <li><b>The way back.</b> Both URLs lead back to their target after signing in. A target is always a path of this
 *       host, mostly with a query. A sign-in page that takes it from its own query must not send people elsewhere, whatever it is
 *       given: {@link #isLocal} tells.
 *   <li><b>Addresses.</b> Signing in proves no address to this library. A service that proves one by itself, by a link that it
 *       mails at sign-up, for example, says so: {@link dev.agentauth.AgentAuth#addressProved}. Until then, a user who was made
 *       on a provider's word cannot answer for that address.
 * </ul>
 *
 * <p>Asked for every page and every press of a button, so it should be as cheap as reading the session is. It makes no
 * session. Where its backend is away it throws {@link dev.agentauth.spi.PortUnavailableException}; whatever else it throws,
 * and null, is treated alike: 503, and nothing was done. Implementations are called by many threads at once.
 *
 * @since 0.2.0
 */
public interface SignIn {

    /**
     * Who is signed in.
     *
     * @param request to one of the pages
     * @return empty if nobody is
     */
    Optional<SignedIn> signedIn(HttpServletRequest request);

    /**
     * Where to send somebody who is not signed in.
     *
     * @param returnTo where to come back to: a path of this host, mostly with a query
     * @return a URL, best a path of this host, with the target encoded into it. From another host people come back just as
     *     well, but a button that they press after their session has ended leads nowhere: the page's policy lets its forms go
     *     to this host alone
     */
    String signInUrl(String returnTo);

    /**
     * Where to send somebody who is signed in as the wrong one.
     *
     * @param returnTo where to come back to: a path of this host, mostly with a query
     * @return a URL, best a path of this host, with the target encoded into it
     */
    String changeAccountUrl(String returnTo);

    /**
     * Somebody who is signed in.
     *
     * @param userId the service's own id, as in {@link dev.agentauth.spi.UserDirectory}; somebody who has signed in and is not
     *     in there gets a page that says so, whatever stands here
     * @param account the account as the person knows it, a name or an address: shown to that person alone
     * @param sessionSecret see {@link SignIn}; 16 characters at least
     */
    record SignedIn(String userId, String account, Secret sessionSecret) {

        private static final int LEAST_SECRET = 16;

        /** Checks that nothing is missing. */
        public SignedIn {
            Objects.requireNonNull(userId);
            Objects.requireNonNull(account);
            if (sessionSecret.reveal().length() < LEAST_SECRET) {
                throw new IllegalArgumentException("a session's secret has 128 bits at least");
            }
        }

        /** Never shows the account. */
        @Override
        public String toString() {
            return "SignedIn[" + userId + "]";
        }
    }

    /**
     * Whether a target leads nowhere but to this host: for sign-in pages that take it from their own query.
     *
     * @param target what is given
     * @return true for a plain path from the root, with whatever query: no part of it is empty or a dot or two, since
     *     containers that tidy a path up before they send it can make another host of those
     */
    static boolean isLocal(String target) {
        return LocalTarget.isOne(target);
    }
}
