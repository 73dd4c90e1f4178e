package dev.agentauth.spring;

import static dev.agentauth.spring.security.AgentAuthConfigurer.agentAuth;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.config.Customizer.withDefaults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.agentauth.audit.JsonLines;
import dev.agentauth.client.AgentAuthClient;
import dev.agentauth.client.Outcome;
import dev.agentauth.client.http.Http;
import dev.agentauth.memory.InMemoryUserDirectory;
import dev.agentauth.micrometer.MicrometerAuditSink;
import dev.agentauth.spi.AuditEvent;
import dev.agentauth.spi.AuditSink;
import dev.agentauth.spi.ClaimMailer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

/** What Actuator shows of a running service. */
class MonitoringTest {
    private static final Path DASHBOARD = Path.of("../docs/grafana-dashboard.json");
    private static final Pattern BY = Pattern.compile("by \\(([\\w, ]+)\\) \\(\\w+\\((\\w+)\\[");
    private static final Pattern SERIES = Pattern.compile("(?m)^(agent_auth_\\w+)\\{([^}]*)\\}");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");

    private static String origin;
    private static ConfigurableApplicationContext service;

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Service {
        @Bean
        InMemoryUserDirectory users() {
            return new InMemoryUserDirectory();
        }

        @Bean
        ClaimMailer mailer() {
            return mail -> {};
        }

        @Bean
        SecurityFilterChain chain(HttpSecurity http) throws Exception {
            return http.with(agentAuth(), withDefaults())
                    .authorizeHttpRequests(requests -> requests.requestMatchers("/actuator/**")
                            .permitAll()
                            .anyRequest()
                            .authenticated())
                    .build();
        }
    }

    @BeforeAll
    static void start() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        origin = "http://localhost:" + port;
        service = new SpringApplicationBuilder(Service.class)
                .run(
                        "--server.port=" + port,
                        "--agent-auth.issuer=" + origin,
                        "--agent-auth.scopes.pre-claim=api.read",
                        "--agent-auth.scopes.post-claim=api.read,api.write",
                        "--management.endpoints.web.exposure.include=*",
                        "--management.endpoint.health.show-details=always",
                        "--spring.datasource.url=jdbc:h2:mem:monitoring",
                        "--spring.flyway.enabled=false",
                        "--spring.liquibase.enabled=false");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void healthIsWhatTheLibrarySays() throws Exception {
        JsonNode agentAuth = json("/actuator/health").at("/components/agentAuth");

        assertThat(agentAuth.path("status").asText()).isEqualTo("UP");
        assertThat(agentAuth.at("/details/writes").asText()).isEqualTo("up");
        assertThat(agentAuth.at("/details/registrations").asText()).isEqualTo("up");
    }

    @Test
    void infoNamesIssuerAndScopes() throws Exception {
        JsonNode agentAuth = json("/actuator/info").path("agentAuth");

        assertThat(agentAuth.path("issuer").asText()).isEqualTo(origin);
        assertThat(agentAuth.path("resource").asText()).isEqualTo(origin + "/api/");
        assertThat(agentAuth.path("ceremony").asText()).isEqualTo("mailed-link");
        assertThat(agentAuth.at("/scopes/postClaim/1").asText()).isEqualTo("api.write");
    }

    @Test
    void eventsAreCountedAndStillWrittenDown() {
        assertThat(service.getBeansOfType(AuditSink.class).values())
                .hasAtLeastOneElementOfType(MicrometerAuditSink.class)
                .hasAtLeastOneElementOfType(JsonLines.class);
    }

    @Test
    void whatAnAgentDoesIsCountedAndObserved() {
        use();
        AgentAuthClient agent = AgentAuthClient.discover(origin + "/api/thing");
        agent.registerAnonymous();
        agent.accessToken();
        assertThat(new Http()
                        .postForm(origin + "/oauth2/token", Map.of("grant_type", "nothing"))
                        .status())
                .isEqualTo(400);

        String meters = get("/actuator/prometheus");
        assertThat(value(meters, "agent_auth_registrations_total", "kind=\"anonymous\"", "outcome=\"created\""))
                .isGreaterThanOrEqualTo(2);
        assertThat(value(meters, "agent_auth_exchange_seconds_count", "outcome=\"issued\"", "error=\"none\""))
                .isGreaterThanOrEqualTo(2);
        assertThat(value(meters, "agent_auth_exchange_seconds_count", "outcome=\"refused\""))
                .isGreaterThanOrEqualTo(1);
        assertThat(value(meters, "agent_auth_authenticate_seconds_count", "outcome=\"agent\""))
                .isGreaterThanOrEqualTo(1);
        assertThat(value(meters, "agent_auth_authenticate_seconds_count", "outcome=\"unknown\""))
                .isGreaterThanOrEqualTo(1);
    }

    @Test
    void everyMeterThatTheDashboardQueriesIsThereWithItsLabels() throws Exception {
        use();
        Instant now = Instant.now();
        MicrometerAuditSink sink = service.getBean(MicrometerAuditSink.class);
        for (AuditEvent.Type type : AuditEvent.Type.values()) {
            sink.record(new AuditEvent("evt_1", now, type, null, "reg_dashboard", Map.of("kind", "anonymous")));
        }
        Map<String, Set<String>> labels = SERIES.matcher(get("/actuator/prometheus"))
                .results()
                .collect(Collectors.toMap(
                        series -> series.group(1),
                        series -> LABEL.matcher(series.group(2))
                                .results()
                                .map(label -> label.group(1))
                                .collect(Collectors.toSet()),
                        (one, other) -> one));

        List<String> queried = new ArrayList<>();
        for (String expression : expressions()) {
            Matcher by = BY.matcher(expression);
            while (by.find()) {
                String meter = by.group(2);
                queried.add(meter);
                assertThat(labels).as(expression).containsKey(meter);
                assertThat(labels.get(meter))
                        .as(expression)
                        .contains(by.group(1).split(", "));
            }
        }

        assertThat(queried).hasSizeGreaterThan(12);
        Set<String> counters = labels.keySet().stream()
                .filter(meter -> meter.endsWith("_total"))
                .collect(Collectors.toSet());
        assertThat(queried).as("no counter is left out").containsAll(counters);
    }

    private static List<String> expressions() throws IOException {
        return new JsonMapper().readTree(Files.readString(DASHBOARD)).findValuesAsText("expr");
    }

    /** Sends a good token, and one that is not any more. */
    private static void use() {
        AgentAuthClient agent = AgentAuthClient.discover(origin + "/api/thing");
        agent.registerAnonymous();
        Outcome.OfCall outcome = agent.call(
                HttpRequest.newBuilder(URI.create(origin + "/api/thing")).build());
        assertThat(outcome).isInstanceOf(Outcome.Answered.class);
        String token = ((Outcome.Bearer) agent.accessToken()).token();
        assertThat(agent.revoke()).isInstanceOf(Outcome.Revoked.class);
        assertThat(new Http()
                        .get(origin + "/api/thing", "Authorization", "Bearer " + token)
                        .status())
                .isEqualTo(401);
    }

    private static double value(String meters, String name, String... labels) {
        return meters.lines()
                .filter(line -> line.startsWith(name + "{") && Stream.of(labels).allMatch(line::contains))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static JsonNode json(String path) throws IOException {
        return new JsonMapper().readTree(get(path));
    }

    private static String get(String path) {
        return new Http().get(origin + path).body();
    }
}
