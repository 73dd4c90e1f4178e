package dev.agentauth.examples.introspection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.config.Customizer.withDefaults;

import dev.agentauth.AgentAuth;
import dev.agentauth.AgentAuthBuilder;
import dev.agentauth.Caller;
import dev.agentauth.Registered;
import dev.agentauth.config.SharedSecrets;
import dev.agentauth.memory.InMemoryUserDirectory;
import dev.agentauth.remote.RemoteTokens;
import dev.agentauth.servlet.AgentAuthServlet;
import dev.agentauth.servlet.BearerTokenFilter;
import dev.agentauth.spi.ClaimMail;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.catalina.Context;
import org.apache.catalina.Wrapper;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.core.OAuth2AuthenticatedPrincipal;
import org.springframework.security.oauth2.server.resource.introspection.OpaqueTokenIntrospector;
import org.springframework.security.oauth2.server.resource.introspection.SpringOpaqueTokenIntrospector;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** APIs that are not in the service's process: one behind Spring's own resource server as it is, one behind our filter. */
class OtherProcessesTest {
    private static final String ISSUER = "https://service.example";
    private static final String SECRET = "0123456789abcdefghijklmnopqrstuv";

    @TempDir
    Path temp;

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<ClaimMail> mails = new CopyOnWriteArrayList<>();
    private final AgentAuth auth = withIntrospection(
                    AgentAuth.builder(ISSUER, ISSUER + "/api/")
                            .preClaimScopes("api.read")
                            .postClaimScopes("api.read", "api.write")
                            .users(new InMemoryUserDirectory())
                            .mailer(mails::add)
                            .withoutRateLimits()
                            .audit(event -> {}),
                    SECRET)
            .build();
    private Tomcat service;
    private String endpoint;
    private Registered.Anonymous registered;
    private String token;

    @BeforeEach
    void start() throws Exception {
        service = tomcat("service", null, new AgentAuthServlet(auth));
        endpoint = "http://localhost:" + service.getConnector().getLocalPort() + "/oauth2/introspect";
        registered = auth.registerAnonymous(Caller.unknown());
        token = auth.exchange(Caller.unknown(), registered.assertion().value().reveal(), null, List.of())
                .value()
                .reveal();
    }

    @AfterEach
    void stop() throws Exception {
        service.stop();
        service.destroy();
        auth.close();
    }

    @Test
    void springsResourceServerAsItIs() throws Exception {
        try (ConfigurableApplicationContext api = new SpringApplication(ResourceServer.class)
                .run(
                        "--server.port=0",
                        "--spring.main.banner-mode=off",
                        "--logging.level.root=ERROR",
                        "--introspection=" + endpoint)) {
            int port = api.getEnvironment().getRequiredProperty("local.server.port", Integer.class);

            assertThat(send(port, "GET", "/things", null).statusCode()).isEqualTo(401);
            assertThat(send(port, "GET", "/things", "at_" + "A".repeat(32)).statusCode())
                    .isEqualTo(401);
            assertThat(send(port, "GET", "/things", token).body())
                    .isEqualTo(registered.registrationId() + " " + registered.registrationId());
            assertThat(send(port, "POST", "/things", token).statusCode()).isEqualTo(403);

            String userId = claim();
            assertThat(send(port, "POST", "/things", token).body())
                    .isEqualTo(userId + " " + registered.registrationId());

            auth.revokeToken(Caller.unknown(), token);
            assertThat(send(port, "GET", "/things", token).statusCode()).isEqualTo(401);
        }
    }

    @Test
    void ourFilterInAnotherProcess() throws Exception {
        Filter filter = guard(remote(ISSUER, ISSUER + "/api/", endpoint, SECRET, Duration.ZERO));
        Tomcat api = tomcat("api", filter, new Things());
        try {
            int port = api.getConnector().getLocalPort();
            HttpResponse<String> unauthenticated = send(port, "GET", "/things", null);
            assertThat(unauthenticated.statusCode()).isEqualTo(401);
            assertThat(unauthenticated.headers().firstValue("WWW-Authenticate"))
                    .contains("Bearer resource_metadata=\"" + auth.resourceMetadataUrl() + "\"");
            assertThat(send(port, "GET", "/things", token).body()).isEqualTo(registered.registrationId());
            assertThat(send(port, "POST", "/things", token).statusCode()).isEqualTo(403);

            String userId = claim();
            assertThat(send(port, "POST", "/things", token).body()).isEqualTo(userId);

            auth.revokeToken(Caller.unknown(), token);
            assertThat(send(port, "GET", "/things", token).statusCode()).isEqualTo(401);

            service.stop();
            HttpResponse<String> outOfReach = send(port, "GET", "/things", token);
            assertThat(outOfReach.statusCode()).isEqualTo(503);
            assertThat(outOfReach.headers().firstValue("Retry-After")).contains("5");
            assertThat(outOfReach.headers().firstValue("WWW-Authenticate")).isEmpty();
        } finally {
            api.stop();
            api.destroy();
        }
    }

    private static RemoteTokens remote(
            String issuer, String resource, String endpoint, String secret, Duration howLate) {
        // begin: RemoteTokensExample
        RemoteTokens tokens = RemoteTokens.builder(issuer, resource) // as the service's own AgentAuth.builder
                .endpoint(endpoint) // unless it is the issuer and /oauth2/introspect
                .secret("api", secret)
                .cacheFor(howLate)
                .build();
        // end: RemoteTokensExample
        return tokens;
    }

    private static BearerTokenFilter guard(RemoteTokens tokens) {
        // begin: RemoteFilterExample
        BearerTokenFilter filter = BearerTokenFilter.builder(tokens)
                .require("GET", "/*", "api.read")
                .require("POST", "/*", "api.write")
                .build();
        // end: RemoteFilterExample
        return filter;
    }

    private static AgentAuthBuilder withIntrospection(AgentAuthBuilder builder, String secret) {
        // begin: IntrospectionExample
        builder.introspection(
                SharedSecrets.of("api", secret)); // and(…) for each further API; two secrets while one changes
        // end: IntrospectionExample
        return builder;
    }

    /** A person takes ownership; the user. */
    private String claim() {
        String claimToken = registered.claim().token().reveal();
        auth.startClaim(Caller.unknown(), claimToken, "ada@example.com");
        String link = mails.get(0).link();
        String code = auth.revealCode(Caller.unknown(), link.substring(link.indexOf("token=") + 6))
                .code()
                .reveal();
        auth.completeClaim(Caller.unknown(), claimToken, code);
        return auth.authenticate(token).orElseThrow().userId().orElseThrow();
    }

    private HttpResponse<String> send(int port, String method, String path, String bearer) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .method(method, BodyPublishers.noBody());
        if (bearer != null) {
            request.header("Authorization", "Bearer " + bearer);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private Tomcat tomcat(String name, Filter filter, HttpServlet servlet) throws Exception {
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(temp.resolve(name).toString());
        tomcat.setHostname("localhost");
        tomcat.setPort(0);
        tomcat.getConnector();
        Context context = tomcat.addContext("", temp.toString());
        Wrapper wrapper = Tomcat.addServlet(context, name, servlet);
        wrapper.addMapping("/*");
        if (filter != null) {
            FilterDef definition = new FilterDef();
            definition.setFilterName(name);
            definition.setFilter(filter);
            context.addFilterDef(definition);
            FilterMap mapping = new FilterMap();
            mapping.setFilterName(name);
            mapping.addURLPattern("/*");
            context.addFilterMap(mapping);
        }
        tomcat.start();
        return tomcat;
    }

    /** Answers with whom it sees. */
    private static final class Things extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.getWriter().print(request.getRemoteUser());
        }
    }

    /** An API of Spring Boot's with a resource server for opaque tokens, and nothing of ours. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class ResourceServer {
        @Bean
        String secret() {
            return SECRET;
        }

        // begin: SpringOpaqueTokens
        @Bean
        OpaqueTokenIntrospector introspector(Environment environment, String secret) {
            return SpringOpaqueTokenIntrospector.withIntrospectionUri(environment.getRequiredProperty("introspection"))
                    .clientId("api")
                    .clientSecret(secret)
                    .build();
        }

        @Bean
        SecurityFilterChain security(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.requestMatchers(HttpMethod.GET, "/things")
                            .hasAuthority("SCOPE_api.read")
                            .requestMatchers(HttpMethod.POST, "/things")
                            .hasAuthority("SCOPE_api.write"))
                    .oauth2ResourceServer(server -> server.opaqueToken(withDefaults()))
                    .build();
        }
        // end: SpringOpaqueTokens

        @Bean
        ThingsController things() {
            return new ThingsController();
        }
    }

    /** Answers with whom it sees. */
    @RestController
    static class ThingsController {
        @RequestMapping("/things")
        String things(@AuthenticationPrincipal OAuth2AuthenticatedPrincipal agent) {
            return agent.getName() + " " + agent.getAttribute("client_id");
        }
    }
}
