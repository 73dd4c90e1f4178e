package dev.agentauth.spring.security;

import static dev.agentauth.spring.security.AgentAuthConfigurer.agentAuth;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.config.Customizer.withDefaults;

import dev.agentauth.AgentAuth;
import dev.agentauth.AuthenticatedAgent;
import dev.agentauth.servlet.AgentAuthServlet;
import dev.agentauth.servlet.SignIn;
import jakarta.servlet.http.HttpServletRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.mock.web.MockHttpSession;
import org.springframework.security.authorization.AuthenticatedAuthorizationManager;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.oauth2.core.DefaultOAuth2AuthenticatedPrincipal;
import org.springframework.security.oauth2.core.OAuth2AuthenticatedPrincipal;
import org.springframework.security.oauth2.server.resource.introspection.BadOpaqueTokenException;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.context.RequestAttributeSecurityContextRepository;
import org.springframework.security.web.context.SecurityContextRepository;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Other chains than that of one form and one API. */
class ChainsTest {
    private static final String METADATA = "/.well-known/oauth-protected-resource/api/";

    @Test
    void protocolAnswersWhereTheServiceDeniesEverything() {
        try (TestService service = TestService.start(DenyAll.class)) {
            Browser agent = service.browser();

            assertThat(agent.get(METADATA).statusCode()).isEqualTo(200);
            assertThat(agent.get("/auth.md").statusCode()).isEqualTo(200);
            assertThat(agent.post("/agent/identity", "{\"type\":\"anonymous\"}", "Content-Type", "application/json")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(agent.get("/api/thing", "Authorization", "Bearer " + service.token())
                            .statusCode())
                    .isEqualTo(403);
            assertThat(agent.get("/other", "Accept", "text/html").statusCode()).isEqualTo(403);
        }
    }

    @Test
    void defaultChainOfSpringBootStaysWhereTheServiceHasNone() {
        try (TestService service = TestService.start(NoChain.class)) {
            Browser agent = service.browser();

            assertThat(agent.get("/auth.md").statusCode()).isEqualTo(200);
            assertThat(agent.get("/account").statusCode()).isEqualTo(401);
            assertThat(agent.get("/api/thing", "Authorization", "Bearer " + service.token())
                            .statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void agentsInBrowsersAreLetInWhereTheServiceSaysSo() {
        try (TestService service = TestService.start(TestService.Shared.class, "agent-auth.allow-any-origin=true")) {
            Browser agent = service.browser();
            HttpResponse<String> preflight = agent.send(
                    "OPTIONS",
                    "/api/thing",
                    "",
                    "Origin",
                    "https://elsewhere.example",
                    "Access-Control-Request-Method",
                    "POST",
                    "Access-Control-Request-Headers",
                    "authorization");
            assertThat(preflight.statusCode()).isEqualTo(200);
            assertThat(preflight.headers().firstValue("Access-Control-Allow-Origin"))
                    .contains("*");
            assertThat(preflight
                            .headers()
                            .firstValue("Access-Control-Allow-Methods")
                            .orElseThrow())
                    .contains("POST");
            assertThat(preflight.headers().firstValue("Access-Control-Allow-Credentials"))
                    .isEmpty();

            for (String token : new String[] {service.token(), "at_bad"}) {
                HttpResponse<String> answer = agent.get(
                        "/api/thing", "Origin", "https://elsewhere.example", "Authorization", "Bearer " + token);
                assertThat(answer.headers().allValues("Access-Control-Allow-Origin"))
                        .containsExactly("*");
                assertThat(answer.headers()
                                .firstValue("Access-Control-Expose-Headers")
                                .orElseThrow())
                        .contains("WWW-Authenticate");
            }
            HttpResponse<String> person =
                    agent.get("/api/thing", "Origin", "https://elsewhere.example", "Cookie", "JSESSIONID=x");
            assertThat(person.headers().firstValue("Access-Control-Allow-Origin"))
                    .isEmpty();
        }
    }

    @Test
    void pathsAndOtherTokensAreTheServicesChoice() {
        try (TestService service = TestService.start(Elsewhere.class)) {
            Browser agent = service.browser();
            String token = "Bearer " + service.token();

            assertThat(agent.get("/agents-here/thing", "Authorization", token).body())
                    .startsWith("reg_");
            assertThat(agent.get("/api/thing", "Authorization", token).statusCode())
                    .isEqualTo(403);
            HttpResponse<String> foreign = agent.get("/agents-here/thing", "Authorization", "Bearer a.foreign.jwt");
            assertThat(foreign.statusCode()).isEqualTo(401);
            assertThat(foreign.headers().firstValue("WWW-Authenticate").orElseThrow())
                    .doesNotContain("invalid_token");
        }
    }

    @Test
    void onlyWhereTheServletIsMappedTheServiceIsOpen() {
        try (TestService service = TestService.start(MappedElsewhere.class)) {
            Browser agent = service.browser();

            assertThat(agent.get("/protocol/auth.md").statusCode()).isEqualTo(200);
            assertThat(agent.get("/agent/thing", "Accept", "text/html").statusCode())
                    .isEqualTo(302);
        }
    }

    @Test
    void servletThatIsMappedToEverythingOpensNothing() {
        try (TestService service = TestService.start(MappedToEverything.class)) {
            assertThat(service.browser().get("/other", "Accept", "text/html").statusCode())
                    .isEqualTo(302);
        }
    }

    @Test
    void loginThatKeepsNoSessionIsAnErrorAndNoLoop() {
        try (TestService service = TestService.start(NoSession.class, "agent-auth.ceremony=sign-in")) {
            HttpResponse<String> answer = service.browser()
                    .get(
                            "/agent-auth/sign-in?return_to=/agent/identity/claim/view",
                            "Authorization",
                            "Basic "
                                    + Base64.getEncoder()
                                            .encodeToString("ada@example.com:secret".getBytes(StandardCharsets.UTF_8)));

            assertThat(answer.statusCode()).isEqualTo(500);
        }
    }

    @Test
    void resourceServerOnTheSameChainJudgesTheOtherTokensAlone() {
        try (TestService service = TestService.start(BesideResourceServer.class)) {
            Browser client = service.browser();

            assertThat(client.get("/api/thing", "Authorization", "Bearer " + service.token())
                            .body())
                    .startsWith("reg_");
            assertThat(client.get("/api/thing", "Authorization", "Bearer theirs")
                            .body())
                    .startsWith("somebody [ROLE_USER] person");
            assertThat(client.get("/api/thing", "Authorization", "Bearer nobodys")
                            .statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void agentIsInNoSessionWhereContextsAreSavedByThemselves() {
        try (TestService service = TestService.start(SavedByItself.class)) {
            HttpResponse<String> answer =
                    service.browser().get("/api/thing", "Authorization", "Bearer " + service.token());

            assertThat(answer.body()).startsWith("reg_");
            assertThat(answer.headers().allValues("Set-Cookie")).isEmpty();
            assertThat(service.bean(TestService.Parts.class).sessions).hasValue(0);
        }
    }

    @Test
    void agentWhoIsInASessionAllTheSameHasNotSignedIn() {
        try (TestService service = TestService.start(TestService.Shared.class)) {
            MockHttpServletRequest request = new MockHttpServletRequest();
            request.setSession(new MockHttpSession(null, "x".repeat(32)));
            SecurityContextRepository sessions = new RequestAttributeSecurityContextRepository();
            AuthenticatedAgent agent =
                    service.bean(AgentAuth.class).authenticate(service.token()).orElseThrow();
            sessions.saveContext(
                    new SecurityContextImpl(AgentAuthentication.of(agent)), request, new MockHttpServletResponse());
            SignIn signIn = new SpringSecuritySignIn(
                    sessions,
                    service.bean(UserIds.class),
                    AuthenticatedAuthorizationManager.<HttpServletRequest>authenticated(),
                    "");

            assertThat(signIn.signedIn(request)).isEmpty();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Import(TestService.Parts.class)
    static class DenyAll {
        @Bean
        SecurityFilterChain closed(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().denyAll())
                    .with(agentAuth(), withDefaults())
                    .build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Import(TestService.Parts.class)
    static class NoChain {}

    @Configuration(proxyBeanMethods = false)
    @Import({TestService.Parts.class, TestService.Controllers.class})
    static class NoSession {
        @Bean
        SecurityFilterChain basic(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .httpBasic(withDefaults())
                    .with(agentAuth(), AgentAuthConfigurer::leaveOtherTokens)
                    .build();
        }
    }

    /** With pages of its own where the protocol usually is. */
    @Configuration(proxyBeanMethods = false)
    @Import({TestService.Shared.class, MappedElsewhere.Pages.class})
    static class MappedElsewhere {
        @Bean
        ServletRegistrationBean<AgentAuthServlet> agentAuthServlet(AgentAuth auth) {
            return new ServletRegistrationBean<>(AgentAuthServlet.builder(auth).build(), "/protocol/*");
        }

        @RestController
        static class Pages {
            @GetMapping("/agent/thing")
            String thing() {
                return "for whoever is signed in";
            }
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Import(TestService.Shared.class)
    static class MappedToEverything {
        @Bean
        ServletRegistrationBean<AgentAuthServlet> agentAuthServlet(AgentAuth auth) {
            return new ServletRegistrationBean<>(AgentAuthServlet.builder(auth).build(), "/*");
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Import({TestService.Parts.class, TestService.Controllers.class})
    static class BesideResourceServer {
        @Bean
        SecurityFilterChain both(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .oauth2ResourceServer(
                            server -> server.opaqueToken(tokens -> tokens.introspector(BesideResourceServer::look)))
                    .with(agentAuth(), AgentAuthConfigurer::leaveOtherTokens)
                    .build();
        }

        private static OAuth2AuthenticatedPrincipal look(String token) {
            if (!token.equals("theirs")) {
                throw new BadOpaqueTokenException("nobody's");
            }
            return new DefaultOAuth2AuthenticatedPrincipal(
                    "somebody", Map.of("sub", "somebody"), AuthorityUtils.createAuthorityList("ROLE_USER"));
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Import({TestService.Parts.class, TestService.Controllers.class})
    static class SavedByItself {
        @Bean
        SecurityFilterChain shared(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .securityContext(context -> context.requireExplicitSave(false))
                    .formLogin(withDefaults())
                    .with(agentAuth(), withDefaults())
                    .build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Import({TestService.Parts.class, Elsewhere.Here.class})
    static class Elsewhere {
        @Bean
        SecurityFilterChain shared(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .formLogin(withDefaults())
                    .with(agentAuth(), agents -> agents.paths("/agents-here/**").leaveOtherTokens())
                    .build();
        }

        @RestController
        static class Here {
            @GetMapping("/agents-here/thing")
            String thing(Authentication who) {
                return who.getName();
            }
        }
    }
}
