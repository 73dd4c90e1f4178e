package dev.agentauth.servlet;

import static dev.agentauth.servlet.MountedService.FORM;
import static dev.agentauth.servlet.MountedService.JSON;
import static dev.agentauth.servlet.MountedService.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.Caller;
import dev.agentauth.Registered;
import dev.agentauth.config.SharedSecrets;
import dev.agentauth.memory.InMemoryStores;
import dev.agentauth.memory.InMemoryUserDirectory;
import dev.agentauth.spi.MixedStores;
import dev.agentauth.spi.PortUnavailableException;
import dev.agentauth.spi.ResourceServers;
import dev.agentauth.spi.User;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("T88. POST /oauth2/introspect (RFC 7662)")
class T88_IntrospectionTest {
    private static final String INTROSPECT = "/oauth2/introspect";
    private static final String SECRET = "0123456789abcdefghijklmnopqrstuv";
    private static final String OLD_SECRET = "vutsrqponmlkjihgfedcba9876543210";

    private final List<ResourceServers.Credentials> presented = new ArrayList<>();
    private MountedService service;
    private Registered.Anonymous registered;
    private String token;

    @BeforeEach
    void start() throws Exception {
        service = new MountedService(
                        "/",
                        MountedService.ISSUER,
                        MountedService.ISSUER + "/api/",
                        builder -> builder.introspection(watched(SharedSecrets.of("api", SECRET, OLD_SECRET))))
                .withAgentAuthServlet()
                .start();
        registered = service.auth.registerAnonymous(Caller.unknown());
        token = exchange();
    }

    @AfterEach
    void stop() throws Exception {
        service.stop();
    }

    @Test
    @DisplayName("a good token: active, scope, client_id, sub, exp, iss, aud, token_type, and nothing else")
    void goodToken() throws Exception {
        HttpResponse<String> answer = introspect("token=" + token, basic("api", SECRET));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(answer.body())
                .isEqualTo("{\"active\":true,\"scope\":\"api.read\",\"client_id\":\"" + registered.registrationId()
                        + "\",\"sub\":\"" + registered.registrationId() + "\",\"exp\":"
                        + service.now.plusSeconds(3600).getEpochSecond()
                        + ",\"iss\":\"https://service.example\",\"aud\":\"https://service.example/api/\""
                        + ",\"token_type\":\"Bearer\"}");
    }

    @Test
    @DisplayName(
            "sub is the user once there is one, as the filter's principal says it, and the scopes are those of now")
    void claimed() throws Exception {
        service.auth.startClaim(Caller.unknown(), registered.claim().token().reveal(), "ada@example.com");
        String code = service.auth
                .revealCode(Caller.unknown(), service.attemptToken())
                .code()
                .reveal();
        service.auth.completeClaim(Caller.unknown(), registered.claim().token().reveal(), code);
        String userId = service.auth.authenticate(token).orElseThrow().userId().orElseThrow();

        HttpResponse<String> answer = introspect("token=" + token, basic("api", SECRET));

        assertThat(json(answer).string("sub")).contains(userId);
        assertThat(json(answer).string("client_id")).contains(registered.registrationId());
        assertThat(json(answer).string("scope")).contains("api.read api.write");
    }

    @Test
    @DisplayName(
            "a token that is unknown, foreign, expired, dead or of another kind: {\"active\":false} and nothing else")
    void badTokens() throws Exception {
        String revoked = exchange();
        service.auth.revokeToken(Caller.unknown(), revoked);
        for (String bad : List.of(
                revoked,
                "at_" + "A".repeat(32),
                "x",
                "eyJhbGciOiJFUzI1NiJ9.e30.c2ln",
                registered.assertion().value().reveal(),
                registered.claim().token().reveal())) {
            isInactive(introspect("token=" + bad, basic("api", SECRET)));
        }
        service.now = service.now.plusSeconds(3600);
        isInactive(introspect("token=" + token, basic("api", SECRET)));
        service.auth.revokeRegistration(registered.registrationId());
        isInactive(introspect("token=" + token, basic("api", SECRET)));
    }

    @Test
    @DisplayName("id and secret in the header, encoded or not, or in the body; the old secret as well as the new one")
    void whoeverIsKnown() throws Exception {
        for (String secret : List.of(SECRET, OLD_SECRET)) {
            assertThat(introspect("token=" + token, basic("api", secret)).statusCode())
                    .isEqualTo(200);
            assertThat(introspect("token=" + token + "&client_id=api&client_secret=" + secret, null)
                            .statusCode())
                    .isEqualTo(200);
        }
        assertThat(introspect("token=" + token, basic("%61pi", "%30" + SECRET.substring(1)))
                        .statusCode())
                .isEqualTo(200);
        assertThat(introspect(
                                "token=" + token + "&client_id=api",
                                basic("api", SECRET).replace("Basic ", "bASIC  "))
                        .statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Basic",
                "Basic ",
                "Basic !",
                "Basic YXBp",
                "Basic YXBpOiVYWA==",
                "Basic gIA6gIA=",
                "Bearer at_x",
                "Digest x"
            })
    @DisplayName("nobody known: 401 invalid_client with a challenge, whatever the token")
    void nobodyKnown(String header) throws Exception {
        isRefused(introspect("token=" + token, header.isEmpty() ? null : header));
        isRefused(introspect("token=x", header.isEmpty() ? null : header));
    }

    @Test
    @DisplayName("a wrong id or secret: the same")
    void wrongSecret() throws Exception {
        isRefused(introspect("token=" + token, basic("api", "x".repeat(32))));
        isRefused(introspect("token=" + token, basic("other", SECRET)));
        isRefused(introspect("token=" + token, basic("", SECRET)));
        isRefused(introspect("token=" + token + "&client_id=api&client_secret=x", null));
        isRefused(introspect("token=" + token + "&client_id=api", null));
    }

    @Test
    @DisplayName(
            "refused ones are limited, by their client alone; whoever is known goes on at that address, so the port is asked each time")
    void limit() throws Exception {
        MountedService strict = new MountedService(
                        "/",
                        MountedService.ISSUER,
                        MountedService.ISSUER + "/api/",
                        builder -> builder.rateLimiter(Bucket4jRateLimiter.create(() -> 0L))
                                .introspection(watched(SharedSecrets.of("api", SECRET))))
                .withAgentAuthServlet()
                .start();
        try {
            for (int i = 0; i < 60; i++) {
                assertThat(introspect(strict, "token=x", basic("api", "x".repeat(32)))
                                .statusCode())
                        .isEqualTo(401);
            }
            HttpResponse<String> limited = introspect(strict, "token=x", basic("api", "y".repeat(32)));
            assertThat(limited.statusCode()).isEqualTo(429);
            assertThat(limited.headers().firstValue("Retry-After")).isPresent();
            assertThat(presented).hasSize(61);
            isInactive(introspect(strict, "token=x", basic("api", SECRET)));
        } finally {
            strict.stop();
        }
    }

    @Test
    @DisplayName("400 for what is missing, repeated, ambiguous or no form; 405; 413")
    void malformed() throws Exception {
        String known = basic("api", SECRET);
        for (String body : List.of(
                "",
                "token=",
                "token=a&token=b",
                "token=a&token_type_hint=x&token_type_hint=y",
                "token=a&client_secret=" + SECRET,
                "token=a&client_id=other",
                "token=%")) {
            assertThat(json(introspect(body, known)).string("error")).as(body).contains("invalid_request");
        }
        assertThat(introspect("token=a&token_type_hint=refresh_token&x=1&x=2", known)
                        .statusCode())
                .isEqualTo(200);
        assertThat(service.send(service.request(INTROSPECT + "?token=" + token)
                                .headers("Content-Type", FORM, "Authorization", known)
                                .POST(BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(400);
        assertThat(service.post(INTROSPECT, JSON, "{}").statusCode()).isEqualTo(400);
        assertThat(service.get(INTROSPECT).statusCode()).isEqualTo(405);
        assertThat(service.get(INTROSPECT).headers().firstValue("Allow")).contains("POST");
        assertThat(introspect("token=" + "a".repeat(70_000), known).statusCode())
                .isEqualTo(413);
        assertThat(service.raw(
                        "POST /oauth2/introspect HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Type: " + FORM
                                + "\r\nContent-Length: 7\r\nAuthorization: " + known + "\r\nAuthorization: " + known
                                + "\r\n\r\ntoken=a"))
                .startsWith("HTTP/1.1 400 ");
    }

    @Test
    @DisplayName("a port that fails is 503, and nobody is told that a token is dead")
    void outOfReach() throws Exception {
        ResourceServers failing = new ResourceServers() {
            @Override
            public Set<Method> methods() {
                return Set.of();
            }

            @Override
            public Optional<String> authenticate(Credentials credentials) {
                throw new PortUnavailableException("out of reach, as the test wants it");
            }
        };
        for (boolean store : new boolean[] {true, false}) {
            BrokenUsers users = new BrokenUsers();
            MountedService broken = new MountedService(
                            "/",
                            MountedService.ISSUER,
                            MountedService.ISSUER + "/api/",
                            builder -> builder.users(users)
                                    .stores(MixedStores.of(InMemoryStores.of(MountedService.ISSUER)))
                                    .introspection(store ? SharedSecrets.of("api", SECRET) : failing))
                    .withAgentAuthServlet()
                    .start();
            try {
                HttpResponse<String> answer =
                        introspect(broken, "token=" + brokenToken(broken, users), basic("api", SECRET));

                assertThat(answer.statusCode()).isEqualTo(503);
                assertThat(answer.headers().firstValue("Retry-After")).contains("5");
                assertThat(json(answer).string("error")).contains("temporarily_unavailable");
            } finally {
                broken.stop();
            }
        }
    }

    @Test
    @DisplayName(
            "the embedder's own port sees the address, and no certificate where there is none; nothing shows a secret")
    void port() throws Exception {
        introspect("token=" + token, basic("api", SECRET));

        ResourceServers.Credentials seen = presented.get(0);
        assertThat(seen.id()).contains("api");
        assertThat(seen.secret().orElseThrow().reveal()).isEqualTo(SECRET);
        assertThat(seen.caller().address()).isPresent();
        assertThat(seen.certificates()).isEmpty();
        assertThat(seen.toString()).doesNotContain(SECRET);
    }

    @Test
    @DisplayName("in the metadata only where it is on; where it is off, there is nothing at its path")
    void metadata() throws Exception {
        assertThat(service.get("/.well-known/oauth-authorization-server").body())
                .contains(
                        "\"introspection_endpoint\":\"https://service.example/oauth2/introspect\"",
                        "\"introspection_endpoint_auth_methods_supported\":[\"client_secret_basic\",\"client_secret_post\"]");
        MountedService off = new MountedService().withAgentAuthServlet().start();
        try {
            assertThat(off.get("/.well-known/oauth-authorization-server").body())
                    .doesNotContain("introspection");
            assertThat(introspect(off, "token=x", basic("api", SECRET)).statusCode())
                    .isEqualTo(404);
        } finally {
            off.stop();
        }
    }

    private String exchange() {
        return service.auth
                .exchange(Caller.unknown(), registered.assertion().value().reveal(), null, List.of())
                .value()
                .reveal();
    }

    /** One of somebody who cannot be found when it is looked at. */
    private static String brokenToken(MountedService broken, BrokenUsers users) {
        Registered.Anonymous agent = broken.auth.registerAnonymous(Caller.unknown());
        broken.auth.startClaim(Caller.unknown(), agent.claim().token().reveal(), "ada@example.com");
        String code = broken.auth
                .revealCode(Caller.unknown(), broken.attemptToken())
                .code()
                .reveal();
        broken.auth.completeClaim(Caller.unknown(), agent.claim().token().reveal(), code);
        String token = broken.auth
                .exchange(Caller.unknown(), agent.assertion().value().reveal(), null, List.of())
                .value()
                .reveal();
        users.outOfReach = true;
        return token;
    }

    private ResourceServers watched(ResourceServers kept) {
        return new ResourceServers() {
            @Override
            public Set<Method> methods() {
                return kept.methods();
            }

            @Override
            public Optional<String> authenticate(Credentials credentials) {
                presented.add(credentials);
                return kept.authenticate(credentials);
            }
        };
    }

    private HttpResponse<String> introspect(String body, String authorization) throws Exception {
        return introspect(service, body, authorization);
    }

    private static HttpResponse<String> introspect(MountedService service, String body, String authorization)
            throws Exception {
        HttpRequest.Builder request =
                service.request(INTROSPECT).header("Content-Type", FORM).POST(BodyPublishers.ofString(body));
        return service.send(authorization == null ? request : request.header("Authorization", authorization));
    }

    private static String basic(String id, String secret) {
        return "Basic " + Base64.getEncoder().encodeToString((id + ":" + secret).getBytes(StandardCharsets.UTF_8));
    }

    private static void isInactive(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"active\":false}");
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
    }

    private static void isRefused(HttpResponse<String> answer) throws Exception {
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().allValues("WWW-Authenticate")).containsExactly("Basic realm=\"introspection\"");
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(json(answer).string("error")).contains("invalid_client");
        assertThat(json(answer).names()).containsExactlyInAnyOrder("error", "error_description");
    }

    /** Users who cannot be had any more. */
    private static final class BrokenUsers implements dev.agentauth.spi.UserDirectory {
        private final InMemoryUserDirectory kept = new InMemoryUserDirectory();
        private boolean outOfReach;

        @Override
        public Optional<User> findById(String userId) {
            if (outOfReach) {
                throw new PortUnavailableException("out of reach, as the test wants it");
            }
            return kept.findById(userId);
        }

        @Override
        public Optional<User> findByVerifiedEmail(String email) {
            return kept.findByVerifiedEmail(email);
        }

        @Override
        public Optional<User> findByVerifiedPhone(String phone) {
            return kept.findByVerifiedPhone(phone);
        }

        @Override
        public Optional<User> create(dev.agentauth.spi.Contact contact) {
            return kept.create(contact);
        }
    }
}
