package dev.agentauth.spring.security;

import dev.agentauth.AgentAuth;
import dev.agentauth.BearerTokens;
import dev.agentauth.Discovery;
import dev.agentauth.servlet.BearerJudge;
import dev.agentauth.spring.AgentAuthProperties;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.context.ApplicationContext;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authorization.AuthorizationManagerFactory;
import org.springframework.security.authorization.DefaultAuthorizationManagerFactory;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.CsrfConfigurer;
import org.springframework.security.config.annotation.web.configurers.LogoutConfigurer;
import org.springframework.security.core.context.SecurityContextHolderStrategy;
import org.springframework.security.web.access.ExceptionTranslationFilter;
import org.springframework.security.web.authentication.logout.LogoutHandler;
import org.springframework.security.web.authentication.logout.SecurityContextLogoutHandler;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;

/**
 * Lets agents in beside people: {@code http.with(agentAuth(), withDefaults())} on the chain on which people sign in.
 *
 * <p><b>A request with an access token is an agent's</b>: an {@link AgentAuthentication} is in the {@code SecurityContext}, in
 * later asynchronous and error dispatches too, so that {@code authorizeHttpRequests}, {@code @PreAuthorize} and
 * {@code @AuthenticationPrincipal AgentPrincipal} work. Its cookies mean nothing: no session is read or made for it, and no CSRF
 * token is asked for; and its token is not seen by whatever comes behind. One without a token is a person's, as if there were no
 * agents; but where agents may go, none is asked for a CSRF token that has neither a cookie nor anything else that browsers send
 * with a form.
 *
 * <p><b>Where agents may go:</b> to the paths of the resource that their tokens are for ({@code agent-auth.resource}), or to those
 * that {@link #paths} names; elsewhere the answer is 403. There, what the service asks for decides, a scope being the authority
 * {@code SCOPE_…}: <b>{@code authenticated()} alone lets in every agent that has a token</b>.
 *
 * <p><b>What agents are answered</b> is what {@link dev.agentauth.servlet.BearerTokenFilter} answers: 401 and 403 with a challenge,
 * 503 with {@code Retry-After}, and JSON. Whoever comes to such a path without a token and without a session, and does not ask
 * for a page, gets the 401 that tells how to obtain a token; browsers get the login.
 *
 * @since 0.2.0
 */
public final class AgentAuthConfigurer extends AbstractHttpConfigurer<AgentAuthConfigurer, HttpSecurity> {
    private final List<String> paths = new ArrayList<>();
    private boolean leaveOtherTokens;

    private AgentAuthConfigurer() {}

    /**
     * Begins with the defaults.
     *
     * @return to be given to {@link HttpSecurity#with}
     */
    public static AgentAuthConfigurer agentAuth() {
        return new AgentAuthConfigurer();
    }

    /**
     * Where agents may go, instead of to the paths of the resource.
     *
     * @param patterns paths within the web application, such as {@code /api/**}
     * @return this configurer
     */
    public AgentAuthConfigurer paths(String... patterns) {
        paths.addAll(List.of(patterns));
        return this;
    }

    /**
     * Leaves bearer tokens that are not ours, such as JWTs of another issuer, to whatever else on the chain knows them. Otherwise
     * they are refused like bad ones.
     *
     * @return this configurer
     */
    public AgentAuthConfigurer leaveOtherTokens() {
        this.leaveOtherTokens = true;
        return this;
    }

    @Override
    @SuppressWarnings("unchecked")
    public void init(HttpSecurity http) {
        CsrfConfigurer<HttpSecurity> csrf = http.getConfigurer(CsrfConfigurer.class);
        if (csrf != null) {
            SecurityContextHolderStrategy contexts = getSecurityContextHolderStrategy();
            RequestMatcher open = open(auth(http).discovery());
            CsrfConfigurer<HttpSecurity> unused = csrf.ignoringRequestMatchers(
                    request -> contexts.getContext().getAuthentication() instanceof AgentAuthentication,
                    request -> isFromNoBrowser(request) && open.matches(request));
        }
    }

    /** So that an agent that posts without a token is told how to obtain one, and not that a form was forged. */
    private static boolean isFromNoBrowser(HttpServletRequest request) {
        return Stream.of(HttpHeaders.COOKIE, HttpHeaders.ORIGIN, HttpHeaders.REFERER, "Sec-Fetch-Site")
                .allMatch(name -> request.getHeader(name) == null);
    }

    private static AgentAuth auth(HttpSecurity http) {
        return http.getSharedObject(ApplicationContext.class).getBean(AgentAuth.class);
    }

    @Override
    public void configure(HttpSecurity http) {
        ApplicationContext beans = http.getSharedObject(ApplicationContext.class);
        AgentAuth auth = auth(http);
        SecurityContextHolderStrategy contexts = getSecurityContextHolderStrategy();
        RequestMatcher open = open(auth.discovery());
        BearerJudge judge =
                BearerJudge.of(beans.getBeanProvider(BearerTokens.class).getIfUnique(() -> auth));
        AgentAuthProperties properties = beans.getBean(AgentAuthProperties.class);
        if (properties.allowAnyOrigin()) {
            http.addFilterBefore(new AnyOriginFilter(open), CsrfFilter.class);
        }
        http.addFilterBefore(new AgentFilter(judge, open, leaveOtherTokens, contexts), CsrfFilter.class);
        http.addFilterAfter(
                new AgentDenialFilter(judge.challenges(), open, contexts), ExceptionTranslationFilter.class);
        SpringSecuritySignIn signIn =
                beans.getBeanProvider(SpringSecuritySignIn.class).getIfAvailable();
        if (signIn != null && (auth.signsIn() || properties.yourAgents())) {
            http.addFilterAfter(
                    new SignInFilter(signIn, factory(beans).authenticated(), logout(http), contexts),
                    ExceptionTranslationFilter.class);
        }
    }

    private RequestMatcher open(Discovery discovery) {
        List<String> patterns = paths.isEmpty() ? List.of(belowResource(discovery)) : paths;
        PathPatternRequestMatcher.Builder matchers = PathPatternRequestMatcher.withDefaults();
        return new OrRequestMatcher(patterns.stream().map(matchers::matcher).toArray(RequestMatcher[]::new));
    }

    /** Within the web application: whatever stands before the protocol's own paths stands before these, too. */
    private static String belowResource(Discovery discovery) {
        String base = URI.create(discovery.base()).getPath();
        String path = URI.create(discovery.resource()).getPath();
        String within = path.startsWith(base + "/") ? path.substring(base.length()) : path.equals(base) ? "" : path;
        return (within.endsWith("/") ? within.substring(0, within.length() - 1) : within) + "/**";
    }

    @SuppressWarnings("unchecked")
    static AuthorizationManagerFactory<HttpServletRequest> factory(ApplicationContext beans) {
        AuthorizationManagerFactory<?> ofService =
                beans.getBeanProvider(AuthorizationManagerFactory.class).getIfUnique();
        return ofService == null
                ? new DefaultAuthorizationManagerFactory<>()
                : (AuthorizationManagerFactory<HttpServletRequest>) ofService;
    }

    @SuppressWarnings("unchecked")
    private static List<LogoutHandler> logout(HttpSecurity http) {
        LogoutConfigurer<HttpSecurity> ofService = http.getConfigurer(LogoutConfigurer.class);
        List<LogoutHandler> handlers = new ArrayList<>(ofService == null ? List.of() : ofService.getLogoutHandlers());
        handlers.add(new SecurityContextLogoutHandler());
        return handlers;
    }
}
