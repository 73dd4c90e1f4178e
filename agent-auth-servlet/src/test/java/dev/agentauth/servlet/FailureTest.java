package dev.agentauth.servlet;

import static dev.agentauth.servlet.MountedService.FORM;
import static dev.agentauth.servlet.MountedService.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.AgentAuthException;
import dev.agentauth.Problem;
import dev.agentauth.memory.InMemoryStores;
import dev.agentauth.spi.AuditEvent;
import dev.agentauth.spi.InstallationException;
import dev.agentauth.spi.MixedStores;
import dev.agentauth.spi.PortUnavailableException;
import dev.agentauth.spi.RegistrationStore;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stores that fail, bodies that break off or that nobody wants, and whom the limits and the audit see. */
class FailureTest {
    private static final String REGISTER = "{\"type\":\"anonymous\"}";

    private final List<AuditEvent> events = new CopyOnWriteArrayList<>();
    private RuntimeException failure = new PortUnavailableException("out of reach, as the test wants it");
    private MountedService service;

    @BeforeEach
    void start() throws Exception {
        service = new MountedService(
                "/",
                MountedService.ISSUER,
                MountedService.ISSUER + "/api",
                builder -> builder.stores(MixedStores.of(InMemoryStores.of(MountedService.ISSUER))
                                .withRegistrations(failingStore(() -> failure)))
                        .audit(events::add));
        service.with(
                        AgentAuthServlet.builder(service.auth)
                                .clientAddress(ClientAddress.fromXForwardedFor("127.0.0.0/8"))
                                .build(),
                        "/*")
                .start();
    }

    @AfterEach
    void stop() throws Exception {
        service.stop();
    }

    @Test
    void storeOutOfReachIsUnavailableForAWhile() throws Exception {
        HttpResponse<String> response = service.postJson("/agent/identity", REGISTER);

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().allValues("Retry-After")).containsExactly("5");
        assertThat(json(response).string("error")).contains("temporarily_unavailable");
        assertThat(json(response).names())
                .containsExactlyInAnyOrder("error", "code", "message", "error_description", "retry_after");
    }

    @Test
    void storeOutOfReachHasAPageOfItsOwn() throws Exception {
        HttpResponse<String> view = service.get("/agent/identity/claim/view?token=cvt_x");
        HttpResponse<String> reveal = service.post("/agent/identity/claim/view/reveal", FORM, "token=cvt_x");

        for (HttpResponse<String> response : List.of(view, reveal)) {
            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.headers().allValues("Retry-After")).containsExactly("5");
            assertThat(response.body()).startsWith("<!DOCTYPE html>").contains("Not available right now");
        }
    }

    @Test
    void f06_brokenInstallationIsAnsweredWithoutItsWords() throws Exception {
        failure = new InstallationException("secret words of a driver", new IllegalStateException());

        HttpResponse<String> response = service.postJson("/agent/identity", REGISTER);

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(json(response).string("error")).contains("server_error");
        assertThat(response.body()).doesNotContain("secret", "driver", "Exception");
    }

    /** A defect of ours; here code of the embedder stands for it. */
    @Test
    void problemThatTheDoorDoesNotListIsTheDocumented500() throws Exception {
        MountedService other = new MountedService();
        try {
            other.with(
                            (request, response, chain) -> chain.doFilter(
                                    new HttpServletRequestWrapper((HttpServletRequest) request) {
                                        @Override
                                        public String getRemoteAddr() {
                                            throw new AgentAuthException(Problem.SCOPE_MISSING, "words");
                                        }
                                    },
                                    response),
                            "/*",
                            EnumSet.of(DispatcherType.REQUEST))
                    .with(
                            AgentAuthServlet.builder(other.auth)
                                    .claimPage(view -> {
                                        throw new AgentAuthException(Problem.SCOPE_MISSING, "words");
                                    })
                                    .build(),
                            "/*")
                    .start();

            HttpResponse<String> identity = other.postJson("/agent/identity", REGISTER);
            HttpResponse<String> credential = other.post("/oauth2/revoke", FORM, "token=at_x");
            HttpResponse<String> page = other.get("/agent/identity/claim/view?token=cvt_x");

            assertThat(page.statusCode()).isEqualTo(500);
            assertThat(page.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/html");
            assertThat(page.body()).contains("Not available right now").doesNotContain("words", "scope", "SCOPE");
            for (HttpResponse<String> response : List.of(identity, credential)) {
                assertThat(response.statusCode()).isEqualTo(500);
                assertThat(json(response).string("error")).contains("server_error");
                assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
                assertThat(response.body()).doesNotContain("words", "scope", "SCOPE");
            }
            assertThat(json(identity).names())
                    .containsExactlyInAnyOrder("error", "code", "message", "error_description");
            assertThat(json(credential).names()).containsExactlyInAnyOrder("error", "error_description");
        } finally {
            other.stop();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
                "Transfer-Encoding: chunked\r\n\r\n14\r\n{\"type\":\"anon",
                "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"typ\r\nFFFFFFFFFFFFFFFFF\r\n",
                "Content-Length: 20\r\n\r\n{\"type\":\"anon",
                "Content-Length: 20\r\nContent-Length: 21\r\n\r\n{\"type\":\"anonymous\"}",
                "Content-Length: -1\r\n\r\n{\"type\":\"anonymous\"}",
                "Content-Length: 99999999999999999999\r\n\r\n{\"type\":\"anonymous\"}"
            })
    void bodiesThatBreakOffOrLieAreTheRequestsFault(String rest) throws Exception {
        String answer = service.raw("POST /agent/identity HTTP/1.1\r\nHost: h\r\nConnection: close\r\n"
                + "Content-Type: application/json\r\n" + rest);

        assertThat(answer).matches("(?s)(HTTP/1.1 4\\d\\d .*)?");
    }

    @Test
    void clientThatIsStillSendingARefusedBodyIsNotCutOff() throws Exception {
        byte[] half = "x".repeat(100_000).getBytes(StandardCharsets.US_ASCII);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port());
                OutputStream out = socket.getOutputStream();
                InputStream in = socket.getInputStream()) {
            out.write(
                    "POST /agent/identity HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nContent-Length: 200000\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            out.write(half);
            assertThat(new String(in.readNBytes(12), StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 415");
            out.write(half);

            out.write("GET /auth.md HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(in.readAllBytes(), StandardCharsets.US_ASCII))
                    .contains("invalid_request", "HTTP/1.1 200");
        }
    }

    @Test
    void limitsAndAuditSeeTheClientBehindTheProxy() throws Exception {
        for (int i = 0; i < 501; i++) {
            service.send(service.request("/agent/identity")
                    .header("Content-Type", "application/json")
                    .header("X-Forwarded-For", "198.51.100." + i % 200 + ", 203.0.113.9")
                    .POST(BodyPublishers.ofString(REGISTER)));
        }
        HttpResponse<String> limited = service.send(service.request("/agent/identity")
                .header("Content-Type", "application/json")
                .header("X-Forwarded-For", "203.0.113.9")
                .POST(BodyPublishers.ofString(REGISTER)));

        assertThat(limited.statusCode()).isEqualTo(429);
        assertThat(limited.headers().allValues("Retry-After")).containsExactly("3600");
        assertThat(json(limited).string("error")).contains("rate_limited");
        assertThat(events).isNotEmpty().extracting(AuditEvent::clientAddress).containsOnly("203.0.113.9");
    }

    private static RegistrationStore failingStore(Supplier<RuntimeException> failure) {
        return (RegistrationStore) Proxy.newProxyInstance(
                RegistrationStore.class.getClassLoader(),
                new Class<?>[] {RegistrationStore.class},
                (proxy, method, arguments) -> {
                    throw failure.get();
                });
    }
}
