package dev.agentauth.servlet;

import dev.agentauth.AgentAuth;
import dev.agentauth.AuthenticatedAgent;
import dev.agentauth.ErrorCode;
import dev.agentauth.servlet.internal.http.Answer;
import dev.agentauth.servlet.internal.http.JsonSurface;
import dev.agentauth.servlet.internal.http.Route;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
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
 * {@link AuthenticatedAgent} as the attribute {@link #AGENT_ATTRIBUTE}. Where no token is needed, none is looked at.
 *
 * <p><b>Dispatches.</b> Register it for REQUEST, ASYNC and ERROR, with asynchronous support. A request that it has let
 * through keeps its principal in later asynchronous and error dispatches without being judged again; error pages are
 * never refused. Forwards and includes, if it is registered for them, are judged like requests.
 *
 * <p>Immutable and safe for use by many threads.
 */
public final class BearerTokenFilter implements Filter {
    /** The request attribute under which the {@link AuthenticatedAgent} is found. */
    public static final String AGENT_ATTRIBUTE = "dev.agentauth.servlet.agent";

    private static final String ADMISSION_ATTRIBUTE = "dev.agentauth.servlet.admission";
    private static final String CHALLENGE = "WWW-Authenticate";

    private final AgentAuth auth;
    private final AccessRules rules;
    private final String resourceMetadata;

    private sealed interface Verdict {}

    /** Also kept as an attribute; of a type that nobody else can make, so that no other code's attribute passes for it. */
    private record Admission(BearerTokenFilter by, AgentPrincipal principal) implements Verdict {}

    private record Refusal(Answer answer) implements Verdict {}

    private BearerTokenFilter(AgentAuth auth, AccessRules rules) {
        this.auth = auth;
        this.rules = rules;
        this.resourceMetadata = "resource_metadata=\"" + auth.discovery().resourceMetadataUrl() + "\"";
    }

    /**
     * Begins a filter without any rules.
     *
     * @param auth who knows the tokens
     * @return a builder
     */
    public static Builder builder(AgentAuth auth) {
        return new Builder(auth);
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest http = (HttpServletRequest) request;
        DispatcherType dispatch = http.getDispatcherType();
        if (dispatch == DispatcherType.ASYNC || dispatch == DispatcherType.ERROR) {
            AgentPrincipal admitted = admitted(http);
            if (admitted != null) {
                chain.doFilter(new AgentRequest(http, admitted), response);
                return;
            }
            if (dispatch == DispatcherType.ERROR) {
                chain.doFilter(request, response);
                return;
            }
        }
        judge(http, (HttpServletResponse) response, chain);
    }

    private void judge(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        request.removeAttribute(ADMISSION_ATTRIBUTE);
        request.removeAttribute(AGENT_ATTRIBUTE);
        String pathInfo = request.getPathInfo();
        String path = pathInfo == null ? request.getServletPath() : request.getServletPath() + pathInfo;
        if (!AccessRules.isPlain(path)) {
            refusal(ErrorCode.INVALID_REQUEST, "The path is ambiguous. Send it in its plain form.")
                    .answer()
                    .send(request, response);
            return;
        }
        AccessRules.Rule rule = rules.find(request.getMethod(), path);
        if (rule != null && rule.isOpen()) {
            chain.doFilter(request, response);
            return;
        }
        Verdict verdict = verdict(request, rule);
        if (verdict instanceof Refusal refusal) {
            refusal.answer().send(request, response);
        } else if (verdict instanceof Admission admission) {
            request.setAttribute(ADMISSION_ATTRIBUTE, admission);
            request.setAttribute(AGENT_ATTRIBUTE, admission.principal().agent());
            chain.doFilter(new AgentRequest(request, admission.principal()), response);
        }
    }

    private Verdict verdict(HttpServletRequest request, AccessRules.@Nullable Rule rule) {
        Enumeration<String> headers = request.getHeaders("Authorization");
        String header = headers.hasMoreElements() ? headers.nextElement() : "";
        if (headers.hasMoreElements()) {
            return refusal(ErrorCode.INVALID_REQUEST, "Send one Authorization header.");
        }
        if (!BearerCredentials.isBearer(header)) {
            return unauthenticated();
        }
        String token = BearerCredentials.token(header);
        Optional<AuthenticatedAgent> agent;
        try {
            agent = token.isEmpty() ? Optional.empty() : auth.authenticate(token);
        } catch (RuntimeException e) {
            return new Refusal(Route.failure(JsonSurface.CREDENTIAL, e));
        }
        if (agent.isEmpty()) {
            return refusal(ErrorCode.INVALID_TOKEN, ErrorCode.INVALID_TOKEN.text());
        }
        if (rule == null) {
            return refusal(ErrorCode.INSUFFICIENT_SCOPE, "No scope of this service opens this path.");
        }
        String scope = rule.scope();
        if (scope != null && !agent.get().scopes().contains(scope)) {
            return insufficient(scope);
        }
        return new Admission(this, new AgentPrincipal(agent.get()));
    }

    private @Nullable AgentPrincipal admitted(HttpServletRequest request) {
        return request.getAttribute(ADMISSION_ATTRIBUTE) instanceof Admission admission && admission.by() == this
                ? admission.principal()
                : null;
    }

    /** Nothing was wrong with the request, so the challenge names no error (RFC 6750, section 3). */
    private Refusal unauthenticated() {
        ErrorCode code = ErrorCode.INVALID_TOKEN;
        return new Refusal(JsonSurface.CREDENTIAL
                .error(code.status(), code.code(), "Send an access token. How to obtain one: see resource_metadata.")
                .with(CHALLENGE, "Bearer " + resourceMetadata));
    }

    private Refusal insufficient(String scope) {
        ErrorCode code = ErrorCode.INSUFFICIENT_SCOPE;
        return new Refusal(JsonSurface.CREDENTIAL
                .error(code.status(), code.code(), code.text())
                .with(CHALLENGE, challenge(code) + ", scope=\"" + scope + "\""));
    }

    private Refusal refusal(ErrorCode code, String text) {
        return new Refusal(
                JsonSurface.CREDENTIAL.error(code.status(), code.code(), text).with(CHALLENGE, challenge(code)));
    }

    private String challenge(ErrorCode code) {
        return "Bearer error=\"" + code.code() + "\", " + resourceMetadata;
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
        private final AgentAuth auth;
        private final List<AccessRules.Rule> rules = new ArrayList<>();

        private Builder(AgentAuth auth) {
            this.auth = Objects.requireNonNull(auth);
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
         * Lets requests through without a token, and without looking at one.
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
         * Builds the filter.
         *
         * @return ready to be mapped
         * @throws IllegalArgumentException naming a rule whose pattern or scope can never match, or that is there twice
         */
        public BearerTokenFilter build() {
            return new BearerTokenFilter(auth, new AccessRules(rules));
        }
    }
}
