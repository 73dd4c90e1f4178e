package dev.agentauth.spring.security;

import static dev.agentauth.spring.security.AgentAuthConfigurer.agentAuth;

import dev.agentauth.AgentAuth;
import dev.agentauth.Caller;
import dev.agentauth.memory.InMemoryStores;
import dev.agentauth.memory.InMemoryUserDirectory;
import dev.agentauth.servlet.AgentPrincipal;
import dev.agentauth.servlet.BearerTokenFilter;
import dev.agentauth.spi.ClaimMail;
import dev.agentauth.spi.ClaimMailer;
import dev.agentauth.spi.PortUnavailableException;
import dev.agentauth.spi.Stores;
import dev.agentauth.spi.UserDirectory;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletListenerRegistrationBean;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpMethod;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** A service on a free port, whose people log in by a form. */
final class TestService implements AutoCloseable {
    final String issuer;
    private final ConfigurableApplicationContext context;

    private TestService(String issuer, ConfigurableApplicationContext context) {
        this.issuer = issuer;
        this.context = context;
    }

    static TestService start(Class<?> configuration, String... properties) {
        int port = freePort();
        String issuer = "http://localhost:" + port;
        List<String> all = new ArrayList<>(List.of(
                "server.port=" + port,
                "agent-auth.issuer=" + issuer,
                "agent-auth.name=Example",
                "agent-auth.scopes.pre-claim=api.read",
                "agent-auth.scopes.post-claim=api.read,api.write",
                "agent-auth.limits.enabled=false",
                "spring.autoconfigure.exclude=org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
                "spring.main.banner-mode=off",
                "logging.level.root=warn",
                "logging.level.dev.agentauth.audit=off"));
        all.addAll(List.of(properties));
        return new TestService(
                issuer,
                new SpringApplicationBuilder(configuration)
                        .properties(all.toArray(String[]::new))
                        .run());
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /** Of an anonymous agent, which may read. */
    String token() {
        AgentAuth auth = bean(AgentAuth.class);
        String assertion =
                auth.registerAnonymous(Caller.unknown()).assertion().value().reveal();
        return auth.exchange(Caller.unknown(), assertion, null, List.of())
                .value()
                .reveal();
    }

    Browser browser() {
        return new Browser(issuer);
    }

    @Override
    public void close() {
        context.close();
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Agents and people at the same paths; everything wants somebody. */
    @Configuration(proxyBeanMethods = false)
    @EnableMethodSecurity
    @Import({Parts.class, Controllers.class})
    static class Shared {
        @Bean
        SecurityFilterChain people(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.requestMatchers(HttpMethod.PUT, "/api/thing")
                            .hasAnyAuthority("ROLE_USER", "SCOPE_api.write")
                            .anyRequest()
                            .authenticated())
                    .formLogin(Customizer.withDefaults())
                    .with(agentAuth(), Customizer.withDefaults())
                    .build();
        }
    }

    /** What every service here has. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Parts {
        final List<ClaimMail> mails = Collections.synchronizedList(new ArrayList<>());
        final AtomicInteger sessions = new AtomicInteger();

        @Bean
        UserDetailsService logins() {
            return new InMemoryUserDetailsManager(person("ada@example.com"), person("bob@example.com"));
        }

        private static UserDetails person(String name) {
            return User.withUsername(name)
                    .password("{noop}secret")
                    .roles("USER")
                    .build();
        }

        @Bean
        UserDirectory users() {
            return new InMemoryUserDirectory()
                    .add(dev.agentauth.spi.User.of("ada", "ada@example.com"))
                    .add(dev.agentauth.spi.User.of("bob", "bob@example.com"));
        }

        @Bean
        ClaimMailer mailer() {
            return mails::add;
        }

        @Bean
        ServletListenerRegistrationBean<HttpSessionListener> sessionCounter() {
            return new ServletListenerRegistrationBean<>(new HttpSessionListener() {
                @Override
                public void sessionCreated(HttpSessionEvent event) {
                    sessions.incrementAndGet();
                }
            });
        }

        @Bean
        Switch outage() {
            return new Switch();
        }

        /** Can be taken away. */
        @Bean
        Stores stores(Environment environment, Switch outage) {
            Stores real = InMemoryStores.of(environment.getRequiredProperty("agent-auth.issuer"));
            return (Stores) Proxy.newProxyInstance(
                    Stores.class.getClassLoader(), new Class<?>[] {Stores.class}, (proxy, method, arguments) -> {
                        if (outage.isOn && method.getName().equals("findTokenWithRegistration")) {
                            throw new PortUnavailableException("away", null);
                        }
                        try {
                            return method.invoke(real, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }

        /** What the answers are compared with: the filter alone, before Spring Security. */
        @Bean
        FilterRegistrationBean<BearerTokenFilter> plainFilter(AgentAuth auth) {
            FilterRegistrationBean<BearerTokenFilter> plain =
                    new FilterRegistrationBean<>(BearerTokenFilter.builder(auth)
                            .require("GET", "/plain/thing", "api.read")
                            .require("POST", "/plain/thing", "api.write")
                            .build());
            plain.addUrlPatterns("/plain/*");
            plain.setOrder(Ordered.HIGHEST_PRECEDENCE);
            return plain;
        }
    }

    static final class Switch {
        volatile boolean isOn;
    }

    /** The service's own code, which knows people and agents by Spring Security alone. */
    @RestController
    static class Controllers implements ErrorController {
        @GetMapping("/api/thing")
        @PreAuthorize("hasAnyAuthority('ROLE_USER', 'SCOPE_api.read')")
        String read(Authentication who, @AuthenticationPrincipal @Nullable AgentPrincipal agent) {
            return who.getName() + " "
                    + new TreeSet<>(who.getAuthorities().stream()
                            .map(GrantedAuthority::getAuthority)
                            .filter(authority -> !authority.startsWith("FACTOR"))
                            .toList())
                    + " " + (agent == null ? "person" : agent.agent().registrationId());
        }

        @PostMapping("/api/thing")
        @PreAuthorize("hasAnyAuthority('ROLE_USER', 'SCOPE_api.write')")
        String write(Authentication who) {
            return who.getName();
        }

        @PostMapping("/api/note")
        @PreAuthorize("hasAnyAuthority('ROLE_USER', 'SCOPE_api.read')")
        String note(Authentication who) {
            return who.getName();
        }

        @GetMapping("/api/people")
        @PreAuthorize("hasRole('USER')")
        String people() {
            return "people only";
        }

        @GetMapping("/api/callable")
        Callable<String> callable(HttpServletRequest request) {
            return () -> SecurityContextHolder.getContext().getAuthentication().getName() + " "
                    + request.getUserPrincipal().getName();
        }

        @GetMapping("/api/fails")
        String fails() {
            throw new IllegalStateException("on purpose");
        }

        @GetMapping("/api/session")
        String session(HttpSession session) {
            session.setAttribute("seen", "yes");
            return session.isNew() + " " + session.getAttribute("of");
        }

        @GetMapping("/api/my-session")
        String mySession(HttpSession session) {
            session.setAttribute("of", "a person");
            return session.getId();
        }

        @GetMapping("/account")
        String account(Authentication who, CsrfToken csrf) {
            return who.getName() + " " + csrf.getToken();
        }

        @RequestMapping("/error")
        Map<String, Object> error(HttpServletRequest request, @Nullable Authentication who) {
            return Map.of(
                    "status",
                    request.getAttribute("jakarta.servlet.error.status_code"),
                    "who",
                    who == null ? "nobody" : who.getName());
        }
    }
}
