package dev.agentauth.servlet.internal.page;

import dev.agentauth.AgentAuth;
import dev.agentauth.Discovery;
import dev.agentauth.Secret;
import dev.agentauth.internal.wire.Paths;
import dev.agentauth.servlet.ClaimPageRenderer;
import dev.agentauth.servlet.ClaimPageView.Action;
import dev.agentauth.servlet.ClaimPageView.Setting;
import dev.agentauth.servlet.internal.http.Accept;
import dev.agentauth.servlet.internal.http.Answer;
import dev.agentauth.servlet.internal.http.Endpoint;
import dev.agentauth.servlet.internal.http.Failures;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** What all claim pages of a service have in common: who writes them, where their forms and files are. */
public final class Pages {
    private final Reception reception;
    private final ClaimPageRenderer renderer;
    private final List<Locale> languages;
    private final String serviceName;
    private final Optional<String> manageUrl;
    private final AgentAuth auth;
    private final String basePath;
    private final SameOrigin origin;
    private final InstantSource clock;
    private final Failures failures;
    private final PageFiles files;
    private final PageHeaders headers;

    /** URLs are absolute paths below the configured base, so they are right behind a proxy that strips a path, too. */
    public Pages(
            AgentAuth auth,
            Reception reception,
            ClaimPageRenderer renderer,
            Optional<String> manageUrl,
            InstantSource clock,
            Failures failures) {
        this.reception = reception;
        this.renderer = renderer;
        this.languages = List.copyOf(renderer.languages());
        if (languages.isEmpty()) {
            throw new IllegalArgumentException("the claim page has no language");
        }
        Discovery discovery = auth.discovery();
        this.manageUrl = manageUrl;
        this.auth = auth;
        this.serviceName = discovery.serviceName();
        this.basePath = URI.create(discovery.base()).getRawPath();
        this.origin = new SameOrigin(discovery.base());
        this.clock = clock;
        this.failures = failures;
        this.files = new PageFiles(
                basePath, Paths.VIEW, Set.of(Paths.VIEW_REVEAL, Paths.VIEW_TYPE, Paths.VIEW_REJECT), renderer.assets());
        this.headers = new PageHeaders(files.hasImages());
    }

    /** What answers for each file that the pages load, by its path. */
    public Map<String, Endpoint> assets() {
        return files.endpoints();
    }

    /** Answers one request in the language of whoever sent it. */
    Reply to(HttpServletRequest request) {
        Locale language = Languages.choose(languages, request.getHeaders("Accept-Language"));
        return new Reply(
                renderer, headers, this, setting(language), Accept.of(request).namesHtml());
    }

    private Setting setting(Locale language) {
        return new Setting(
                language,
                serviceName,
                clock.instant(),
                files.urls(),
                Optional.empty(),
                manageUrl,
                scopeTexts(auth, language));
    }

    /** What scopes allow, in the words of a language. */
    static Map<String, String> scopeTexts(AgentAuth auth, Locale language) {
        Map<Locale, Map<String, String>> texts = auth.scopeTexts();
        Locale known = Locale.lookup(List.of(new Locale.LanguageRange(language.toLanguageTag())), texts.keySet());
        return known == null ? Map.of() : Objects.requireNonNull(texts.get(known));
    }

    /** Serves whoever stands before the page of an attempt, or sends them to sign in. */
    Answer received(HttpServletRequest request, String token, Function<Visit, Answer> service) {
        String view = view(token);
        return reception.visit(request, view).map(service).orElseGet(() -> reception.toSignIn(view));
    }

    /** Where the page of an attempt is: a path with a query. */
    String view(String token) {
        return Paths.link(basePath, URLEncoder.encode(token, StandardCharsets.UTF_8));
    }

    /** The button that shows the code. */
    Action reveal(Visit visit, String token) {
        return action(Paths.VIEW_REVEAL, visit, token);
    }

    /** The button that says yes by a code that the agent shows. */
    Action type(Visit visit, String token) {
        return action(Paths.VIEW_TYPE, visit, token);
    }

    /** The button that says no. */
    Action reject(Visit visit, String token) {
        return action(Paths.VIEW_REJECT, visit, token);
    }

    private Action action(String path, Visit visit, String token) {
        Map<String, Secret> fields = new LinkedHashMap<>();
        fields.put(Paths.LINK_TOKEN, Secret.of(token));
        visit.bond(token).ifPresent(bond -> fields.put(Paths.FORM_BOND, bond));
        return new Action(basePath + path, fields);
    }

    Failures failures() {
        return failures;
    }

    SameOrigin origin() {
        return origin;
    }
}
