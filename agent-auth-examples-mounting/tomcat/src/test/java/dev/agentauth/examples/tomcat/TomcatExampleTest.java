package dev.agentauth.examples.tomcat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.examples.walk.Client;
import dev.agentauth.examples.walk.Limits;
import dev.agentauth.examples.walk.ReverseProxy;
import dev.agentauth.examples.walk.WholeFlow;
import dev.agentauth.spi.ClaimMail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.apache.catalina.valves.rewrite.RewriteValve;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example in a real Tomcat: alone, and behind a proxy as clients of {@code https://shop.example.com/auth} see it. */
class TomcatExampleTest {
    private static final String ORIGIN = "https://shop.example.com";
    private static final String ISSUER = ORIGIN + "/auth";

    private static final Path GUIDE = Path.of("..", "..", "docs", "mounting.md");

    @TempDir
    private Path folder;

    private final Deque<ClaimMail> mails = new ConcurrentLinkedDeque<>();

    @Test
    void agentWalksTheWholeFlow() throws IOException {
        String issuer = "http://localhost:8080";
        try (TomcatExample tomcat = start("", Map.of("agent-auth.issuer", issuer))) {
            WholeFlow.walk(Client.of(issuer, tomcat.port()), issuer, this::newestLink);
        }
    }

    @Test
    void contextPathBehindAProxyThatKeepsIt() throws IOException {
        try (TomcatExample tomcat = start("/auth", Map.of("agent-auth.issuer", ISSUER));
                ReverseProxy proxy = ReverseProxy.keeping("/auth", tomcat.port())) {
            WholeFlow.walk(Client.of(ORIGIN, proxy.port()), ISSUER, this::newestLink);
        }
    }

    @Test
    void rootContextBehindAProxyThatStripsThePath() throws IOException {
        try (TomcatExample tomcat = start("", Map.of("agent-auth.issuer", ISSUER));
                ReverseProxy proxy = ReverseProxy.stripping("/auth", tomcat.port())) {
            WholeFlow.walk(Client.of(ORIGIN, proxy.port()), ISSUER, this::newestLink);
        }
    }

    @Test
    void limitsAreThoseOfTheAddressThatTheTrustedProxySaw() throws IOException {
        try (TomcatExample tomcat = startTrusting("127.0.0.1,::1");
                ReverseProxy proxy = ReverseProxy.stripping("/auth", tomcat.port())) {
            Limits.areThoseOfTheClient(Client.of(ORIGIN, proxy.port()), ISSUER, proxy);
        }
    }

    @Test
    void limitsAreThoseOfTheConnectionWhereTheProxyIsNotTrusted() throws IOException {
        try (TomcatExample tomcat = startTrusting("192.0.2.1");
                ReverseProxy proxy = ReverseProxy.stripping("/auth", tomcat.port())) {
            Limits.areThoseOfTheConnection(Client.of(ORIGIN, proxy.port()), ISSUER, proxy);
        }
    }

    /** As docs/mounting.md tells to, in a Tomcat whose root context is not ours. */
    @Test
    void f16_contextPathWithTheRewriteThatTheGuideShows() throws IOException {
        List<String> rule = Files.readAllLines(GUIDE).stream()
                .filter(line -> line.startsWith("RewriteRule "))
                .toList();
        Path config = folder.resolve("conf/Tomcat/localhost/rewrite.config");
        Files.createDirectories(config.getParent());
        Files.write(config, rule);
        assertThat(rule).hasSize(1);
        try (TomcatExample tomcat = start("/auth", Map.of("agent-auth.issuer", ISSUER))) {
            tomcat.addToHost(new RewriteValve());
            Client client = Client.of(ORIGIN, tomcat.port());
            for (String document : List.of("oauth-authorization-server/auth", "oauth-protected-resource/auth/api/")) {
                assertThat(client.get(ORIGIN + "/.well-known/" + document).status())
                        .as(document)
                        .isEqualTo(200);
            }
            for (String foreign : List.of("oauth-authorization-server", "oauth-protected-resource/authors", "x/auth")) {
                assertThat(client.get(ORIGIN + "/.well-known/" + foreign).status())
                        .as(foreign)
                        .isEqualTo(404);
            }
            WholeFlow.walk(client, ISSUER, this::newestLink);
        }
    }

    private TomcatExample startTrusting(String proxies) throws IOException {
        return start("", Map.of("agent-auth.issuer", ISSUER, "agent-auth.trusted-proxies", proxies));
    }

    private TomcatExample start(String contextPath, Map<String, String> parameters) throws IOException {
        return TomcatExample.start(folder, 0, contextPath, mails::add, parameters);
    }

    private String newestLink() {
        return mails.getLast().link();
    }
}
