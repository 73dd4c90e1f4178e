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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What README.md and the files in docs/ show is what compiles here, and it works. */
class ReadmeTest {
    private static final Path TOP = Path.of("..");
    private static final List<Path> SOURCES = List.of(
            Path.of("src/test/java/dev/agentauth/examples/readme"),
            Path.of("src/main/java/dev/agentauth/examples/signin"),
            TOP.resolve("agent-auth-examples-mounting"),
            TOP.resolve("agent-auth-examples-mcp"),
            TOP.resolve("agent-auth-examples-spring"),
            TOP.resolve("agent-auth-spring-boot-starter-test"));
    private static final Pattern SHOWN =
            Pattern.compile("<!-- code: (\\w+) -->\n```java\n(.*?)```\n<!-- end -->", Pattern.DOTALL);
    private static final Pattern REGION = Pattern.compile(" *// begin: (\\w+)\n(.*?)\n *// end: \\1\n", Pattern.DOTALL);

    @Test
    void everyCodeBlockIsTheRegionOfThatNameInACompiledSource() throws IOException {
        Map<String, String> regions = regions();
        List<String> shown = new ArrayList<>();
        for (Path page : pages()) {
            String text = Files.readString(page);
            List<MatchResult> blocks = SHOWN.matcher(text).results().toList();
            assertThat(text.split("```java\n", -1))
                    .as("%s: no Java without a region", page)
                    .hasSize(blocks.size() + 1);
            for (MatchResult block : blocks) {
                shown.add(block.group(1));
                assertThat(block.group(2)).as("%s: %s", page, block.group(1)).isEqualTo(regions.get(block.group(1)));
            }
        }

        assertThat(shown).containsExactlyInAnyOrderElementsOf(regions.keySet());
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
            assertThat(ReadmeExamples.forBrowsers(mounted.get(0), new ArrayList<>()))
                    .isNotNull();
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

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(files(TOP.resolve("docs"), ".md"));
        pages.add(TOP.resolve("README.md"));
        return pages;
    }

    /** The text of each region, by its name. */
    private static Map<String, String> regions() throws IOException {
        Map<String, String> regions = new HashMap<>();
        for (Path folder : SOURCES) {
            for (Path file : files(folder, ".java")) {
                REGION.matcher(Files.readString(file)).results().forEach(region -> {
                    String twice = regions.put(region.group(1), region.group(2).stripIndent() + "\n");
                    assertThat(twice).as("two regions " + region.group(1)).isNull();
                });
            }
        }
        return regions;
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(ending)).toList();
        }
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
