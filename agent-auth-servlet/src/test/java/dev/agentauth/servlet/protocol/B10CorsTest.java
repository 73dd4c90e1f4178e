package dev.agentauth.servlet.protocol;

import static dev.agentauth.servlet.protocol.Client.form;
import static dev.agentauth.servlet.protocol.Client.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("B10. CORS, switched on")
final class B10CorsTest extends ProtocolTest {
    static final String ORIGIN = "https://agent.example";

    @BeforeEach
    void openToAnyOrigin() {
        startService(options -> options.anyOrigin());
    }

    private Answer preflight(String path, String method) {
        return client().send(
                        "OPTIONS",
                        path,
                        new byte[0],
                        "Origin",
                        ORIGIN,
                        "Access-Control-Request-Method",
                        method,
                        "Access-Control-Request-Headers",
                        "authorization,content-type");
    }

    private static void isOpen(Answer answer) {
        assertThat(answer.header("Access-Control-Allow-Origin"))
                .as("%s", answer)
                .isEqualTo("*");
        assertThat(answer.header("Access-Control-Expose-Headers")).contains("WWW-Authenticate", "Retry-After");
        assertThat(answer.headers("Access-Control-Allow-Credentials")).isEmpty();
    }

    private static void isClosed(Answer answer) {
        assertThat(answer.headers().keySet()).as("%s", answer).noneMatch(name -> name.startsWith("access-control-"));
    }

    @Nested
    @DisplayName("Preflights and answers of the identity surface and the credential surface carry the headers")
    final class Surfaces {

        @ParameterizedTest
        @EnumSource(names = {"REGISTER", "CLAIM", "CHALLENGE", "REJECT", "COMPLETE", "TOKEN", "REVOKE"})
        void preflight(Endpoint endpoint) {
            Answer answer = B10CorsTest.this.preflight(endpoint.path, "POST").hasStatus(204);
            isOpen(answer);
            assertThat(answer.header("Access-Control-Allow-Methods")).isEqualTo("POST");
            assertThat(answer.header("Access-Control-Allow-Headers")).contains("Authorization", "Content-Type");
            assertThat(answer.header("Access-Control-Max-Age")).isEqualTo("600");
            assertThat(answer.text()).isEmpty();
        }

        @ParameterizedTest
        @EnumSource(names = {"REGISTER", "CLAIM", "CHALLENGE", "REJECT", "COMPLETE", "TOKEN", "REVOKE"})
        void successAndErrors(Endpoint endpoint) {
            String[] headers = {"Content-Type", endpoint.contentType(), "Origin", ORIGIN};
            isOpen(client().send("POST", endpoint.path, Client.utf8(endpoint.goodBody(B10CorsTest.this)), headers)
                    .hasStatus(200));
            isOpen(client().send("POST", endpoint.path, Client.utf8("?"), headers)
                    .hasStatus(400));
            isOpen(client().send("POST", endpoint.path, new byte[65_537], headers)
                    .hasStatus(413));
            isOpen(client().get(endpoint.path, "Origin", ORIGIN).hasStatus(405));
            isOpen(client().send("OPTIONS", endpoint.path, new byte[0], "Origin", ORIGIN)
                    .hasStatus(405));
        }

        @Test
        @DisplayName("a challenge and Retry-After are there to be read")
        void exposedHeaders() {
            Answer challenged = client().startClaim("clm_x", ADA).hasStatus(401);
            assertThat(challenged.header("WWW-Authenticate")).contains("invalid_claim_token");
            isOpen(challenged);

            ProtocolService limited =
                    startService(options -> options.anyOrigin().limited());
            for (int i = 0; i < 5; i++) {
                limited.client.registerAnonymously().hasStatus(200);
            }
            Answer spent = limited.client.registerAnonymously().hasStatus(429);
            assertThat(spent.headers("Retry-After")).hasSize(1);
            isOpen(spent);
        }
    }

    @Nested
    @DisplayName("The bearer filter's paths")
    final class Filter {

        @ParameterizedTest
        @CsvSource({"/api/things, GET", "/api/things/1, DELETE", "/api/nowhere, GET", "/api/things, PATCH"})
        @DisplayName("a preflight passes without a token, and reaches nobody behind the filter")
        void preflight(String path, String method) {
            Answer answer = B10CorsTest.this.preflight(path, method).hasStatus(204);
            isOpen(answer);
            assertThat(List.of(answer.header("Access-Control-Allow-Methods").split(", ")))
                    .containsExactly("DELETE", "GET", "HEAD", "POST");
            assertThat(answer.text()).isEmpty();
        }

        @Test
        @DisplayName("only a preflight passes without a token")
        void anythingElseNeedsAToken() {
            for (String method : Set.of("OPTIONS", "GET", "HEAD", "POST", "DELETE")) {
                Answer answer = client().send(method, "/api/things", new byte[0], "Origin", ORIGIN)
                        .hasStatus(401);
                isOpen(answer);
                assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer ");
            }
            client().send("GET", "/api/things", new byte[0], "Access-Control-Request-Method", "GET")
                    .hasStatus(401);
            client().send("options", "/api/things", new byte[0], "Access-Control-Request-Method", "GET")
                    .hasStatus(401);
        }

        @Test
        void answersOfTheApiAndRefusals() {
            String token = token(registerAnonymously().assertion());
            String[] authorized = {"Authorization", "Bearer " + token, "Origin", ORIGIN};
            for (String path : List.of("/api/things", "/api/async")) {
                isOpen(client().get(path, authorized).hasStatus(200));
            }
            isOpen(client().get("/api/fail", authorized).hasStatus(418));
            isOpen(client().get("/api/things/secret", authorized).hasStatus(403));
            isOpen(client().get("/api/nowhere", authorized).hasStatus(403));
            isOpen(client().get("/api/things", "Authorization", "Bearer x", "Origin", ORIGIN)
                    .hasStatus(401));
        }

        @Test
        @DisplayName("what needs no token may be opened by a cookie, and is left alone")
        void openPaths() {
            isClosed(client().get("/api/open/x", "Origin", ORIGIN).hasStatus(200));
            isOpen(B10CorsTest.this.preflight("/api/open/x", "POST").hasStatus(204));
            isOpen(B10CorsTest.this.preflight("/api/open/x", "GET").hasStatus(401));
        }

        @ParameterizedTest
        @ValueSource(strings = {"/api//things", "/api/things%25", "/api/things%5C"})
        @DisplayName("a path that is ambiguous is refused even so")
        void ambiguousPath(String path) {
            assertThat(B10CorsTest.this.preflight(path, "GET").status()).isBetween(400, 404);
        }
    }

    @Nested
    @DisplayName("Never on providers' endpoints, the page, its forms, or anything that a cookie opens")
    final class Closed {

        @Test
        void providersEndpoints() {
            isClosed(preflight("/agent/auth/revoke", "POST").hasStatus(405));
            isClosed(client().logout(logoutOf("somebody").compact()).hasStatus(200));
            isClosed(client().logout("x").hasStatus(400));
        }

        @Test
        void pageAndForms() {
            String link = invite(registerAnonymously(), ADA);
            isClosed(client().get("/agent/identity/claim/view?token=" + link, "Origin", ORIGIN)
                    .hasStatus(200));
            isClosed(
                    client().get("/agent/identity/claim/mail", "Origin", ORIGIN).hasStatus(200));
            for (String path : List.of(
                    "/agent/identity/claim/view",
                    "/agent/identity/claim/mail",
                    "/agent/identity/claim/view/reveal",
                    "/agent/identity/claim/view/reject",
                    "/agent/identity/claim/view/style.css")) {
                isClosed(preflight(path, "POST"));
                isClosed(preflight(path, "GET"));
            }
            for (String form : List.of("reveal", "reject")) {
                isClosed(client().postForm(
                                "/agent/identity/claim/view/" + form,
                                form("token", link),
                                "Origin",
                                service().issuer())
                        .hasStatus(200));
            }
        }

        @Test
        void pathThatIsNotThere() {
            isClosed(preflight("/agent/nowhere", "POST").hasStatus(404));
            isClosed(client().postJson("/agent/nowhere", json(), "Origin", ORIGIN)
                    .hasStatus(404));
        }
    }
}
