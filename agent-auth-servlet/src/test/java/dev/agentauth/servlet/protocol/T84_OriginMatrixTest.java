package dev.agentauth.servlet.protocol;

import static dev.agentauth.servlet.protocol.Client.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.spi.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("T84: a website spends its visitors' limits, or reads what a cookie opens")
final class T84_OriginMatrixTest extends ProtocolTest {
    private static final List<String> FOR_AGENTS = List.of(
            "/agent/identity",
            "/agent/identity/claim",
            "/agent/identity/claim/attempt/challenge",
            "/agent/identity/claim/attempt/reject",
            "/agent/identity/claim/complete",
            "/oauth2/token",
            "/oauth2/revoke",
            "/api/things");
    private static final List<String> FOR_OTHERS = List.of(
            "/agent/auth/revoke",
            "/agent/event/notify",
            "/agent/identity/claim/view",
            "/agent/identity/claim/mail",
            "/agent/identity/claim/view/reveal",
            "/agent/identity/claim/view/reject",
            "/agent/identity/claim/view/style.css",
            "/agent/identity/claim/view/code.js",
            "/api/open/x",
            "/nowhere");

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void originMatrix(boolean on) {
        startService(options -> {
            if (on) {
                options.anyOrigin();
            }
        });
        Stream.of(FOR_AGENTS, FOR_OTHERS).flatMap(List::stream).forEach(path -> {
            boolean open = on && FOR_AGENTS.contains(path);
            for (String origin :
                    List.of("https://evil.example", "null", service().issuer(), "")) {
                for (String cookie : List.of("", "session=secret")) {
                    for (String method : List.of("GET", "HEAD", "POST", "DELETE", "OPTIONS")) {
                        matrix(path, method, origin, cookie, false, open);
                    }
                    matrix(path, "OPTIONS", origin, cookie, true, open);
                }
            }
        });
    }

    @Test
    @DisplayName("the page that a session opens is for nobody's script, with everything switched on")
    void pageUnderSignIn() {
        CookieSignIn signIn = new CookieSignIn();
        startService(options -> options.signIn(signIn).anyOrigin());
        service().users.add(User.of("u1", ADA));
        String page = client().register(json("type", "service_auth", "login_hint", ADA))
                .hasStatus(200)
                .json()
                .at("/claim/attempt/verification_uri")
                .textValue();
        Secrets.note(page.substring(page.indexOf('=') + 1));
        String path = page.substring(service().issuer().length());
        String cookie = signIn.signIn("u1").cookie()[1];
        for (String origin : List.of("https://evil.example", "null", service().issuer())) {
            for (String[] headers : new String[][] {
                {"Origin", origin, "Cookie", cookie},
                {"Origin", origin, "Cookie", cookie, "Access-Control-Request-Method", "GET"}
            }) {
                for (String method : List.of("GET", "HEAD", "OPTIONS")) {
                    Answer answer = client().send(method, path, new byte[0], headers);
                    assertThat(answer.status()).isEqualTo(method.equals("OPTIONS") ? 405 : 200);
                    assertThat(answer.headers().keySet())
                            .as("%s", answer)
                            .noneMatch(name -> name.startsWith("access-control-"));
                }
            }
        }
    }

    private void matrix(String path, String method, String origin, String cookie, boolean preflight, boolean open) {
        Map<String, String> headers = Map.of(
                "Origin",
                origin,
                "Cookie",
                cookie,
                "Access-Control-Request-Method",
                preflight ? "GET" : "",
                "Access-Control-Request-Credentials",
                preflight ? "true" : "");
        List<String> sent = new ArrayList<>();
        headers.forEach((name, value) -> {
            if (!value.isEmpty()) {
                sent.addAll(List.of(name, value));
            }
        });
        Answer answer = client().send(method, path, new byte[0], sent.toArray(new String[0]));
        boolean refusedByFilter = path.equals("/api/open/x") && !method.equals("GET") && !method.equals("HEAD");
        if (refusedByFilter) {
            // Nothing is behind the other methods: what is told is the filter's own refusal.
            assertThat(answer.status()).isEqualTo(401);
        } else {
            assertThat(answer.headers("Access-Control-Allow-Origin"))
                    .as("%s %s %s: %s", method, path, sent, answer)
                    .isEqualTo(open ? List.of("*") : List.of());
        }
        assertThat(answer.headers("Access-Control-Allow-Credentials")).isEmpty();
        assertThat(answer.headers("Set-Cookie")).isEmpty();
        if (!preflight) {
            assertThat(answer.headers("Access-Control-Allow-Methods")).isEmpty();
        }
    }
}
