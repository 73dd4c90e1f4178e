package dev.agentauth.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.client.AgentAuthClient;
import dev.agentauth.client.Outcome.Answered;
import dev.agentauth.client.Outcome.PersonAsked;
import dev.agentauth.client.Outcome.Ready;
import dev.agentauth.client.Outcome.ScopeMissing;
import dev.agentauth.client.Outcome.StartOver;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The whole service on PostgreSQL, as a person with a browser and an agent with its client live through it. */
class NotesServiceTest {
    private static EmbeddedPostgres postgres;
    private static ConfigurableApplicationContext service;
    private static String issuer;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        postgres = EmbeddedPostgres.start();
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        issuer = "http://localhost:" + port;
        service = new SpringApplicationBuilder(NotesService.class)
                .run(
                        "--server.port=" + port,
                        "--agent-auth.issuer=" + issuer,
                        "--agent-auth.signing-keys.file=" + folder.resolve("keys.json"),
                        "--spring.datasource.url=" + postgres.getJdbcUrl("postgres", "postgres"),
                        "--spring.datasource.username=postgres",
                        "--logging.level.root=warn",
                        "--spring.main.banner-mode=off");
    }

    @AfterAll
    static void stop() throws Exception {
        service.close();
        postgres.close();
    }

    @Test
    void agentIsClaimedByItsPersonAndUsesTheSameNotesUntilThePersonEndsIt() {
        AgentAuthClient agent = AgentAuthClient.discover(issuer + "/api/notes");
        assertThat(agent.registerAnonymous()).isInstanceOf(Ready.class);
        assertThat(body(agent.call(read()))).isEqualTo("[]");
        assertThat(agent.call(write("too early"))).isEqualTo(new ScopeMissing("notes.write", true));

        PersonAsked asked = (PersonAsked) agent.startClaim("ada@example.com");
        Person ada = new Person(issuer);
        String code = ada.confirm(asked.question().verificationUri().orElseThrow());
        assertThat(agent.completeClaim(code)).isInstanceOf(Ready.class);

        assertThat(body(agent.call(write("by an agent")))).isEmpty();
        ada.write("by Ada");
        assertThat(body(agent.call(read()))).isEqualTo("[\"by an agent\",\"by Ada\"]");
        assertThat(ada.get("/api/notes").body()).isEqualTo("[\"by an agent\",\"by Ada\"]");

        ada.endOnlyAgent();
        assertThat(agent.call(read())).isInstanceOf(StartOver.class);
    }

    @Test
    void whoeverHasNeitherSessionNorTokenGetsTheLoginOrTheWayToAToken() {
        Person nobody = new Person(issuer);

        assertThat(nobody.get("/api/notes", "Accept", "text/html").statusCode()).isEqualTo(302);
        assertThat(nobody.get("/api/notes").headers().firstValue("WWW-Authenticate"))
                .contains("Bearer resource_metadata=\"" + issuer + "/.well-known/oauth-protected-resource/api/\"");
    }

    @Test
    void propertiesOfTheGuideAreThese() throws IOException {
        String properties = Files.readString(Path.of("src/main/resources/application.properties"));

        assertThat(Files.readString(Path.of("../docs/spring-boot.md")))
                .contains("```properties\n" + properties + "```\n");
    }

    private static HttpRequest read() {
        return HttpRequest.newBuilder(URI.create(issuer + "/api/notes")).build();
    }

    private static HttpRequest write(String text) {
        return HttpRequest.newBuilder(URI.create(issuer + "/api/notes"))
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString(text))
                .build();
    }

    private static String body(Object outcome) {
        assertThat(outcome).isInstanceOf(Answered.class);
        assertThat(((Answered) outcome).reply().status()).isEqualTo(200);
        return ((Answered) outcome).reply().body();
    }
}
