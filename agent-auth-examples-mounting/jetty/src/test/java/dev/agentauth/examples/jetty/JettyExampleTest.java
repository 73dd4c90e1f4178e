package dev.agentauth.examples.jetty;

import dev.agentauth.examples.walk.Client;
import dev.agentauth.examples.walk.ReverseProxy;
import dev.agentauth.examples.walk.WholeFlow;
import dev.agentauth.spi.ClaimMail;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The example in a real Jetty. */
class JettyExampleTest {
    private final Deque<ClaimMail> mails = new ConcurrentLinkedDeque<>();

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:8080", "http://localhost:8080/auth"})
    void agentWalksTheWholeFlowAtTheRootAndBelowAPath(String issuer) {
        try (JettyExample jetty = JettyExample.start(0, issuer, mails::add)) {
            WholeFlow.walk(Client.of("http://localhost:8080", jetty.port()), issuer, this::newestLink);
        }
    }

    @Test
    void contextPathBehindAProxyThatKeepsIt() {
        String origin = "https://shop.example.com";
        try (JettyExample jetty = JettyExample.start(0, origin + "/auth", mails::add);
                ReverseProxy proxy = ReverseProxy.keeping("/auth", jetty.port())) {
            WholeFlow.walk(Client.of(origin, proxy.port()), origin + "/auth", this::newestLink);
        }
    }

    private String newestLink() {
        return mails.getLast().link();
    }
}
