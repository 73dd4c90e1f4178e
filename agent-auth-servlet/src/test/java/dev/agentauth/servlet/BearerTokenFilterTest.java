package dev.agentauth.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.agentauth.AuthenticatedAgent;
import dev.agentauth.Caller;
import dev.agentauth.Registered;
import dev.agentauth.SecretHash;
import dev.agentauth.memory.InMemoryStores;
import dev.agentauth.memory.InMemoryTokenStore;
import dev.agentauth.spi.AccessToken;
import dev.agentauth.spi.MixedStores;
import dev.agentauth.spi.PortUnavailableException;
import dev.agentauth.spi.TokenStore;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BearerTokenFilterTest {
    private static final String METADATA =
            "resource_metadata=\"https://service.example/.well-known/oauth-protected-resource/api/\"";

    private final FailingTokens tokens = new FailingTokens();
    private MountedService service;
    private String token;
    private String registrationId;

    @BeforeEach
    void start() throws Exception {
        service = new MountedService(
                "/",
                MountedService.ISSUER,
                MountedService.ISSUER + "/api/",
                builder -> builder.stores(
                        MixedStores.of(InMemoryStores.of(MountedService.ISSUER)).withTokens(tokens)));
        service.with(forgery(), "/*", EnumSet.of(DispatcherType.REQUEST));
        service.with(
                BearerTokenFilter.builder(service.auth)
                        .require("GET", "/api/*", "api.read")
                        .require("POST", "/api/*", "api.write")
                        .allowAnonymous("GET", "/api/open/*")
                        .build(),
                "/*",
                EnumSet.allOf(DispatcherType.class));
        service.with(new Api(), "/*").withErrorPage(418, "/error-page").start();

        Registered.Anonymous registered = service.auth.registerAnonymous(Caller.unknown());
        registrationId = registered.registrationId();
        token = service.auth
                .exchange(Caller.unknown(), registered.assertion().value().reveal(), null, List.of())
                .value()
                .reveal();
    }

    @AfterEach
    void stop() throws Exception {
        service.stop();
    }

    @Test
    void requestWithAGoodTokenHasItsPrincipal() throws Exception {
        assertThat(authorized("/api/x").body()).isEqualTo(registrationId + " Bearer read " + registrationId);
        assertThat(service.get("/api/x", "Authorization", "bEARER " + token).statusCode())
                .isEqualTo(200);
    }

    @Test
    void headIsJudgedLikeGet() throws Exception {
        assertThat(service.send(service.request("/api/x")
                                .header("Authorization", "Bearer " + token)
                                .method("HEAD", BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(200);
        assertThat(service.send(service.request("/api/x").method("HEAD", BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Basic YTpi", "DPoP x"})
    void requestWithoutABearerTokenIsToldWhereToLook(String header) throws Exception {
        HttpResponse<String> response =
                header.isEmpty() ? service.get("/api/x") : service.get("/api/x", "Authorization", header);

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.headers().allValues("WWW-Authenticate")).containsExactly("Bearer " + METADATA);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer", "Bearer at_unknown", "Bearer a b", "Bearer a,b"})
    void requestWithABadTokenIsToldThatItIsBad(String header) throws Exception {
        HttpResponse<String> response = service.get("/api/x", "Authorization", header);

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.headers().allValues("WWW-Authenticate"))
                .containsExactly("Bearer error=\"invalid_token\", " + METADATA);
        assertThat(MountedService.json(response).string("error")).contains("invalid_token");
        assertThat(MountedService.json(response).names()).containsExactlyInAnyOrder("error", "error_description");
    }

    @Test
    void tokenIsGoodUntilTheInstantOfItsExpiry() throws Exception {
        service.now = service.now.plusSeconds(3600).minusMillis(1);
        assertThat(authorized("/api/x").statusCode()).isEqualTo(200);

        service.now = service.now.plusMillis(1);
        assertThat(authorized("/api/x").statusCode()).isEqualTo(401);
    }

    @Test
    void twoAuthorizationHeadersAreOneTooMany() throws Exception {
        String answer = service.raw("GET /api/x HTTP/1.1\r\nHost: h\r\nConnection: close\r\nAuthorization: Bearer "
                + token + "\r\nAuthorization: Bearer " + token + "\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 400 ").contains("invalid_request");
    }

    @Test
    void tokenWithoutTheScopeIsToldWhichOneItTakes() throws Exception {
        HttpResponse<String> response = service.send(service.request("/api/x")
                .header("Authorization", "Bearer " + token)
                .POST(BodyPublishers.noBody()));

        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(response.headers().allValues("WWW-Authenticate"))
                .containsExactly("Bearer error=\"insufficient_scope\", " + METADATA + ", scope=\"api.write\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/other", "/", "/apix", "/API/x"})
    void pathWithoutARuleIsRefusedWhateverTheToken(String path) throws Exception {
        assertThat(service.get(path).statusCode()).isEqualTo(401);
        assertThat(authorized(path).statusCode()).isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource({
        "/api/open/../x, 401",
        "/api/%6Fpen/x, 200",
        "/api/open/x, 200",
        "/api/open;/x, 200",
        "/api/open/..;/x, 400",
        "/api/open/%2e%2e/x, 400",
        "/api/open/%2E./x, 400",
        "/api/open/%252e%252e/x, 400",
        "/api/open//x, 400",
        "/api/open/x%5Cy, 400",
        "/api/open/%3Bx, 400",
        "/api/open/x%0Ay, 400",
        "//api/open/x, 400"
    })
    void otherSpellingsOfAPathNeverOpenAnother(String target, int status) throws Exception {
        String answer = service.raw("GET " + target + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 " + status + " ").doesNotContain("Bearer read");
    }

    @Test
    void openPathHasNoPrincipalEvenWithATokenOrALeftOverAttribute() throws Exception {
        assertThat(authorized("/api/open/x").body()).isEqualTo("nobody");
        assertThat(service.get("/api/open/x", "X-Forge", "yes").body()).isEqualTo("nobody");
    }

    @Test
    void principalIsKeptInAsyncAndErrorDispatches() throws Exception {
        assertThat(authorized("/api/async").body()).isEqualTo(registrationId + " Bearer read " + registrationId);
        assertThat(authorized("/api/error").body())
                .contains("ERROR " + registrationId + " Bearer read " + registrationId);
    }

    @Test
    void principalIsKeptInAsyncDispatchesThoughTheTokenHasEndedMeanwhile() throws Exception {
        tokens.findable.set(1);

        assertThat(authorized("/api/async").statusCode()).isEqualTo(200);
    }

    @Test
    void errorPageOfAnOpenPathIsShownWithoutAPrincipal() throws Exception {
        HttpResponse<String> response = service.get("/api/open/error");

        assertThat(response.statusCode()).isEqualTo(418);
        assertThat(response.body()).isEqualTo("ERROR nobody");
    }

    @Test
    void dispatchesOfAnOpenPathToAGuardedOneAreJudged() throws Exception {
        assertThat(service.get("/api/open/forward").statusCode()).isEqualTo(401);
        assertThat(service.get("/api/open/async-elsewhere").statusCode()).isEqualTo(401);
        assertThat(authorized("/api/open/forward").body()).contains("Bearer read");
    }

    @Test
    void attributeOfSomebodyElseIsNoAdmission() throws Exception {
        assertThat(service.get("/api/x", "X-Forge", "yes").statusCode()).isEqualTo(401);
        assertThat(service.get("/api/open/async-elsewhere", "X-Forge", "yes").statusCode())
                .isEqualTo(401);
    }

    @Test
    void storeOutOfReachIsNotTheTokensFault() throws Exception {
        tokens.findable.set(0);

        HttpResponse<String> response = authorized("/api/x");

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).contains("5");
        assertThat(response.headers().firstValue("WWW-Authenticate")).isEmpty();
        assertThat(MountedService.json(response).string("error")).contains("temporarily_unavailable");
    }

    @Test
    void buildNamesTheRuleThatIsWrong() {
        BearerTokenFilter.Builder builder =
                BearerTokenFilter.builder(service.auth).require("GET", "/api/x*", "api.read");

        assertThatIllegalArgumentException().isThrownBy(builder::build).withMessageContaining("GET /api/x* api.read");
    }

    private HttpResponse<String> authorized(String path) throws Exception {
        return service.get(path, "Authorization", "Bearer " + token);
    }

    /** What other code of the application could have left behind. */
    private static Filter forgery() {
        return (request, response, chain) -> {
            if (((HttpServletRequest) request).getHeader("X-Forge") != null) {
                AuthenticatedAgent forged = new AuthenticatedAgent("reg_forged", null, List.of("api.read"), null);
                request.setAttribute(BearerTokenFilter.AGENT_ATTRIBUTE, forged);
                request.setAttribute("dev.agentauth.servlet.admission", new AgentPrincipal(forged));
            }
            chain.doFilter(request, response);
        };
    }

    /** Answers with whom it sees, on the detours that its path names. */
    private static final class Api extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response)
                throws IOException, ServletException {
            String path = request.getPathInfo();
            boolean first = request.getDispatcherType() == DispatcherType.REQUEST;
            if (first && path.endsWith("/forward")) {
                request.getRequestDispatcher("/api/x").forward(request, response);
            } else if (first && path.endsWith("/async")) {
                AsyncContext async = request.startAsync();
                async.dispatch();
            } else if (first && path.endsWith("/async-elsewhere")) {
                if (request.getHeader("X-Forge") != null) {
                    forgery().doFilter(request, response, (again, same) -> {});
                }
                AsyncContext async = request.startAsync();
                async.dispatch("/api/x");
            } else if (first && path.endsWith("/error")) {
                response.sendError(418);
            } else {
                response.getWriter().print(prefix(request) + seen(request));
            }
        }

        private static String prefix(HttpServletRequest request) {
            return request.getDispatcherType() == DispatcherType.ERROR ? "ERROR " : "";
        }

        private static String seen(HttpServletRequest request) {
            Object attribute = request.getAttribute(BearerTokenFilter.AGENT_ATTRIBUTE);
            if (!(request.getUserPrincipal() instanceof AgentPrincipal principal)
                    || !(attribute instanceof AuthenticatedAgent agent)) {
                return attribute == null && request.getUserPrincipal() == null ? "nobody" : "half of somebody";
            }
            return principal.getName() + " " + request.getAuthType()
                    + (request.isUserInRole("api.read") ? " read" : "")
                    + (request.isUserInRole("api.write") ? " write " : " ")
                    + (agent == principal.agent() ? request.getRemoteUser() : "?");
        }
    }

    /** Real tokens in a store that can be out of reach. */
    private static final class FailingTokens implements TokenStore {
        private final TokenStore store = new InMemoryTokenStore();
        private final AtomicInteger findable = new AtomicInteger(Integer.MAX_VALUE);

        @Override
        public void insert(AccessToken token, Instant now, int limit) {
            store.insert(token, now, limit);
        }

        @Override
        public Optional<AccessToken> find(SecretHash hash) {
            if (findable.getAndDecrement() <= 0) {
                throw new PortUnavailableException("out of reach, as the test wants it");
            }
            return store.find(hash);
        }

        @Override
        public void delete(SecretHash hash) {
            store.delete(hash);
        }

        @Override
        public int purgeExpired(Instant now, int limit) {
            return store.purgeExpired(now, limit);
        }
    }
}
