package dev.agentauth.examples.springboot;

import dev.agentauth.examples.walk.Client;
import dev.agentauth.examples.walk.Limits;
import dev.agentauth.examples.walk.ReverseProxy;
import dev.agentauth.examples.walk.WholeFlow;
import org.junit.jupiter.api.Test;

/** Clients see {@code https://shop.example.com/auth}; what the container sees depends on the proxy. */
class BehindProxyTest {
    private static final String ORIGIN = "https://shop.example.com";
    private static final String ISSUER = ORIGIN + "/auth";

    @Test
    void contextPathBehindAProxyThatKeepsIt() {
        try (RunningService service = service("server.servlet.context-path=/auth");
                ReverseProxy proxy = ReverseProxy.keeping("/auth", service.port())) {
            WholeFlow.walk(Client.of(ORIGIN, proxy.port()), ISSUER, service::newestLink);
        }
    }

    @Test
    void rootContextBehindAProxyThatStripsThePath() {
        try (RunningService service = service();
                ReverseProxy proxy = ReverseProxy.stripping("/auth", service.port())) {
            WholeFlow.walk(Client.of(ORIGIN, proxy.port()), ISSUER, service::newestLink);
        }
    }

    @Test
    void limitsAreThoseOfTheAddressThatTheTrustedProxySaw() {
        try (RunningService service = service("agent-auth.trusted-proxies=127.0.0.1,::1");
                ReverseProxy proxy = ReverseProxy.stripping("/auth", service.port())) {
            Limits.areThoseOfTheClient(Client.of(ORIGIN, proxy.port()), ISSUER, proxy);
        }
    }

    @Test
    void limitsAreThoseOfTheConnectionWhereTheProxyIsNotTrusted() {
        try (RunningService service = service("agent-auth.trusted-proxies=192.0.2.1");
                ReverseProxy proxy = ReverseProxy.stripping("/auth", service.port())) {
            Limits.areThoseOfTheConnection(Client.of(ORIGIN, proxy.port()), ISSUER, proxy);
        }
    }

    @Test
    void addressThatTomcatHasReadFromTheHeaderIsTaken() {
        try (RunningService service = service("server.forward-headers-strategy=native");
                ReverseProxy proxy = ReverseProxy.stripping("/auth", service.port())) {
            Limits.areThoseOfTheClient(Client.of(ORIGIN, proxy.port()), ISSUER, proxy);
        }
    }

    private static RunningService service(String... properties) {
        String[] all = new String[properties.length + 1];
        System.arraycopy(properties, 0, all, 1, properties.length);
        all[0] = "agent-auth.issuer=" + ISSUER;
        return RunningService.start(all);
    }
}
