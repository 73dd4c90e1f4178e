package dev.agentauth.servlet;

import static dev.agentauth.servlet.TestService.FORM;
import static dev.agentauth.servlet.TestService.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.spi.AuditEvent;
import dev.agentauth.spi.RegistrationStore;
import dev.agentauth.spi.StoreUnavailableException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
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
    private RuntimeException failure = new StoreUnavailableException("out of reach, as the test wants it");
    private TestService service;

    @BeforeEach
    void start() throws Exception {
        service = new TestService(
                "/",
                TestService.ISSUER,
                TestService.ISSUER + "/api",
                builder -> builder.registrations(failingStore(() -> failure)).audit(events::add));
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
        assertThat(json(response).names()).containsExactlyInAnyOrder("error", "message");
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
    void unexpectedFailureIsAnsweredWithoutItsWords() throws Exception {
        failure = new IllegalStateException("secret words of a driver");

        HttpResponse<String> response = service.postJson("/agent/identity", REGISTER);

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(json(response).string("error")).contains("server_error");
        assertThat(response.body()).doesNotContain("secret", "driver", "Exception");
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
