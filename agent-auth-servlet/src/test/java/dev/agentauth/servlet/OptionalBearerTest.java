package dev.agentauth.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.agentauth.AuthenticatedAgent;
import dev.agentauth.BearerTokens;
import dev.agentauth.Caller;
import dev.agentauth.Registered;
import dev.agentauth.spi.PortUnavailableException;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Agents and people at the same paths: agents are judged, and whoever comes without a token is somebody else's affair. */
class OptionalBearerTest {
    private static final String METADATA =
            "resource_metadata=\"https://service.example/.well-known/oauth-protected-resource/api/\"";
    private static final String UNKNOWN = "at_" + "A".repeat(32);
    private static final String JWT = "eyJhbGciOiJFUzI1NiJ9.e30.c2ln";

    private final AtomicInteger lookUps = new AtomicInteger();
    private boolean outOfReach;
    private MountedService service;
    private Registered.Anonymous registered;
    private String token;

    @BeforeEach
    void start() throws Exception {
        service = new MountedService();
        mount();
        service.start();
        registered = service.auth.registerAnonymous(Caller.unknown());
        token = service.auth
                .exchange(Caller.unknown(), registered.assertion().value().reveal(), null, List.of())
                .value()
                .reveal();
    }

    @AfterEach
    void stop() throws Exception {
        service.stop();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Basic YTpi", "DPoP x", "Bearerish x"})
    void requestWithoutATokenIsLeftToWhoeverJudgesPeople(String header) throws Exception {
        HttpResponse<String> response =
                header.isEmpty() ? service.get("/api/x") : service.get("/api/x", "Authorization", header);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("a person, or nobody");
        assertThat(lookUps).hasValue(0);
    }

    @Test
    void anyPathAndMethodWithoutATokenIsLeftToThem() throws Exception {
        assertThat(service.get("/elsewhere").body()).isEqualTo("a person, or nobody");
        assertThat(service.send(service.request("/api/x").DELETE()).body()).isEqualTo("a person, or nobody");
    }

    @Test
    void agentIsJudgedByTheRules() throws Exception {
        assertThat(authorized("/api/x", token).body()).isEqualTo(registered.registrationId());
        assertThat(authorized("/elsewhere", token).statusCode()).isEqualTo(403);

        HttpResponse<String> tooLittle = service.send(service.request("/api/x")
                .header("Authorization", "Bearer " + token)
                .POST(BodyPublishers.noBody()));
        assertThat(tooLittle.statusCode()).isEqualTo(403);
        assertThat(tooLittle.headers().allValues("WWW-Authenticate"))
                .containsExactly("Bearer error=\"insufficient_scope\", " + METADATA + ", scope=\"api.write\"");
    }

    @Test
    void t89_deadTokenOfOursIsRefusedWhoeverElseMayBeSignedIn() throws Exception {
        service.auth.revokeToken(Caller.unknown(), token);

        for (String dead : List.of(token, UNKNOWN)) {
            HttpResponse<String> response =
                    service.get("/api/x", "Authorization", "Bearer " + dead, "Cookie", "session=somebody");

            assertThat(response.statusCode()).isEqualTo(401);
            assertThat(response.headers().allValues("WWW-Authenticate"))
                    .containsExactly("Bearer error=\"invalid_token\", " + METADATA);
        }
    }

    @Test
    void t89_tokenOfOursIsJudgedWhereNoneIsNeeded() throws Exception {
        for (String path : List.of("/api/open/x", "/left/open/x")) {
            assertThat(service.get(path, "Cookie", "session=somebody").body()).isEqualTo("a person, or nobody");
            assertThat(authorized(path, token).body()).isEqualTo(registered.registrationId());
            assertThat(raw(path, "Authorization: Bearer " + token + "\r\nAuthorization: Basic YTpi\r\n"))
                    .startsWith("HTTP/1.1 400 ");
            for (String dead : List.of("Bearer " + UNKNOWN, "Bearer a b")) {
                assertThat(service.get(path, "Authorization", dead, "Cookie", "session=somebody")
                                .statusCode())
                        .isEqualTo(401);
            }
        }
        assertThat(authorized("/api/open/x", JWT).statusCode()).isEqualTo(401);
        assertThat(authorized("/left/open/x", JWT).body()).isEqualTo("a person, or nobody");
        service.auth.revokeToken(Caller.unknown(), token);
        assertThat(service.get("/api/open/x", "Authorization", "Bearer " + token, "Cookie", "session=somebody")
                        .statusCode())
                .isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {JWT, "opaque", "at_short", "at_00000000000000000000000000000.00"})
    void t89_otherTokensAreRefusedUnlessTheyAreLeftToOthers(String other) throws Exception {
        assertThat(authorized("/api/x", other).statusCode()).isEqualTo(401);
        assertThat(authorized("/left/x", other).body()).isEqualTo("a person, or nobody");
        assertThat(lookUps).hasValue(0);
    }

    @Test
    void t89_whatIsNoTokenOrMoreThanOneIsLeftToNobody() throws Exception {
        for (String header : List.of("Bearer", "Bearer a b", "Bearer a,b")) {
            assertThat(service.get("/left/x", "Authorization", header).statusCode())
                    .isEqualTo(401);
        }
        for (String second : List.of("Bearer " + JWT, "Basic YTpi")) {
            assertThat(raw("/left/x", "Authorization: Basic YTpi\r\nAuthorization: " + second + "\r\n"))
                    .startsWith("HTTP/1.1 400 ");
        }
        assertThat(authorized("/left/x", UNKNOWN).statusCode()).isEqualTo(401);
        assertThat(authorized("/left/x", token).statusCode()).isEqualTo(403);
    }

    @Test
    void agentIsKeptInLaterDispatchesAndAPersonIsLeftAlone() throws Exception {
        assertThat(authorized("/api/async", token).body()).isEqualTo(registered.registrationId());
        assertThat(authorized("/api/forward", token).body()).isEqualTo(registered.registrationId());
        assertThat(service.get("/api/async").body()).isEqualTo("a person, or nobody");
        assertThat(service.get("/api/forward").body()).isEqualTo("a person, or nobody");
    }

    @Test
    void outOfReachIsNeitherAPassNorThe401OfABadToken() throws Exception {
        outOfReach = true;

        HttpResponse<String> response = authorized("/api/x", token);

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).contains("5");
        assertThat(response.headers().firstValue("WWW-Authenticate")).isEmpty();
        assertThat(service.get("/api/x").statusCode()).isEqualTo(200);
    }

    @Test
    void preflightIsAnsweredAndPeoplesAnswersAreOpenedToNobody() throws Exception {
        HttpResponse<String> preflight = service.send(preflight("/api/x").method("OPTIONS", BodyPublishers.noBody()));

        assertThat(preflight.statusCode()).isEqualTo(204);
        assertThat(opened(preflight)).isTrue();
        assertThat(opened(authorized("/api/x", token))).isTrue();
        assertThat(opened(authorized("/api/x", UNKNOWN))).isTrue();
        assertThat(opened(service.get("/api/x"))).isFalse();
        assertThat(opened(authorized("/left/x", JWT))).isFalse();
    }

    @Test
    void preflightOfWhatIsNotForAgentsIsLeftToWhoeverJudgesPeople() throws Exception {
        for (String path : List.of("/elsewhere", "/api/open/x", "/left/x")) {
            HttpResponse<String> preflight = service.send(preflight(path).method("OPTIONS", BodyPublishers.noBody()));

            assertThat(preflight.body()).as(path).isEqualTo("a person, or nobody");
            assertThat(opened(preflight)).isFalse();
        }
    }

    @Test
    void leavingOtherTokensTakesAFilterThatIsOptional() {
        BearerTokenFilter.Builder builder =
                BearerTokenFilter.builder(service.auth).leaveOtherTokens(true);

        assertThatIllegalArgumentException().isThrownBy(builder::build).withMessageContaining("leaveOtherTokens");
    }

    private BearerTokenFilter.Builder filter() {
        return BearerTokenFilter.optional(counted())
                .require("GET", "/api/*", "api.read")
                .require("POST", "/api/*", "api.write")
                .allowAnonymous("GET", "/api/open/*")
                .allowAnonymous("GET", "/left/open/*")
                .allowAnyOrigin(true);
    }

    private void mount() {
        BearerTokenFilter filter = filter().build();
        service.with(filter, "/api/*", EnumSet.allOf(DispatcherType.class));
        service.with(filter, "/elsewhere", EnumSet.allOf(DispatcherType.class));
        service.with(filter().leaveOtherTokens(true).build(), "/left/*", EnumSet.allOf(DispatcherType.class));
        service.with(new Both(), "/*");
    }

    /** The service's own tokens, with a count of how often one was looked up. */
    private BearerTokens counted() {
        return new BearerTokens() {
            @Override
            public Optional<AuthenticatedAgent> authenticate(String bearer) {
                lookUps.incrementAndGet();
                if (outOfReach) {
                    throw new PortUnavailableException("out of reach, as the test wants it");
                }
                return service.auth.authenticate(bearer);
            }

            @Override
            public String resourceMetadataUrl() {
                return service.auth.resourceMetadataUrl();
            }
        };
    }

    private HttpResponse<String> authorized(String path, String bearer) throws Exception {
        return service.get(path, "Authorization", "Bearer " + bearer);
    }

    private HttpRequest.Builder preflight(String path) {
        return service.request(path)
                .header("Origin", "https://elsewhere.example")
                .header("Access-Control-Request-Method", "GET");
    }

    private static boolean opened(HttpResponse<String> response) {
        return response.headers().firstValue("Access-Control-Allow-Origin").isPresent();
    }

    private String raw(String target, String headers) throws IOException {
        return service.raw("GET " + target + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n" + headers + "\r\n");
    }

    /** What stands behind the filter, for agents and for people. */
    private static final class Both extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response)
                throws IOException, ServletException {
            boolean first = request.getDispatcherType() == DispatcherType.REQUEST;
            if (first && request.getRequestURI().endsWith("/async")) {
                request.startAsync().dispatch();
            } else if (first && request.getRequestURI().endsWith("/forward")) {
                request.getRequestDispatcher("/api/x").forward(request, response);
            } else {
                boolean agent = request.getUserPrincipal() instanceof AgentPrincipal;
                response.getWriter().print(agent ? request.getRemoteUser() : "a person, or nobody");
            }
        }
    }
}
