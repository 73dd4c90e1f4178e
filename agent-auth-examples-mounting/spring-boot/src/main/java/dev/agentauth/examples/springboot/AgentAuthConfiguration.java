package dev.agentauth.examples.springboot;

import dev.agentauth.AgentAuth;
import dev.agentauth.servlet.AgentAuthServlet;
import dev.agentauth.servlet.BearerTokenFilter;
import dev.agentauth.servlet.Bucket4jRateLimiter;
import dev.agentauth.servlet.ClientAddress;
import dev.agentauth.spi.ClaimMailer;
import dev.agentauth.spi.UserDirectory;
import jakarta.servlet.DispatcherType;
import java.util.EnumSet;
import java.util.stream.Stream;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;

/** All that it takes to let agents in. */
@Configuration(proxyBeanMethods = false)
class AgentAuthConfiguration {

    // begin: SpringBeans
    @Bean
    AgentAuth agentAuth(@Value("${agent-auth.issuer}") String issuer, UserDirectory users, ClaimMailer mailer) {
        return AgentAuth.builder(issuer, issuer + "/api/")
                .serviceName("Example")
                .preClaimScopes("api.read")
                .postClaimScopes("api.read", "api.write")
                .users(users)
                .mailer(mailer)
                .rateLimiter(Bucket4jRateLimiter.create())
                .build();
    }

    @Bean
    ServletRegistrationBean<AgentAuthServlet> agentAuthServlet(AgentAuth auth, ClientAddress clients) {
        return new ServletRegistrationBean<>(
                AgentAuthServlet.builder(auth).clientAddress(clients).build(), AgentAuthServlet.mappings());
    }

    @Bean
    FilterRegistrationBean<BearerTokenFilter> bearerTokenFilter(AgentAuth auth) {
        FilterRegistrationBean<BearerTokenFilter> filter = new FilterRegistrationBean<>(BearerTokenFilter.builder(auth)
                .require("GET", "/api/*", "api.read")
                .require("POST", "/api/*", "api.write")
                .build());
        filter.addUrlPatterns("/api/*");
        filter.setDispatcherTypes(EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR));
        return filter; // its order is the last one: behind Spring Security
    }
    // end: SpringBeans

    // begin: SpringSecurity
    @Bean
    @Order(1)
    SecurityFilterChain agents(HttpSecurity http) throws Exception {
        String[] paths = {"/agent/**", "/oauth2/token", "/oauth2/revoke", "/.well-known/**", "/auth.md", "/api/**"};
        // As texts, Spring Security 6 would take them for paths of Spring MVC alone.
        return http.securityMatchers(matchers -> Stream.of(paths)
                        .map(PathPatternRequestMatcher.withDefaults()::matcher)
                        .forEach(matchers::requestMatchers))
                .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                .csrf(AbstractHttpConfigurer::disable) // no cookies here, so nothing to forge
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .build();
    }
    // end: SpringSecurity

    // begin: SpringProxies
    @Bean
    ClientAddress clientAddress(@Value("${agent-auth.trusted-proxies}") String[] proxies) {
        return proxies.length == 0 ? ClientAddress.ofConnection() : ClientAddress.fromXForwardedFor(proxies);
    }
    // end: SpringProxies
}
