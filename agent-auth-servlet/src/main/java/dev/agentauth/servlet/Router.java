package dev.agentauth.servlet;

import dev.agentauth.AgentAuth;
import dev.agentauth.Caller;
import dev.agentauth.Discovery;
import dev.agentauth.ErrorCode;
import dev.agentauth.servlet.internal.endpoint.ChallengeEndpoint;
import dev.agentauth.servlet.internal.endpoint.ClaimEndpoint;
import dev.agentauth.servlet.internal.endpoint.CompleteEndpoint;
import dev.agentauth.servlet.internal.endpoint.DocumentEndpoint;
import dev.agentauth.servlet.internal.endpoint.JwksEndpoint;
import dev.agentauth.servlet.internal.endpoint.LogoutEndpoint;
import dev.agentauth.servlet.internal.endpoint.RegisterEndpoint;
import dev.agentauth.servlet.internal.endpoint.RejectEndpoint;
import dev.agentauth.servlet.internal.endpoint.RevokeTokenEndpoint;
import dev.agentauth.servlet.internal.endpoint.TokenEndpoint;
import dev.agentauth.servlet.internal.http.Answer;
import dev.agentauth.servlet.internal.http.JsonSurface;
import dev.agentauth.servlet.internal.http.Route;
import dev.agentauth.servlet.internal.page.DecisionForm;
import dev.agentauth.servlet.internal.page.Pages;
import dev.agentauth.servlet.internal.page.ViewEndpoint;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Which path leads to which endpoint. */
final class Router {
    private static final String AUTHORIZATION_SERVER = "/.well-known/oauth-authorization-server";
    private static final String PROTECTED_RESOURCE = "/.well-known/oauth-protected-resource";
    private static final String JWKS = "/.well-known/jwks.json";

    private final Map<String, Route> routes = new HashMap<>();

    private Router() {}

    /** All of the protocol. */
    static Router all(AgentAuth auth, ClientAddress clients, InstantSource clock, ClaimPageRenderer claimPage) {
        Router router = wellKnown(auth);
        router.addMarkdown(auth.discovery());
        router.addIdentity(auth, clients::callerOf);
        router.addCredential(auth, clients::callerOf);
        router.addPage(auth, clients::callerOf, new Pages(auth.discovery(), claimPage, clock));
        return router;
    }

    /** The documents below {@code /.well-known} alone. */
    static Router wellKnown(AgentAuth auth) {
        Router router = new Router();
        Discovery discovery = auth.discovery();
        router.routes.put(JWKS, Route.get(JsonSurface.IDENTITY, new JwksEndpoint(auth)));
        router.addMetadata(
                AUTHORIZATION_SERVER,
                discovery,
                discovery.issuer(),
                Route.get(JsonSurface.IDENTITY, DocumentEndpoint.json(discovery.authorizationServer())));
        router.addMetadata(
                PROTECTED_RESOURCE,
                discovery,
                discovery.resource(),
                Route.get(JsonSurface.IDENTITY, DocumentEndpoint.json(discovery.protectedResource())));
        return router;
    }

    /** The endpoint's answer, or 404. */
    Answer answer(HttpServletRequest request) {
        Route route = find(request.getContextPath(), request.getServletPath(), request.getPathInfo());
        return route != null
                ? route.answer(request)
                : JsonSurface.IDENTITY.error(
                        404,
                        ErrorCode.INVALID_REQUEST.code(),
                        "There is no such endpoint. Read the discovery documents for the right URLs.");
    }

    /**
     * Finds a route below whatever the servlet is mapped to. All paths are as the container decoded them.
     *
     * @return null if there is none
     */
    @Nullable
    Route find(String contextPath, String servletPath, @Nullable String pathInfo) {
        Route route = pathInfo == null ? null : routes.get(pathInfo);
        if (route == null) {
            String path = pathInfo == null ? servletPath : servletPath + pathInfo;
            route = routes.get(path);
            if (route == null && !contextPath.isEmpty()) {
                // A document of a resource that has a path of its own in the same web application.
                route = routes.get(contextPath + path);
            }
        }
        return route;
    }

    private void addIdentity(AgentAuth auth, Function<HttpServletRequest, Caller> callers) {
        JsonSurface surface = JsonSurface.IDENTITY;
        routes.put("/agent/identity", Route.post(surface, new RegisterEndpoint(auth, callers)));
        routes.put("/agent/identity/claim", Route.post(surface, new ClaimEndpoint(auth, callers)));
        routes.put(
                "/agent/identity/claim/attempt/challenge", Route.post(surface, new ChallengeEndpoint(auth, callers)));
        routes.put("/agent/identity/claim/attempt/reject", Route.post(surface, new RejectEndpoint(auth, callers)));
        routes.put("/agent/identity/claim/complete", Route.post(surface, new CompleteEndpoint(auth, callers)));
    }

    private void addCredential(AgentAuth auth, Function<HttpServletRequest, Caller> callers) {
        JsonSurface surface = JsonSurface.CREDENTIAL;
        routes.put("/oauth2/token", Route.post(surface, new TokenEndpoint(auth, callers)));
        routes.put("/oauth2/revoke", Route.post(surface, new RevokeTokenEndpoint(auth, callers)));
        routes.put("/agent/auth/revoke", Route.post(surface, new LogoutEndpoint(auth, callers)));
    }

    private void addPage(AgentAuth auth, Function<HttpServletRequest, Caller> callers, Pages pages) {
        JsonSurface surface = JsonSurface.IDENTITY;
        routes.put(Pages.VIEW, Route.get(surface, new ViewEndpoint(auth, pages)));
        routes.put(Pages.REVEAL, Route.post(surface, DecisionForm.reveal(auth, pages, callers)));
        routes.put(Pages.REJECT, Route.post(surface, DecisionForm.reject(auth, pages, callers)));
        pages.assets().forEach((path, asset) -> routes.put(path, Route.get(surface, asset)));
    }

    private void addMarkdown(Discovery discovery) {
        routes.put("/auth.md", Route.get(JsonSurface.IDENTITY, DocumentEndpoint.markdown(discovery.authMd())));
    }

    /**
     * A document is at its plain place, and where what it describes has a path, also with that path behind the plain
     * place (inserted) and before it (appended). Clients use any of them.
     */
    private void addMetadata(String plain, Discovery discovery, String described, Route route) {
        routes.put(plain, route);
        String path = URI.create(described).getPath();
        String bare = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        add(plain + path, discovery, route);
        add(plain + bare, discovery, route);
        add(bare + plain, discovery, route);
    }

    /** Adds a path of the host, and the same path below our base, in case something in front of us strips the base. */
    private void add(String path, Discovery discovery, Route route) {
        routes.put(path, route);
        String base = URI.create(discovery.base()).getPath();
        if (path.startsWith(base + "/")) {
            routes.put(path.substring(base.length()), route);
        }
    }
}
