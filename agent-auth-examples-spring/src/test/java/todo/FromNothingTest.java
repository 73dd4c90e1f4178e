package todo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.client.AgentAuthClient;
import dev.agentauth.client.Outcome.Answered;
import dev.agentauth.client.Outcome.PersonAsked;
import dev.agentauth.client.Outcome.Ready;
import dev.agentauth.client.Outcome.ScopeMissing;
import dev.agentauth.client.Outcome.StartOver;
import dev.agentauth.examples.spring.Person;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The service that docs/spring-boot.md writes from nothing: its files are those of the page, it works, and it is short. */
class FromNothingTest {
    private static final Path FILES = Path.of("src/test/resources/todo");
    private static final Path SOURCE = Path.of("src/test/java/todo/TodoService.java");

    @Test
    void personClaimsAnAgentThatUsesTheSameListUntilThePersonEndsIt(@TempDir Path folder) throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        String issuer = "http://localhost:" + port;
        try (ConfigurableApplicationContext service = new SpringApplicationBuilder(TodoService.class)
                .run(
                        "--spring.config.location=" + FILES.toUri(),
                        "--spring.sql.init.schema-locations="
                                + FILES.resolve("schema.sql").toUri(),
                        "--spring.sql.init.data-locations=",
                        "--spring.datasource.url=jdbc:h2:file:" + folder.resolve("todo"),
                        "--server.port=" + port,
                        "--agent-auth.issuer=" + issuer,
                        "--logging.level.root=warn",
                        "--spring.main.banner-mode=off")) {
            assertThat(service.isRunning()).isTrue();
            URI todos = URI.create(issuer + "/api/todos");
            HttpRequest list = HttpRequest.newBuilder(todos).build();
            HttpRequest add = HttpRequest.newBuilder(todos)
                    .header("Content-Type", "text/plain")
                    .POST(BodyPublishers.ofString("buy milk"))
                    .build();

            AgentAuthClient agent = AgentAuthClient.discover(todos.toString());
            assertThat(agent.registerAnonymous()).isInstanceOf(Ready.class);
            assertThat(agent.call(add)).isEqualTo(new ScopeMissing("todo.write", true));
            PersonAsked asked = (PersonAsked) agent.startClaim("ada@example.com");
            Person ada = new Person(issuer);
            assertThat(agent.completeClaim(
                            ada.confirm(asked.question().verificationUri().orElseThrow())))
                    .isInstanceOf(Ready.class);

            assertThat(agent.call(add)).isInstanceOf(Answered.class);
            assertThat(((Answered) agent.call(list)).reply().body()).isEqualTo("[\"buy milk\"]");
            assertThat(ada.get("/api/todos").body()).isEqualTo("[\"buy milk\"]");
            ada.endOnlyAgent();
            assertThat(agent.call(list)).isInstanceOf(StartOver.class);
        }
    }

    @ParameterizedTest
    @CsvSource({"pom.xml, xml", "application.properties, properties", "schema.sql, sql"})
    void pageShowsTheFilesAsTheyAre(String file, String language) throws IOException {
        assertThat(Files.readString(Path.of("../docs/spring-boot.md")))
                .contains("```" + language + "\n" + Files.readString(FILES.resolve(file)) + "```\n");
    }

    @Test
    void versionsOfThePomAreThoseOfThisBuild() throws IOException {
        String build = Files.readString(Path.of("../pom.xml"));
        String springBoot = build.split("<spring-boot.version>", 2)[1].split("<", 2)[0];
        String own = build.split("<version>", 2)[1].split("<", 2)[0];

        assertThat(Files.readString(FILES.resolve("pom.xml")))
                .contains("<version>" + springBoot + "</version>", "<version>" + own + "</version>");
    }

    @Test
    void itIsFiftyLinesOfJavaAndProperties() throws IOException {
        List<String> lines = Stream.concat(
                        Files.readAllLines(SOURCE).stream(),
                        Files.readAllLines(FILES.resolve("application.properties")).stream())
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("// begin") && !line.startsWith("// end"))
                .filter(line -> !line.startsWith("import ") && !line.startsWith("package "))
                .toList();

        assertThat(lines).hasSizeLessThanOrEqualTo(50);
    }
}
