package dev.agentauth.examples.readme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.AgentAuth;
import dev.agentauth.examples.FreePorts;
import dev.agentauth.memory.InMemoryUserDirectory;
import dev.agentauth.spi.ClaimMail;
import jakarta.servlet.ServletContainerInitializer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What README.md shows is what compiles here, and it works. */
class ReadmeTest {
    private static final Path TOP = Path.of("..");
    private static final Path SOURCE = Path.of("src/test/java/dev/agentauth/examples/readme/ReadmeExamples.java");
    private static final Pattern SHOWN =
            Pattern.compile("<!-- code: (\\w+) -->\n```java\n(.*?)```\n<!-- end -->", Pattern.DOTALL);

    @Test
    void everyCodeBlockIsTheRegionOfThatNameInTheCompiledSource() throws IOException {
        String readme = Files.readString(TOP.resolve("README.md"));
        String source = Files.readString(SOURCE);
        List<MatchResult> blocks = SHOWN.matcher(readme).results().toList();

        assertThat(blocks).extracting(block -> block.group(1)).containsExactlyInAnyOrderElementsOf(regions(source));
        assertThat(readme.split("```java\n", -1)).as("no Java without a region").hasSize(blocks.size() + 1);
        for (MatchResult block : blocks) {
            assertThat(block.group(2)).as(block.group(1)).isEqualTo(region(source, block.group(1)));
        }
    }

    @Test
    void whatIsMountedInTenLinesRegistersExchangesAndGuardsTheApi() throws Exception {
        int port = FreePorts.two()[0];
        String issuer = "http://localhost:" + port;
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("localhost");
        connector.setPort(port);
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/");
        List<ClaimMail> mails = new ArrayList<>();
        List<AgentAuth> mounted = new ArrayList<>();
        ServletContainerInitializer initializer = (classes, servletContext) -> mounted.add(ReadmeExamples.mount(
                servletContext, issuer, issuer + "/api/", new InMemoryUserDirectory(), mails::add));
        context.addServletContainerInitializer(initializer);
        context.addServlet(new ServletHolder(new ReadmeExamples.Api()), "/api/*");
        server.setHandler(context);
        server.start();
        try {
            HttpClient client = HttpClient.newHttpClient();
            HttpResponse<String> registered = client.send(
                    post(issuer + "/agent/identity", "application/json", "{\"type\":\"anonymous\"}"),
                    BodyHandlers.ofString());
            HttpResponse<String> exchanged = client.send(
                    post(
                            issuer + "/oauth2/token",
                            "application/x-www-form-urlencoded",
                            "grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion="
                                    + member(registered.body(), "identity_assertion")),
                    BodyHandlers.ofString());
            HttpRequest.Builder api = HttpRequest.newBuilder(URI.create(issuer + "/api/thing"));

            assertThat(client.send(api.build(), BodyHandlers.ofString()).statusCode())
                    .isEqualTo(401);
            api.header("Authorization", "Bearer " + member(exchanged.body(), "access_token"));
            assertThat(client.send(api.build(), BodyHandlers.ofString()).body())
                    .isEqualTo(member(registered.body(), "registration_id") + " acts for nobody yet\n");
            assertThat(client.send(api.POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(403);
            assertThat(ReadmeExamples.behindProxy(mounted.get(0))).isNotNull();
        } finally {
            server.stop();
            mounted.forEach(AgentAuth::close);
        }
    }

    @Test
    void keysInAFileAreThereAgainAfterARestartAndARotation(@TempDir Path folder) {
        var keys = ReadmeExamples.keys(folder);

        assertThat(keys.published()).hasSize(2).contains(keys.current().verificationKey());
        assertThat(ReadmeExamples.keys(folder).published()).containsAll(keys.published());
    }

    private static List<String> regions(String source) {
        return Pattern.compile("// begin: (\\w+)")
                .matcher(source)
                .results()
                .map(region -> region.group(1))
                .toList();
    }

    private static String region(String source, String name) {
        String[] parts = source.split("// (begin|end): " + name + "\n", -1);
        String lines = parts[1].substring(0, parts[1].lastIndexOf('\n'));
        return lines.stripIndent() + "\n";
    }

    private static HttpRequest post(String url, String type, String body) {
        return HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    private static String member(String json, String name) {
        Matcher matcher = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(json);
        assertThat(matcher.find()).as(json).isTrue();
        return matcher.group(1);
    }
}
