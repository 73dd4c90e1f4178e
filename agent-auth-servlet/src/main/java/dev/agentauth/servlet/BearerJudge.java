package dev.agentauth.servlet;

import dev.agentauth.AuthenticatedAgent;
import dev.agentauth.BearerTokens;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Objects;

/**
 * Reads the {@code Authorization} header and says whose token is in it: all of {@link BearerTokenFilter} but its rules, for
 * frameworks that have rules of their own.
 *
 * <p>Immutable and safe for use by many threads.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6750#section-2.1">RFC 6750, section 2.1</a>
 * @since 0.2.0
 */
public final class BearerJudge {
    private static final BearerVerdict ABSENT = new BearerVerdict.Absent();
    private static final BearerVerdict FOREIGN = new BearerVerdict.Foreign();

    private final BearerTokens tokens;
    private final BearerChallenges challenges;

    private BearerJudge(BearerTokens tokens) {
        this.tokens = Objects.requireNonNull(tokens);
        this.challenges = BearerChallenges.of(tokens);
    }

    /**
     * A judge who asks for each token.
     *
     * @param tokens who knows them
     * @return a judge
     */
    public static BearerJudge of(BearerTokens tokens) {
        return new BearerJudge(tokens);
    }

    /**
     * Judges a request.
     *
     * @param request only its {@code Authorization} header is looked at
     * @return the verdict; never an exception, unless the JVM itself is failing
     */
    public BearerVerdict judge(HttpServletRequest request) {
        return judge(BearerCredentials.of(request));
    }

    /**
     * Judges a request of any framework.
     *
     * @param authorization the values of all of its {@code Authorization} headers
     * @return the verdict; never an exception, unless the JVM itself is failing
     */
    public BearerVerdict judge(List<String> authorization) {
        return judge(BearerCredentials.of(authorization));
    }

    BearerVerdict judge(BearerCredentials credentials) {
        return switch (credentials.kind()) {
            case NONE -> ABSENT;
            case SEVERAL -> new BearerVerdict.Refused(challenges.malformed("Send one Authorization header."));
            case UNREADABLE -> new BearerVerdict.Refused(challenges.invalidToken());
            case FOREIGN -> FOREIGN;
            case OURS -> lookedUp(credentials.token());
        };
    }

    /**
     * What to answer where a verdict, or a rule, lets a request not through.
     *
     * @return the challenges that point at the same metadata
     */
    public BearerChallenges challenges() {
        return challenges;
    }

    private BearerVerdict lookedUp(String token) {
        try {
            AuthenticatedAgent agent = tokens.authenticate(token).orElse(null);
            return agent == null
                    ? new BearerVerdict.Refused(challenges.invalidToken())
                    : new BearerVerdict.Agent(agent);
        } catch (Throwable e) {
            return new BearerVerdict.Refused(challenges.failure(e));
        }
    }
}
