package dev.agentauth.servlet;

import dev.agentauth.AuthenticatedAgent;
import dev.agentauth.BearerTokens;
import dev.agentauth.internal.wire.Door;
import dev.agentauth.servlet.internal.http.Answer;
import dev.agentauth.servlet.internal.http.CrossOrigin;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Guards a service's own API: lets a request through if its bearer token carries the scope that the path needs, and tells
 * the rest what to do (RFC 6750, RFC 9728).
 *
 * <p><b>Rules.</b> A rule names a method and either an exact path or, ending in {@code /*}, a path and all below it. Of
 * the rules for a request's method, an exact path goes before a prefix and a longer prefix before a shorter one; {@code
 * HEAD} is treated as {@code GET}. Paths are those within the web application, without its context path, as the container
 * decoded them. A path that even then holds {@code //}, a dot segment, {@code ;}, {@code %}, a backslash or a control
 * character is refused with 400, since not everybody would read it alike. Where there is no rule nothing gets through:
 * without a good token the answer is 401, with one 403.
 *
 * <p><b>What gets through</b> carries an {@link AgentPrincipal}, has the user (or, without one, the registration) as its
 * remote user, {@code Bearer} as its authentication type, the token's scopes as its roles, and the
 * {@link AuthenticatedAgent} as the attribute {@link #AGENT_ATTRIBUTE}. Where no token is needed, none is looked at, unless people
 * come there as well:
 *
 * <p><b>Agents and people at the same paths.</b> One that was begun by {@link #optional} judges tokens alone. A request with
 * none passes as if there were no filter, whatever its path, to whoever judges people behind it: <b>there must be somebody</b>, and
 * it is up to them to answer an agent that has no token yet (see {@link BearerChallenges#unauthenticated}). A token of ours is
 * judged by the rules, also where none is needed, and a bad one is refused even if there is a session as well: what gets through with an {@link
 * AgentPrincipal} is an agent's request, and nothing that its cookies say counts. Those of others are refused like bad ones, or left
 * to others by {@link Builder#leaveOtherTokens}.
 *
 * <p><b>Dispatches.</b> Register it for REQUEST, ASYNC and ERROR, with asynchronous support. A request that it has let
 * through keeps its principal in later asynchronous dispatches within the same rule, without being judged again; under any
 * other rule it is judged like a new one. Error pages are never refused. Forwards and includes, if it is registered for
 * them, are judged by the path that they go to. Afterwards the request has the principal that it had before. In place of an
 * include that is refused there is nothing: neither does the resource run, nor has an include a status to say so with. An
 * include by name has no path, and is refused.
 *
 * <p>Immutable and safe for use by many threads.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6750#section-2.1">RFC 6750, section 2.1</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6750#section-3">RFC 6750, section 3</a>
 * @since 0.2.0
 */
public final class BearerTokenFilter implements Filter {
    /** The request attribute under which the {@link AuthenticatedAgent} is found. */
    public static final String AGENT_ATTRIBUTE = "dev.agentauth.servlet.agent";

    private static final String ADMISSION_ATTRIBUTE = "dev.agentauth.servlet.admission";

    private final BearerJudge judge;
    private final BearerChallenges challenges;
    private final AccessRules rules;
    private final CrossOrigin origins;
    private final Others others;

    /** What becomes of a request that is not, or not visibly, an agent's. */
    private enum Others {
        REFUSED,
        PASSED_WITHOUT_TOKEN,
        PASSED_WITH_OTHER_TOKENS
    }

    private sealed interface Verdict {}

    /** Also kept as an attribute; of a type that nobody else can make, so that no other code's attribute passes for it. */
    private record Admission(BearerTokenFilter by, AccessRules.Rule rule, AgentPrincipal principal)
            implements Verdict {}

    private record Refused(BearerAnswer answer) implements Verdict {}

    private BearerTokenFilter(BearerTokens tokens, AccessRules rules, CrossOrigin origins, Others others) {
        this.judge = BearerJudge.of(tokens);
        this.challenges = judge.challenges();
        this.rules = rules;
        this.origins = origins;
        this.others = others;
    }

    /**
     * Begins a filter without any rules, behind which there are agents alone.
     *
     * @param tokens who knows the tokens: {@link dev.agentauth.AgentAuth}, or somebody who asks it
     * @return a builder
     */
    public static Builder builder(BearerTokens tokens) {
        return new Builder(tokens, false);
    }

    /**
     * Begins a filter without any rules that lets a request without a token pass, to whoever judges people. They must come
     * after it, and refuse whom they do not know.
     *
     * @param tokens who knows the tokens: {@link dev.agentauth.AgentAuth}, or somebody who asks it
     * @return a builder
     */
    public static Builder optional(BearerTokens tokens) {
        return new Builder(tokens, true);
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest http = (HttpServletRequest) request;
        switch (http.getDispatcherType()) {
            case REQUEST -> judge(http, (HttpServletResponse) response, chain, null);
            case ASYNC -> judge(http, (HttpServletResponse) response, chain, admission(http));
            case FORWARD, INCLUDE -> {
                Object admission = http.getAttribute(ADMISSION_ATTRIBUTE);
                Object agent = http.getAttribute(AGENT_ATTRIBUTE);
                try {
                    judge(http, (HttpServletResponse) response, chain, admission(http));
                } finally {
                    http.setAttribute(ADMISSION_ATTRIBUTE, admission);
                    http.setAttribute(AGENT_ATTRIBUTE, agent);
                }
            }
            case ERROR -> {
                Admission before = admission(http);
                if (before != null) {
                    openTo(response, before.rule());
                }
                chain.doFilter(before == null ? http : new AgentRequest(http, before.principal()), response);
            }
        }
    }

    /** Judges by the path that the request has been sent to, {@code before} being how it was let through until here. */
    private void judge(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain, @Nullable Admission before)
            throws IOException, ServletException {
        request.removeAttribute(ADMISSION_ATTRIBUTE);
        request.removeAttribute(AGENT_ATTRIBUTE);
        String path = path(request);
        boolean plain = AccessRules.isPlain(path);
        if (plain && isPreflight(request, path)) {
            CrossOrigin.preflight(rules.methods()).send(request, response);
            return;
        }
        BearerCredentials credentials = BearerCredentials.of(request);
        if (isOfOthers(credentials)) {
            chain.doFilter(request, response);
            return;
        }
        if (!plain) {
            refuse(
                    request,
                    response,
                    new Refused(challenges.malformed("The path is ambiguous. Send it in its plain form.")));
            return;
        }
        AccessRules.Rule rule = rules.find(request.getMethod(), path);
        if (rule != null) {
            openTo(response, rule);
        }
        // In an optional filter what is left here came with a token, and that decides who it is, even where nobody
        // needs one.
        boolean unjudged = rule != null && rule.isOpen() && others == Others.REFUSED;
        if (before != null && rule != null && (unjudged || isWithin(before, rule, request))) {
            admit(request, response, chain, before);
        } else if (unjudged) {
            chain.doFilter(request, response);
        } else {
            Verdict verdict = verdict(credentials, rule);
            if (verdict instanceof Refused refusal) {
                refuse(request, response, refusal);
            } else if (verdict instanceof Admission admission) {
                admit(request, response, chain, admission);
            }
        }
    }

    /** Whether it is for somebody else to judge. No rule of ours is for it, and what its answer says is no agent's to read. */
    private boolean isOfOthers(BearerCredentials credentials) {
        return switch (credentials.kind()) {
            case NONE -> others != Others.REFUSED;
            case FOREIGN -> others == Others.PASSED_WITH_OTHER_TOKENS;
            case OURS, UNREADABLE, SEVERAL -> false;
        };
    }

    /** Its answer may take longer than its token lasts. */
    private static boolean isWithin(Admission before, AccessRules.Rule rule, HttpServletRequest request) {
        return before.rule().equals(rule) && request.getDispatcherType() == DispatcherType.ASYNC;
    }

    private static void admit(
            HttpServletRequest request, ServletResponse response, FilterChain chain, Admission admission)
            throws IOException, ServletException {
        request.setAttribute(ADMISSION_ATTRIBUTE, admission);
        request.setAttribute(AGENT_ATTRIBUTE, admission.principal().agent());
        chain.doFilter(new AgentRequest(request, admission.principal()), response);
    }

    private void refuse(HttpServletRequest request, HttpServletResponse response, Refused refusal) throws IOException {
        // What an include writes would stand within somebody else's answer.
        if (request.getDispatcherType() != DispatcherType.INCLUDE) {
            Answer answer = refusal.answer().answer();
            (origins.opens(Door.RESOURCE) ? CrossOrigin.opened(answer) : answer).send(request, response);
        }
    }

    /**
     * Where no token is needed, something else may open what is there, such as a cookie: that is not ours to hand on. Nor is what has
     * no rule where it is people's.
     */
    private boolean isPreflight(HttpServletRequest request, String path) {
        if (!origins.opens(Door.RESOURCE)
                || request.getDispatcherType() != DispatcherType.REQUEST
                || !CrossOrigin.isPreflight(request)) {
            return false;
        }
        AccessRules.Rule announced = rules.find(CrossOrigin.announcedMethod(request), path);
        return announced == null ? others == Others.REFUSED : !announced.isOpen();
    }

    private void openTo(ServletResponse response, AccessRules.Rule rule) {
        if (origins.opens(Door.RESOURCE) && !rule.isOpen()) {
            CrossOrigin.open((HttpServletResponse) response);
        }
    }

    /**
     * Within the web application, as decoded. During an include the request's own methods still tell where it came from
     * (Servlet 6.0, section 9.3.1).
     */
    private static String path(HttpServletRequest request) {
        boolean included = request.getDispatcherType() == DispatcherType.INCLUDE;
        Object servletPath =
                included ? request.getAttribute(RequestDispatcher.INCLUDE_SERVLET_PATH) : request.getServletPath();
        Object pathInfo = included ? request.getAttribute(RequestDispatcher.INCLUDE_PATH_INFO) : request.getPathInfo();
        return Objects.toString(servletPath, "") + Objects.toString(pathInfo, "");
    }

    private Verdict verdict(BearerCredentials credentials, AccessRules.@Nullable Rule rule) {
        BearerVerdict verdict = judge.judge(credentials);
        if (verdict instanceof BearerVerdict.Agent good) {
            return admission(good.agent(), rule);
        }
        if (verdict instanceof BearerVerdict.Refused bad) {
            return new Refused(bad.answer());
        }
        return new Refused(
                verdict instanceof BearerVerdict.Absent ? challenges.unauthenticated() : challenges.invalidToken());
    }

    private Verdict admission(AuthenticatedAgent agent, AccessRules.@Nullable Rule rule) {
        if (rule == null) {
            return new Refused(challenges.closed());
        }
        String scope = rule.scope();
        return scope == null || agent.scopes().contains(scope)
                ? new Admission(this, rule, new AgentPrincipal(agent))
                : new Refused(challenges.insufficientScope(scope));
    }

    private @Nullable Admission admission(HttpServletRequest request) {
        return request.getAttribute(ADMISSION_ATTRIBUTE) instanceof Admission admission && admission.by() == this
                ? admission
                : null;
    }

    /** The request as the application sees it. */
    private static final class AgentRequest extends HttpServletRequestWrapper {
        private final AgentPrincipal principal;

        AgentRequest(HttpServletRequest request, AgentPrincipal principal) {
            super(request);
            this.principal = principal;
        }

        @Override
        public AgentPrincipal getUserPrincipal() {
            return principal;
        }

        @Override
        public String getRemoteUser() {
            return principal.getName();
        }

        @Override
        public String getAuthType() {
            return "Bearer";
        }

        @Override
        public boolean isUserInRole(String role) {
            return principal.agent().scopes().contains(role);
        }
    }

    /** Collects the rules of a {@link BearerTokenFilter}. */
    public static final class Builder {
        private final BearerTokens tokens;
        private final boolean optional;
        private final List<AccessRules.Rule> rules = new ArrayList<>();
        private boolean anyOrigin;
        private boolean otherTokensLeft;

        private Builder(BearerTokens tokens, boolean optional) {
            this.tokens = Objects.requireNonNull(tokens);
            this.optional = optional;
        }

        /**
         * Lets requests through whose token carries a scope.
         *
         * @param method an HTTP method in upper case; a rule for GET covers HEAD
         * @param pattern an exact path within the web application, or one ending in {@code /*} for it and all below it
         * @param scope a scope of the service
         * @return this builder
         */
        public Builder require(String method, String pattern, String scope) {
            rules.add(new AccessRules.Rule(method, pattern, Objects.requireNonNull(scope)));
            return this;
        }

        /**
         * Lets requests through without a token, and without looking at one. A filter begun by {@link BearerTokenFilter#optional} lets
         * those through anyway; there it means that any good token will do, whatever its scopes, and a bad one is refused as ever.
         *
         * @param method an HTTP method in upper case; a rule for GET covers HEAD
         * @param pattern an exact path within the web application, or one ending in {@code /*} for it and all below it
         * @return this builder
         */
        public Builder allowAnonymous(String method, String pattern) {
            rules.add(new AccessRules.Rule(method, pattern, null));
            return this;
        }

        /**
         * Lets scripts of any origin call what needs a token, for agents that run in browsers (CORS). A preflight ({@code
         * OPTIONS} with {@code Access-Control-Request-Method}) is answered here, without a token, and goes no further.
         * Paths that are open to everybody are left alone, since a cookie may open them; so are those without a rule by a filter begun
         * by {@link BearerTokenFilter#optional}. Credentials are never allowed.
         *
         * @param open false by default
         * @return this builder
         * @see AgentAuthServlet.Builder#allowAnyOrigin
         */
        public Builder allowAnyOrigin(boolean open) {
            this.anyOrigin = open;
            return this;
        }

        /**
         * Lets requests pass, too, whose bearer token does not look like one of ours: for whoever judges people and takes tokens
         * from them, such as JWTs of another issuer. None of ours is ever left to them, whatever has become of it.
         *
         * @param leave false by default: they are refused like bad ones. Only for a filter that was begun by {@link
         *     BearerTokenFilter#optional}
         * @return this builder
         */
        public Builder leaveOtherTokens(boolean leave) {
            this.otherTokensLeft = leave;
            return this;
        }

        /**
         * Builds the filter.
         *
         * @return ready to be mapped
         * @throws IllegalArgumentException naming a rule whose pattern or scope can never match, or that is there twice; or if
         *     other tokens are left to others by a filter that is not optional
         */
        public BearerTokenFilter build() {
            if (otherTokensLeft && !optional) {
                throw new IllegalArgumentException(
                        "leaveOtherTokens is for a filter that was begun by optional: behind this one nobody judges them");
            }
            return new BearerTokenFilter(
                    tokens,
                    new AccessRules(rules),
                    CrossOrigin.of(anyOrigin),
                    !optional
                            ? Others.REFUSED
                            : otherTokensLeft ? Others.PASSED_WITH_OTHER_TOKENS : Others.PASSED_WITHOUT_TOKEN);
        }
    }
}
