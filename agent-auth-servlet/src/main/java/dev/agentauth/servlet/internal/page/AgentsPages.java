package dev.agentauth.servlet.internal.page;

import dev.agentauth.AgentAuth;
import dev.agentauth.AgentAuthException;
import dev.agentauth.AgentSummary;
import dev.agentauth.Secret;
import dev.agentauth.internal.wire.Door;
import dev.agentauth.internal.wire.ErrorCode;
import dev.agentauth.internal.wire.OwnersAgents;
import dev.agentauth.internal.wire.Paths;
import dev.agentauth.internal.wire.Refusal;
import dev.agentauth.internal.wire.Requests;
import dev.agentauth.servlet.ClaimPageView.Account;
import dev.agentauth.servlet.ClaimPageView.Action;
import dev.agentauth.servlet.ClaimPageView.Setting;
import dev.agentauth.servlet.SignIn;
import dev.agentauth.servlet.SignIn.SignedIn;
import dev.agentauth.servlet.internal.http.Accept;
import dev.agentauth.servlet.internal.http.Answer;
import dev.agentauth.servlet.internal.http.Endpoint;
import dev.agentauth.servlet.internal.http.Failures;
import dev.agentauth.servlet.internal.http.FormParameters;
import dev.agentauth.servlet.internal.http.JsonSurface;
import dev.agentauth.servlet.internal.http.RequestBody;
import dev.agentauth.servlet.internal.http.Surface;
import dev.agentauth.servlet.internal.page.PageHeaders.Scripts;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The pages on which people see which agents act for them, give them names, and end them; the same as JSON for whoever would
 * rather have that. Whoever comes here is signed in at the service; what is posted comes from our own pages, or from a front
 * end of the service's own, and from the same session.
 */
public final class AgentsPages {
    private final AgentAuth auth;
    private final SignInEdge signIn;
    private final StandardPage look;
    private final List<Locale> languages;
    private final InstantSource clock;
    private final Failures failures;
    private final String basePath;
    private final SameOrigin origin;
    private final PageFiles files;
    private final PageHeaders headers;

    public AgentsPages(AgentAuth auth, SignIn signIn, StandardPage look, InstantSource clock, Failures failures) {
        this.auth = auth;
        this.signIn = new SignInEdge(signIn);
        this.look = look;
        this.languages = look.languages();
        this.clock = clock;
        this.failures = failures;
        String base = auth.discovery().base();
        this.basePath = URI.create(base).getRawPath();
        this.origin = new SameOrigin(base);
        this.files = new PageFiles(basePath, Paths.YOURS, Set.of(Paths.YOURS_NAME, Paths.YOURS_END), look.assets());
        this.headers = new PageHeaders(files.hasImages());
    }

    /** What answers for each file that the pages load, by its path. */
    public Map<String, Endpoint> assets() {
        return files.endpoints();
    }

    /** {@code GET /agent/yours}: all of them. */
    public Endpoint list() {
        return request -> visit(request, basePath + Paths.YOURS, Visitor::list);
    }

    /** {@code GET /agent/yours/end?agent=}: whether one really should end. */
    public Endpoint confirmation() {
        return request -> {
            String agent = parameter(request, Paths.YOURS_AGENT);
            return visit(
                    request, agent == null ? basePath + Paths.YOURS : endUrl(agent), visitor -> visitor.confirm(agent));
        };
    }

    /** {@code POST /agent/yours/end}: it does. */
    public Endpoint end() {
        return request -> visit(request, basePath + Paths.YOURS, visitor -> visitor.press(Visitor::end));
    }

    /** {@code POST /agent/yours/name}: the person calls one something. */
    public Endpoint name() {
        return request -> visit(request, basePath + Paths.YOURS, visitor -> visitor.press(Visitor::name));
    }

    private String endUrl(String agent) {
        return basePath + Paths.YOURS_END + "?" + Paths.YOURS_AGENT + "="
                + URLEncoder.encode(agent, StandardCharsets.UTF_8);
    }

    /** Null also where a query cannot be read: a page is no place to complain of it. */
    private static @Nullable String parameter(HttpServletRequest request, String name) {
        String query = request.getQueryString();
        if (query == null) {
            return null;
        }
        try {
            return Requests.ownerParameter(
                    names -> FormParameters.parse(query.getBytes(StandardCharsets.UTF_8), names), name);
        } catch (AgentAuthException e) {
            return null;
        }
    }

    /** What is done for somebody who is there. */
    @FunctionalInterface
    private interface Service {
        Answer serve(Visitor visitor);
    }

    /** What a press does. */
    @FunctionalInterface
    private interface Press {
        Answer press(Visitor visitor, Requests.OwnerForm form, AgentSummary agent);
    }

    private Answer visit(HttpServletRequest request, String returnTo, Service service) {
        boolean json = Accept.of(request).prefersJson();
        Answer answer = visit(request, json, returnTo, service);
        // Of all JSON that a cookie opens this alone is ours to give: to no page of another site, as whatever it is
        // taken for.
        return json
                ? answer.with("X-Content-Type-Options", "nosniff").with("Cross-Origin-Resource-Policy", "same-origin")
                : answer;
    }

    private Answer visit(HttpServletRequest request, boolean json, String returnTo, Service service) {
        Locale language = Languages.choose(languages, request.getHeaders("Accept-Language"));
        Setting setting = new Setting(
                language,
                auth.discovery().serviceName(),
                clock.instant(),
                files.urls(),
                Optional.empty(),
                Optional.empty(),
                Pages.scopeTexts(auth, language));
        Surface surface = json ? JsonSurface.IDENTITY : refusal -> unavailable(setting, refusal);
        try {
            Optional<SignedIn> somebody = signIn.signedIn(request);
            if (somebody.isEmpty()) {
                return json
                        ? JsonSurface.IDENTITY.error(Refusal.of(
                                401, ErrorCode.LOGIN_REQUIRED, "Nobody is signed in here. Sign in, and ask again."))
                        : signIn.toSignIn(returnTo);
            }
            Account account = new Account(somebody.get().account(), signIn.changeAccountUrl(returnTo));
            Visitor visitor = new Visitor(request, json, setting.with(Optional.of(account)), somebody.get());
            return auth.isActiveUser(somebody.get().userId()) ? service.serve(visitor) : visitor.off();
        } catch (Throwable e) {
            return failures.answer(Door.PAGE, surface, e);
        }
    }

    private Answer unavailable(Setting setting, Refusal refusal) {
        return refusal.code() == ErrorCode.INVALID_REQUEST
                ? JsonSurface.IDENTITY.error(refusal)
                : page(refusal.status(), setting, look.agents(setting).unavailable(basePath + Paths.YOURS));
    }

    private Answer page(int status, Setting setting, String html) {
        return new Answer(status, headers.of(setting.language(), Scripts.RUN), html.getBytes(StandardCharsets.UTF_8))
                .with("Vary", "Accept, Accept-Language");
    }

    /** Somebody before the page. */
    private final class Visitor {
        private final HttpServletRequest request;
        private final boolean json;
        private final Setting setting;
        private final SignedIn user;

        Visitor(HttpServletRequest request, boolean json, Setting setting, SignedIn user) {
            this.request = request;
            this.json = json;
            this.setting = setting;
            this.user = user;
        }

        Answer list() {
            AgentsView view = view();
            if (json) {
                return json(OwnersAgents.members(user.account(), view.acting(), view.ended(), bond()));
            }
            String ended = parameter(request, Paths.YOURS_ENDED);
            Optional<AgentSummary> justEnded = ended == null ? Optional.empty() : view.ended(ended);
            return page(
                    200,
                    setting,
                    writer().list(
                                    view,
                                    justEnded,
                                    agent -> new AgentsWriter.Ways(
                                            action(Paths.YOURS_NAME, agent.id()), endUrl(agent.id()))));
        }

        Answer confirm(@Nullable String id) {
            Optional<AgentSummary> agent = acting(id);
            return agent.map(one -> page(200, setting, writer().end(one, action(Paths.YOURS_END, one.id()), listUrl())))
                    .orElseGet(this::unknown);
        }

        /** Checks whose press it is, and does it. */
        Answer press(Press press) {
            if (!origin.allows(request)) {
                return foreign();
            }
            Requests.OwnerForm form = Requests.OwnerForm.read(names -> RequestBody.form(request, names));
            if (!Bond.isKept(bond(), form.bond())) {
                return foreign();
            }
            String id = form.agent();
            Optional<AgentSummary> agent = acting(id);
            return agent.map(one -> press.press(this, form, one)).orElseGet(this::unknown);
        }

        Answer end(Requests.OwnerForm form, AgentSummary agent) {
            boolean unused = auth.revokeRegistration(agent.id(), user.userId());
            return done(agent, listUrl() + "?" + Paths.YOURS_ENDED + "=" + agent.id());
        }

        Answer name(Requests.OwnerForm form, AgentSummary agent) {
            boolean unused = auth.nameRegistration(agent.id(), user.userId(), form.label() == null ? "" : form.label());
            return done(agent, listUrl());
        }

        private Answer done(AgentSummary agent, String next) {
            return json
                    ? json(OwnersAgents.done(auth.registration(agent.id()).orElse(agent)))
                    : PageHeaders.redirect(303, next);
        }

        private Answer unknown() {
            return json
                    ? JsonSurface.IDENTITY.error(Refusal.of(
                            404,
                            ErrorCode.INVALID_REQUEST,
                            "No agent of this id acts for this account. Load the list."))
                    : page(404, setting, writer().unknown(listUrl()));
        }

        /** Nothing acts for an account that is switched off, and whoever has a session of it left does nothing either. */
        Answer off() {
            return json
                    ? JsonSurface.IDENTITY
                            .error(Refusal.of(
                                    403,
                                    ErrorCode.USER_NOT_FOUND,
                                    "This account is unknown or switched off: no agent acts for it."))
                            .with("Vary", "Accept")
                    : page(403, setting, writer().off());
        }

        private Answer foreign() {
            return json
                    ? JsonSurface.IDENTITY.error(Refusal.of(
                            403,
                            ErrorCode.INVALID_REQUEST,
                            "This did not come from this session. Load the list and send its session_token."))
                    : page(403, setting, writer().foreign(listUrl()));
        }

        private Answer json(Map<String, Object> members) {
            return JsonSurface.IDENTITY.ok(members).with("Vary", "Accept");
        }

        private Optional<AgentSummary> acting(@Nullable String id) {
            return id == null ? Optional.empty() : AgentsView.acting(auth, user.userId(), id);
        }

        private AgentsView view() {
            return AgentsView.of(auth, user.userId(), setting.now());
        }

        private AgentsWriter writer() {
            return look.agents(setting);
        }

        private String listUrl() {
            return basePath + Paths.YOURS;
        }

        private Action action(String path, String agent) {
            Map<String, Secret> fields = new LinkedHashMap<>();
            fields.put(Paths.YOURS_AGENT, Secret.of(agent));
            fields.put(Paths.FORM_BOND, bond());
            return new Action(basePath + path, fields);
        }

        /** Of no attempt, so that no form of the claim page will do here, nor one of ours there. */
        private Secret bond() {
            return Bond.of(user, Paths.YOURS);
        }
    }
}
