package dev.agentauth.servlet.internal.http;

import dev.agentauth.internal.wire.Door;
import dev.agentauth.servlet.internal.http.Answer.Header;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;

/**
 * Which answers a browser hands to a script of another origin (B10; the CORS protocol of the Fetch standard). What is opened stands here alone. Never with
 * credentials: whatever a cookie opens stays closed, since browsers give no answer to {@code *} that cookies went along to.
 */
public enum CrossOrigin {
    /** None but the public documents, which are everybody's in any case. */
    NONE,
    /** Everything that a token, an assertion or nothing opens, to scripts of any origin. */
    ANY;

    private static final String REQUESTED_METHOD = "Access-Control-Request-Method";
    private static final String OPTIONS = "OPTIONS";

    private static final List<Header> OPEN = List.of(
            new Header("Access-Control-Allow-Origin", "*"),
            new Header("Access-Control-Expose-Headers", "WWW-Authenticate, Retry-After"));

    /** For how many seconds a browser need not ask again. */
    private static final String MAX_AGE = "600";

    /** The setting of a switch. */
    public static CrossOrigin of(boolean any) {
        return any ? ANY : NONE;
    }

    /** Whether the answers of a door are for scripts of other origins. */
    public boolean opens(Door door) {
        return this == ANY
                && switch (door) {
                    case REGISTER, CLAIM, CHALLENGE, REJECT, COMPLETE, TOKEN, REVOKE, RESOURCE -> true;
                    case PAGE, INTROSPECT, LOGOUT, EVENTS, DOCUMENT -> false;
                };
    }

    /** Whether this request asks, ahead of another one, whether that one may be sent. */
    public static boolean isPreflight(HttpServletRequest request) {
        return OPTIONS.equals(request.getMethod()) && request.getHeader(REQUESTED_METHOD) != null;
    }

    /** The method of the request that a preflight announces. */
    public static String announcedMethod(HttpServletRequest preflight) {
        return String.valueOf(preflight.getHeader(REQUESTED_METHOD));
    }

    /** The answer to a preflight. The methods are constants, separated by commas. */
    public static Answer preflight(String methods) {
        return opened(new Answer(204, List.of()))
                .with("Access-Control-Allow-Methods", methods)
                .with("Access-Control-Allow-Headers", "Authorization, Content-Type")
                .with("Access-Control-Max-Age", MAX_AGE);
    }

    /** The answer, for scripts of other origins as well. */
    public static Answer opened(Answer answer) {
        Answer opened = answer;
        for (Header header : OPEN) {
            opened = opened.with(header.name(), header.value());
        }
        return opened;
    }

    /** The same for an answer that somebody else will write. */
    public static void open(HttpServletResponse response) {
        OPEN.forEach(header -> response.setHeader(header.name(), header.value()));
    }
}
