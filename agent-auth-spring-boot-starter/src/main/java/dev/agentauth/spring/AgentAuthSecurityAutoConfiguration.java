package dev.agentauth.spring;

import dev.agentauth.AgentAuth;
import dev.agentauth.servlet.AgentAuthServlet;
import dev.agentauth.servlet.SignIn;
import dev.agentauth.spi.User;
import dev.agentauth.spi.UserDirectory;
import dev.agentauth.spring.AgentAuthProperties.NameIs;
import dev.agentauth.spring.security.AgentAuthentication;
import dev.agentauth.spring.security.SpringSecuritySignIn;
import dev.agentauth.spring.security.UserIds;
import jakarta.servlet.http.HttpSession;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.authorization.AuthorizationManagerFactory;
import org.springframework.security.authorization.DefaultAuthorizationManagerFactory;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.session.SessionInformation;
import org.springframework.security.core.session.SessionRegistry;
import org.springframework.security.web.DefaultSecurityFilterChain;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;
import org.springframework.security.web.context.SecurityContextRepository;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;

/**
 * What Spring Security needs: a way for the protocol's own endpoints, and people's login for the claim page. It comes after
 * Spring Boot's own default chain, which would step back from a chain that is there already, and leave the service open. Before
 * Spring Boot 4, where that default has another name, there is nothing of this.
 */
@AutoConfiguration(
        before = AgentAuthServletAutoConfiguration.class,
        after = AgentAuthAutoConfiguration.class,
        afterName = "org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration")
@ConditionalOnClass({HttpSecurity.class, SecurityFilterChain.class, AuthorizationManagerFactory.class})
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
class AgentAuthSecurityAutoConfiguration {

    /**
     * No filter at all: the servlet refuses for itself, has its own headers and its own protection of its forms, which it reads
     * itself, and uses no session. It is for the paths that the servlet is mapped to and no others; a mapping to everything, to
     * what is left over, or by the end of a name leaves room for pages of the service, and is for its own chains.
     */
    @Bean
    @ConditionalOnMissingBean(name = "agentAuthProtocolChain")
    @Order(Ordered.HIGHEST_PRECEDENCE)
    SecurityFilterChain agentAuthProtocolChain(ObjectProvider<ServletRegistrationBean<AgentAuthServlet>> servlets) {
        PathPatternRequestMatcher.Builder paths = PathPatternRequestMatcher.withDefaults();
        List<RequestMatcher> matchers = servlets.stream()
                .filter(ServletRegistrationBean::isEnabled)
                .flatMap(servlet -> servlet.getUrlMappings().stream())
                .flatMap(mapping -> pattern(mapping).stream())
                .<RequestMatcher>map(paths::matcher)
                .toList();
        return new DefaultSecurityFilterChain(
                matchers.isEmpty() ? request -> false : new OrRequestMatcher(matchers), List.of());
    }

    /** A mapping as Spring matches paths; empty for one without a path of its own. */
    private static Optional<String> pattern(String mapping) {
        if (mapping.length() < 2 || !mapping.startsWith("/") || mapping.equals("/*")) {
            return Optional.empty();
        }
        return Optional.of(mapping.endsWith("/*") ? mapping + "*" : mapping);
    }

    @Bean
    @ConditionalOnMissingBean
    UserIds agentAuthUserIds(AgentAuthProperties properties, ObjectProvider<UserDirectory> users) {
        boolean byId = properties.signIn().nameIs() == NameIs.ID;
        return who -> {
            if (who instanceof AgentAuthentication agent) {
                return agent.getPrincipal().agent().userId();
            }
            return byId ? Optional.of(who.getName()) : byAddress(users.getObject(), who);
        };
    }

    /** For the claim page, if people confirm by signing in, and for the page of their agents. */
    @Bean
    @ConditionalOnMissingBean(SignIn.class)
    SpringSecuritySignIn agentAuthSignIn(
            AgentAuth auth,
            UserIds userIds,
            ObjectProvider<SecurityContextRepository> sessions,
            ObjectProvider<SessionRegistry> registry,
            ObjectProvider<AuthorizationManagerFactory<Object>> factory) {
        AuthorizationManager<Object> signedIn =
                factory.getIfUnique(DefaultAuthorizationManagerFactory::new).authenticated();
        return new SpringSecuritySignIn(
                sessions.getIfUnique(HttpSessionSecurityContextRepository::new),
                userIds,
                (who, request) -> isExpired(request.getSession(false), registry.getIfUnique())
                        ? new AuthorizationDecision(false)
                        : signedIn.authorize(who, request),
                URI.create(auth.discovery().base()).getRawPath());
    }

    /** By the service, or by a later login; the filter that would see to it does not stand before the claim page. */
    private static boolean isExpired(@Nullable HttpSession session, @Nullable SessionRegistry registry) {
        SessionInformation known =
                session == null || registry == null ? null : registry.getSessionInformation(session.getId());
        return known != null && known.isExpired();
    }

    private static Optional<String> byAddress(UserDirectory users, Authentication who) {
        String address = who.getName();
        boolean ascii = address.chars().allMatch(c -> c < 0x80);
        return ascii
                ? users.findByVerifiedEmail(address.toLowerCase(Locale.ROOT)).map(User::id)
                : Optional.empty();
    }
}
