package dev.agentauth.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way of mounting the servlets that the Javadoc promises, over a real container. */
class RouterTest {
    private static final String[] ENDPOINTS = {
        "/agent/identity",
        "/agent/identity/claim",
        "/agent/identity/claim/view",
        "/agent/identity/claim/view/reveal",
        "/agent/identity/claim/view/reject",
        "/agent/identity/claim/view/style.css",
        "/agent/identity/claim/view/code.js",
        "/agent/identity/claim/attempt/challenge",
        "/agent/identity/claim/attempt/reject",
        "/agent/identity/claim/complete",
        "/agent/auth/revoke",
        "/agent/event/notify",
        "/oauth2/token",
        "/oauth2/revoke",
        "/auth.md",
        "/.well-known/oauth-authorization-server",
        "/.well-known/oauth-protected-resource",
        "/.well-known/jwks.json"
    };

    private MountedService service;

    @AfterEach
    void stop() throws Exception {
        service.stop();
    }

    @ParameterizedTest
    @CsvSource({
        "/, /*, ''",
        "/, /auth/*, /auth",
        "/, /, ''",
        "/ctx, /*, /ctx",
        "/ctx, /auth/*, /ctx/auth",
        "/ctx, /agent/* /oauth2/* /.well-known/* /auth.md, /ctx",
        "/agent, /*, /agent"
    })
    void everyEndpointIsReachedWhereverTheServletIsMapped(String contextPath, String mappings, String prefix)
            throws Exception {
        service = service(contextPath, "https://h.example" + prefix, "https://h.example/api");
        service.with(new AgentAuthServlet(service.auth), mappings.split(" ")).start();

        for (String endpoint : ENDPOINTS) {
            assertThat(service.get(prefix + endpoint).statusCode()).as(endpoint).isIn(200, 400, 405);
        }
        assertThat(service.get(prefix + "/agent/identity/claim/view").body())
                .contains("href=\"" + prefix + "/agent/identity/claim/view/style.css?v=");
    }

    @ParameterizedTest
    @CsvSource({
        "/.well-known/oauth-authorization-server, issuer",
        "/.well-known/oauth-authorization-server/tenant/one, issuer",
        "/.well-known/oauth-protected-resource, resource",
        "/.well-known/oauth-protected-resource/tenant/one/api, resource",
        "/.well-known/oauth-protected-resource/tenant/one/api/, resource",
        "/.well-known/jwks.json, keys"
    })
    void wellKnownServletServesTheDocumentsAtTheRoot(String path, String member) throws Exception {
        service = service("/", "https://h.example/tenant/one", "https://h.example/tenant/one/api/");
        service.with(new WellKnownServlet(service.auth), "/.well-known/*").start();

        HttpResponse<String> response = service.get(path);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(MountedService.json(response).has(member)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/.well-known/oauth-authorization-server/tenant",
                "/.well-known/oauth-authorization-server/tenant/one/",
                "/.well-known/oauth-protected-resource/tenant/one",
                "/.well-known/openid-configuration",
                "/.well-known/"
            })
    void wellKnownServletServesNothingElse(String path) throws Exception {
        service = service("/", "https://h.example/tenant/one", "https://h.example/tenant/one/api/");
        service.with(new WellKnownServlet(service.auth), "/.well-known/*").start();

        assertThat(service.get(path).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({
        "/, https://h.example, https://h.example/api, /api/.well-known/*, /api/.well-known/oauth-protected-resource",
        "/, https://h.example, https://h.example/api/, /api/.well-known/*, /api/.well-known/oauth-protected-resource",
        // In a context: the path of the resource holds the context path.
        "/ctx, https://h.example/ctx, https://h.example/ctx/api, /api/.well-known/*, "
                + "/ctx/api/.well-known/oauth-protected-resource",
        // Below a path of the context: base and resource are neighbours.
        "/ctx, https://h.example/ctx/auth, https://h.example/ctx/api, /api/.well-known/*, "
                + "/ctx/api/.well-known/oauth-protected-resource",
        // Behind a proxy that strips the path of the base.
        "/, https://h.example/stripped, https://h.example/stripped/api, /api/.well-known/*, "
                + "/api/.well-known/oauth-protected-resource"
    })
    void documentIsServedAtTheAppendedPlaceOfTheResource(
            String contextPath, String issuer, String resource, String mapping, String path) throws Exception {
        service = service(contextPath, issuer, resource);
        service.with(new AgentAuthServlet(service.auth), mapping).start();

        HttpResponse<String> response = service.get(path);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(MountedService.json(response).string("resource")).contains(resource);
    }

    @Test
    void hostHeaderChangesNothing() throws Exception {
        service = service("/", "https://h.example", "https://h.example/api");
        service.with(new AgentAuthServlet(service.auth), "/*").start();

        String usual = service.get("/.well-known/oauth-authorization-server").body();

        assertThat(service.get("/.well-known/oauth-authorization-server", "X-Forwarded-Host", "evil.example")
                        .body())
                .isEqualTo(usual)
                .doesNotContain("127.0.0.1");
    }

    private static MountedService service(String contextPath, String issuer, String resource) {
        return new MountedService(contextPath, issuer, resource, builder -> {});
    }
}
