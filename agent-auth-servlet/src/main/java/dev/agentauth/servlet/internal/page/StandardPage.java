package dev.agentauth.servlet.internal.page;

import dev.agentauth.servlet.ClaimPageAsset;
import dev.agentauth.servlet.ClaimPageView;
import dev.agentauth.servlet.ClaimPageView.Closed;
import dev.agentauth.servlet.ClaimPageView.Code;
import dev.agentauth.servlet.ClaimPageView.Decision;
import dev.agentauth.servlet.ClaimPageView.Mailed;
import dev.agentauth.servlet.ClaimPageView.Problem;
import dev.agentauth.servlet.ClaimPageView.Setting;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The pages that we ship: what they look like, and in which languages. {@link PageWriter} writes them. */
public final class StandardPage {
    static final String STYLESHEET = "style.css";
    static final String SCRIPT = "code.js";

    private final @Nullable String name;
    private final @Nullable Logo logo;
    private final Map<Locale, Texts> texts = new LinkedHashMap<>();
    private final List<ClaimPageAsset> assets = new ArrayList<>();

    /** The first texts are for people who read none of the languages. Without a name, the service's own is used. */
    public StandardPage(@Nullable String name, @Nullable Logo logo, Accent accent, List<Texts> texts) {
        this.name = name;
        this.logo = logo;
        texts.forEach(each -> this.texts.put(each.language(), each));
        assets.add(ClaimPageAsset.of(STYLESHEET, "text/css; charset=utf-8", utf8(accent.css() + read(STYLESHEET))));
        assets.add(ClaimPageAsset.of(SCRIPT, "text/javascript; charset=utf-8", utf8(read(SCRIPT))));
        if (logo != null) {
            assets.add(logo.asset());
        }
    }

    public List<Locale> languages() {
        return List.copyOf(texts.keySet());
    }

    public List<ClaimPageAsset> assets() {
        return List.copyOf(assets);
    }

    /** Writes a page. */
    public String render(ClaimPageView view) {
        Setting setting = view.setting();
        PageWriter writer = new PageWriter(
                setting,
                Objects.requireNonNull(texts.get(setting.language()), "not a language of this page"),
                name == null ? setting.serviceName() : name,
                logo);
        if (view instanceof Decision decision) {
            return writer.decision(decision);
        } else if (view instanceof Code code) {
            return writer.code(code);
        } else if (view instanceof Closed closed) {
            return writer.closed(closed.reason());
        } else if (view instanceof Mailed) {
            return writer.mailed();
        }
        return writer.problem(((Problem) view).kind());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String read(String file) {
        try (InputStream in = StandardPage.class.getResourceAsStream(file)) {
            return new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
