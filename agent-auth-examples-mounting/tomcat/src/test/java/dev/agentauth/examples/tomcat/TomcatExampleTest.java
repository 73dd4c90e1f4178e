package dev.agentauth.examples.tomcat;

import dev.agentauth.examples.walk.Client;
import dev.agentauth.examples.walk.Limits;
import dev.agentauth.examples.walk.ReverseProxy;
import dev.agentauth.examples.walk.WholeFlow;
import dev.agentauth.spi.ClaimMail;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example in a real Tomcat: alone, and behind a proxy as clients of {@code https://shop.example.com/auth} see it. */
class TomcatExampleTest {
    private static final String ORIGIN = "https://shop.example.com";
    private static final String ISSUER = ORIGIN + "/auth";

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

    private TomcatExample startTrusting(String proxies) throws IOException {
        return start("", Map.of("agent-auth.issuer", ISSUER, "agent-auth.trusted-proxies", proxies));
    }

    private TomcatExample start(String contextPath, Map<String, String> parameters) throws IOException {
        return TomcatExample.start(folder, 0, contextPath, mails::add, parameters);
    }

    private String newestLink() {
        return mails.getLast().link().reveal();
    }
}
