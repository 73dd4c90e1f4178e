package dev.agentauth.internal.wire;

import java.util.List;

/** Where everything is, below the base URL. */
public final class Paths {
    /** Registering (A3). */
    public static final String IDENTITY = "/agent/identity";

    /** Having a person asked (A4), and the parent of the rest of the ceremony. */
    public static final String CLAIM = IDENTITY + "/claim";

    /** Showing the code, for a service's own claim page. */
    public static final String CHALLENGE = CLAIM + "/attempt/challenge";

    /** Saying no, for a service's own claim page. */
    public static final String REJECT = CLAIM + "/attempt/reject";

    /** Bringing the code. */
    public static final String COMPLETE = CLAIM + "/complete";

    /** The page behind a mailed link, and the parent of its files. */
    public static final String VIEW = CLAIM + "/view";

    /** What the agent is told to show to the person where a link is mailed: that it is on its way. It knows nothing. */
    public static final String MAIL = CLAIM + "/mail";

    /** Where the page's form posts that shows the code. */
    public static final String VIEW_REVEAL = VIEW + "/reveal";

    /** Where the page's form posts with the code that was typed. */
    public static final String VIEW_TYPE = VIEW + "/type";

    /** Where the page's form posts that says no. */
    public static final String VIEW_REJECT = VIEW + "/reject";

    /** Where people see which agents act for them. Not of the protocol. */
    public static final String YOURS = "/agent/yours";

    /** Where the form of that page posts that gives an agent a name. */
    public static final String YOURS_NAME = YOURS + "/name";

    /** Where the form of that page posts that ends an agent; and the page that asks whether it should. */
    public static final String YOURS_END = YOURS + "/end";

    /** The parameter, and the field of those forms, that says which agent. */
    public static final String YOURS_AGENT = "agent";

    /** The field with the name. */
    public static final String YOURS_LABEL = "name";

    /** The parameter that says which agent has just been ended. */
    public static final String YOURS_ENDED = "ended";

    /** Exchanging an assertion (A5). */
    public static final String TOKEN = "/oauth2/token";

    /** Revoking an access token (A6). */
    public static final String REVOKE = "/oauth2/revoke";

    /** Asking what a token stands for (RFC 7662), for the service's other processes. */
    public static final String INTROSPECT = "/oauth2/introspect";

    /** Where providers say that it is over (A7). */
    public static final String LOGOUT = "/agent/auth/revoke";

    /** Where providers push security events (RFC 8935). */
    public static final String EVENTS = "/agent/event/notify";

    /** What an agent reads. */
    public static final String AUTH_MD = "/auth.md";

    /** The keys (RFC 7517). */
    public static final String JWKS = "/.well-known/jwks.json";

    /** The authorization server's metadata (RFC 8414); see {@link WellKnown} for its other places. */
    public static final String AUTHORIZATION_SERVER = "/.well-known/oauth-authorization-server";

    /** The protected resource's metadata (RFC 9728); see {@link WellKnown} for its other places. */
    public static final String PROTECTED_RESOURCE = "/.well-known/oauth-protected-resource";

    /** The parameter of the link, and of the page's forms, that carries the attempt token. */
    public static final String LINK_TOKEN = "token";

    /** The field of the page's forms that binds them to a session, under sign-in. */
    public static final String FORM_BOND = "session_token";

    private Paths() {}

    /** All of it as servlets are mapped, and nothing beside it that may be the service's own. */
    public static List<String> mappings() {
        return List.of(
                "/agent/*",
                TOKEN,
                REVOKE,
                INTROSPECT,
                AUTHORIZATION_SERVER + "/*",
                PROTECTED_RESOURCE + "/*",
                JWKS,
                AUTH_MD);
    }

    /** The link that is mailed. */
    public static String link(String base, String attemptToken) {
        return base + VIEW + "?" + LINK_TOKEN + "=" + attemptToken;
    }
}
