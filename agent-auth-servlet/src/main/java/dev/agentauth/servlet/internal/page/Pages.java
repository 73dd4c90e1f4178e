package dev.agentauth.servlet.internal.page;

import dev.agentauth.AgentAuth;
import dev.agentauth.Discovery;
import dev.agentauth.Secret;
import dev.agentauth.internal.wire.Paths;
import dev.agentauth.servlet.ClaimPageAsset;
import dev.agentauth.servlet.ClaimPageRenderer;
import dev.agentauth.servlet.ClaimPageView.Action;
import dev.agentauth.servlet.ClaimPageView.Setting;
import dev.agentauth.servlet.internal.http.Accept;
import dev.agentauth.servlet.internal.http.Answer;
import dev.agentauth.servlet.internal.http.Answer.Header;
import dev.agentauth.servlet.internal.http.Endpoint;
import dev.agentauth.servlet.internal.http.Failures;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.zip.CRC32;

/** What all claim pages of a service have in common: who writes them, where their forms and files are. */
public final class Pages {
    /** An SVG that somebody opens by itself is a document of our origin. It gets none of our rights. */
    private static final String ASSET_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

    private final Reception reception;
    private final ClaimPageRenderer renderer;
    private final List<Locale> languages;
    private final String serviceName;
    private final Optional<String> manageUrl;
    private final Map<Locale, Map<String, String>> scopeTexts;
    private final String basePath;
    private final SameOrigin origin;
    private final InstantSource clock;
    private final Failures failures;
    private final Map<String, Endpoint> assets = new HashMap<>();
    private final Map<String, String> assetUrls = new HashMap<>();
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
        this.scopeTexts = auth.scopeTexts();
        this.serviceName = discovery.serviceName();
        this.basePath = URI.create(discovery.base()).getRawPath();
        this.origin = new SameOrigin(discovery.base());
        this.clock = clock;
        this.failures = failures;
        List<ClaimPageAsset> files = renderer.assets();
        files.forEach(this::add);
        this.headers =
                new PageHeaders(files.stream().anyMatch(file -> file.mediaType().startsWith("image/")));
    }

    private void add(ClaimPageAsset asset) {
        byte[] content = asset.content();
        String path = Paths.VIEW + "/" + asset.name();
        Answer answer = new Answer(
                200,
                List.of(
                        new Header("Content-Type", asset.mediaType()),
                        new Header("Cache-Control", "public, max-age=31536000, immutable"),
                        new Header("Content-Security-Policy", ASSET_POLICY),
                        new Header("X-Content-Type-Options", "nosniff")),
                content);
        if (path.equals(Paths.VIEW_REVEAL)
                || path.equals(Paths.VIEW_TYPE)
                || path.equals(Paths.VIEW_REJECT)
                || assets.put(path, request -> answer) != null) {
            throw new IllegalArgumentException("the claim page has something of this name already: " + asset.name());
        }
        assetUrls.put(asset.name(), basePath + path + "?v=" + version(content));
    }

    /** Changes whenever the content does; as a part of the URL it makes the copies in caches the right ones. */
    private static String version(byte[] content) {
        CRC32 checksum = new CRC32();
        checksum.update(content);
        return HexFormat.of().toHexDigits((int) checksum.getValue());
    }

    /** What answers for each file that the pages load, by its path. */
    public Map<String, Endpoint> assets() {
        return Map.copyOf(assets);
    }

    /** Answers one request in the language of whoever sent it. */
    Reply to(HttpServletRequest request) {
        Locale language = Languages.choose(languages, request.getHeaders("Accept-Language"));
        return new Reply(
                renderer, headers, this, setting(language), Accept.of(request).namesHtml());
    }

    private Setting setting(Locale language) {
        Locale known = Locale.lookup(List.of(new Locale.LanguageRange(language.toLanguageTag())), scopeTexts.keySet());
        return new Setting(
                language,
                serviceName,
                clock.instant(),
                assetUrls,
                Optional.empty(),
                manageUrl,
                known == null ? Map.of() : Objects.requireNonNull(scopeTexts.get(known)));
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
