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

/** The pages that we ship: what they look like, and in which languages. {@link PageWriter} writes them. */
public final class StandardPage {
    static final String STYLESHEET = "style.css";
    static final String SCRIPT = "code.js";
    static final String TIMES = "times.js";

    private final Look look;
    private final Map<Locale, Texts> texts = new LinkedHashMap<>();
    private final List<ClaimPageAsset> assets = new ArrayList<>();

    /** The first texts are for people who read none of the languages. */
    public StandardPage(Look look, List<Texts> texts) {
        this.look = look;
        texts.forEach(each -> this.texts.put(each.language(), each));
        assets.add(ClaimPageAsset.of(
                STYLESHEET, "text/css; charset=utf-8", utf8(look.accent().css() + read(STYLESHEET))));
        for (String script : List.of(TIMES, SCRIPT)) {
            assets.add(ClaimPageAsset.of(script, "text/javascript; charset=utf-8", utf8(read(script))));
        }
        if (look.logo() != null) {
            assets.add(look.logo().asset());
        }
        if (look.hasIconOfItsOwn()) {
            assets.add(look.iconAsset());
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
        PageWriter writer = new PageWriter(frame(view.setting()));
        if (view instanceof Decision decision) {
            return writer.decision(decision);
        } else if (view instanceof Code code) {
            return writer.code(code);
        } else if (view instanceof Closed closed) {
            return writer.closed(closed);
        } else if (view instanceof Mailed) {
            return writer.mailed();
        }
        return writer.problem(((Problem) view).kind());
    }

    /** What writes the pages on which people see their agents, with the same look and words. */
    AgentsWriter agents(Setting setting) {
        return new AgentsWriter(frame(setting));
    }

    private PageFrame frame(Setting setting) {
        return new PageFrame(
                setting, Objects.requireNonNull(texts.get(setting.language()), "not a language of this page"), look);
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
