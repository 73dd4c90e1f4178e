package dev.agentauth.servlet;

import dev.agentauth.AgentAuth;
import dev.agentauth.Caller;
import dev.agentauth.Discovery;
import dev.agentauth.internal.wire.Answers;
import dev.agentauth.internal.wire.Door;
import dev.agentauth.internal.wire.NotFound;
import dev.agentauth.internal.wire.Paths;
import dev.agentauth.internal.wire.WellKnown;
import dev.agentauth.servlet.internal.endpoint.ChallengeEndpoint;
import dev.agentauth.servlet.internal.endpoint.ClaimEndpoint;
import dev.agentauth.servlet.internal.endpoint.CompleteEndpoint;
import dev.agentauth.servlet.internal.endpoint.DocumentEndpoint;
import dev.agentauth.servlet.internal.endpoint.EventsEndpoint;
import dev.agentauth.servlet.internal.endpoint.IntrospectEndpoint;
import dev.agentauth.servlet.internal.endpoint.JwksEndpoint;
import dev.agentauth.servlet.internal.endpoint.LogoutEndpoint;
import dev.agentauth.servlet.internal.endpoint.Nowhere;
import dev.agentauth.servlet.internal.endpoint.RegisterEndpoint;
import dev.agentauth.servlet.internal.endpoint.RejectEndpoint;
import dev.agentauth.servlet.internal.endpoint.RevokeTokenEndpoint;
import dev.agentauth.servlet.internal.endpoint.TokenEndpoint;
import dev.agentauth.servlet.internal.http.Answer;
import dev.agentauth.servlet.internal.http.CrossOrigin;
import dev.agentauth.servlet.internal.http.Failures;
import dev.agentauth.servlet.internal.http.JsonSurface;
import dev.agentauth.servlet.internal.http.Route;
import dev.agentauth.servlet.internal.page.AgentsPages;
import dev.agentauth.servlet.internal.page.DecisionForm;
import dev.agentauth.servlet.internal.page.LostEndpoint;
import dev.agentauth.servlet.internal.page.MailedEndpoint;
import dev.agentauth.servlet.internal.page.Pages;
import dev.agentauth.servlet.internal.page.Reception;
import dev.agentauth.servlet.internal.page.ViewEndpoint;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Which path leads to which endpoint. */
final class Router {
    private final Map<String, Route> routes = new HashMap<>();
    private final Failures failures = new Failures();
    private final CrossOrigin origins;
    private final Nowhere nowhere;

    private Router(AgentAuth auth, CrossOrigin origins) {
        this.origins = origins;
        this.nowhere = new Nowhere(new NotFound(auth.discovery().base()));
    }

    /** All of the protocol. */
    static Router all(
            AgentAuth auth,
            ClientAddress clients,
            InstantSource clock,
            Reception reception,
            ClaimPageRenderer claimPage,
            @Nullable SignIn owners,
            CrossOrigin origins) {
        Router router = new Router(auth, origins);
        router.addWellKnown(auth);
        router.addMarkdown(auth.discovery());
        router.addIdentity(auth, clients::callerOf, reception);
        router.addCredential(auth, clients::callerOf);
        Optional<String> manageUrl = auth.manageUrl();
        if (owners != null) {
            // Somebody else's page has a look that is not ours to give.
            ClaimPage look = claimPage instanceof ClaimPage page
                    ? page
                    : ClaimPage.builder().build();
            router.addOwners(new AgentsPages(auth, owners, look.standard(), clock, router.failures));
            String own = URI.create(auth.discovery().base()).getRawPath() + Paths.YOURS;
            manageUrl = manageUrl.or(() -> Optional.of(own));
        }
        Pages pages = new Pages(auth, reception, claimPage, manageUrl, clock, router.failures);
        router.addPage(clients::callerOf, pages, reception);
        return router;
    }

    /** The documents below {@code /.well-known} alone. */
    static Router wellKnown(AgentAuth auth) {
        Router router = new Router(auth, CrossOrigin.NONE);
        router.addWellKnown(auth);
        return router;
    }

    /** The endpoint's answer, or 404. */
    Answer answer(HttpServletRequest request) {
        Route route = find(request.getContextPath(), request.getServletPath(), request.getPathInfo());
        return route != null ? route.answer(request, failures, origins) : nowhere.answer(request);
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

    private void addWellKnown(AgentAuth auth) {
        Discovery discovery = auth.discovery();
        routes.put(Paths.JWKS, Route.get(Door.DOCUMENT, JsonSurface.IDENTITY, new JwksEndpoint(auth)));
        addMetadata(
                Paths.AUTHORIZATION_SERVER,
                discovery,
                discovery.issuer(),
                Route.get(Door.DOCUMENT, JsonSurface.IDENTITY, DocumentEndpoint.json(discovery.authorizationServer())));
        addMetadata(
                Paths.PROTECTED_RESOURCE,
                discovery,
                discovery.resource(),
                Route.get(Door.DOCUMENT, JsonSurface.IDENTITY, DocumentEndpoint.json(discovery.protectedResource())));
    }

    private void addIdentity(AgentAuth auth, Function<HttpServletRequest, Caller> callers, Reception reception) {
        JsonSurface surface = JsonSurface.IDENTITY;
        Answers answers = new Answers(auth.discovery().base());
        routes.put(Paths.IDENTITY, Route.post(Door.REGISTER, surface, new RegisterEndpoint(auth, callers, answers)));
        routes.put(Paths.CLAIM, Route.post(Door.CLAIM, surface, new ClaimEndpoint(auth, callers, answers)));
        if (!reception.signsIn()) {
            routes.put(
                    Paths.CHALLENGE,
                    Route.post(Door.CHALLENGE, surface, new ChallengeEndpoint(auth, callers, answers)));
            routes.put(Paths.REJECT, Route.post(Door.REJECT, surface, new RejectEndpoint(auth, callers, answers)));
        }
        routes.put(Paths.COMPLETE, Route.post(Door.COMPLETE, surface, new CompleteEndpoint(auth, callers, answers)));
    }

    private void addCredential(AgentAuth auth, Function<HttpServletRequest, Caller> callers) {
        JsonSurface surface = JsonSurface.CREDENTIAL;
        Answers answers = new Answers(auth.discovery().base());
        routes.put(Paths.TOKEN, Route.post(Door.TOKEN, surface, new TokenEndpoint(auth, callers, answers)));
        routes.put(Paths.REVOKE, Route.post(Door.REVOKE, surface, new RevokeTokenEndpoint(auth, callers)));
        if (auth.introspects()) {
            routes.put(
                    Paths.INTROSPECT,
                    Route.post(Door.INTROSPECT, JsonSurface.INTROSPECTION, new IntrospectEndpoint(auth, callers)));
        }
        routes.put(Paths.LOGOUT, Route.post(Door.LOGOUT, surface, new LogoutEndpoint(auth, callers)));
        routes.put(Paths.EVENTS, Route.post(Door.EVENTS, JsonSurface.EVENTS, new EventsEndpoint(auth, callers)));
    }

    private void addPage(Function<HttpServletRequest, Caller> callers, Pages pages, Reception reception) {
        JsonSurface surface = JsonSurface.IDENTITY;
        routes.put(Paths.VIEW, Route.get(Door.PAGE, surface, new ViewEndpoint(pages)));
        if (!reception.signsIn()) {
            routes.put(Paths.MAIL, Route.get(Door.PAGE, surface, new MailedEndpoint(pages)));
        }
        Map<String, DecisionForm> forms = Map.of(
                Paths.VIEW_REVEAL, DecisionForm.reveal(pages, callers),
                Paths.VIEW_TYPE, DecisionForm.type(pages, callers),
                Paths.VIEW_REJECT, DecisionForm.reject(pages, callers));
        LostEndpoint lost = new LostEndpoint(pages);
        forms.forEach((path, form) -> routes.put(path, Route.form(Door.PAGE, surface, form, lost)));
        pages.assets().forEach((path, asset) -> routes.put(path, Route.get(Door.PAGE, surface, asset)));
    }

    private void addOwners(AgentsPages pages) {
        JsonSurface surface = JsonSurface.IDENTITY;
        routes.put(Paths.YOURS, Route.get(Door.PAGE, surface, pages.list()));
        routes.put(Paths.YOURS_END, Route.form(Door.PAGE, surface, pages.end(), pages.confirmation()));
        routes.put(Paths.YOURS_NAME, Route.form(Door.PAGE, surface, pages.name(), pages.list()));
        pages.assets().forEach((path, asset) -> routes.put(path, Route.get(Door.PAGE, surface, asset)));
    }

    private void addMarkdown(Discovery discovery) {
        routes.put(
                Paths.AUTH_MD,
                Route.get(Door.DOCUMENT, JsonSurface.IDENTITY, DocumentEndpoint.markdown(discovery.authMd())));
    }

    private void addMetadata(String document, Discovery discovery, String described, Route route) {
        WellKnown.paths(document, described, discovery.base()).forEach(path -> routes.put(path, route));
    }
}
