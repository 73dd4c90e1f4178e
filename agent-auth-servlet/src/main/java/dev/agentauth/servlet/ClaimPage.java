package dev.agentauth.servlet;

import dev.agentauth.servlet.internal.page.Accent;
import dev.agentauth.servlet.internal.page.Logo;
import dev.agentauth.servlet.internal.page.Look;
import dev.agentauth.servlet.internal.page.StandardPage;
import dev.agentauth.servlet.internal.page.Texts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/**
 * The claim page as it is unless an embedder renders its own: works on a phone, without JavaScript, with keyboard and
 * screen reader, in light and dark, in English and German. Name, logo, colour and texts can be the service's.
 *
 * <p>Thread-safe.
 *
 * @since 0.2.0
 */
public final class ClaimPage implements ClaimPageRenderer {
    private final StandardPage page;

    private ClaimPage(StandardPage page) {
        this.page = page;
    }

    /**
     * Begins a page that looks like the service's other ones.
     *
     * @return a builder with the defaults
     */
    public static Builder builder() {
        return new Builder();
    }

    /** For the pages of this library that look the same. */
    StandardPage standard() {
        return page;
    }

    @Override
    public String render(ClaimPageView view) {
        return page.render(view);
    }

    @Override
    public List<Locale> languages() {
        return page.languages();
    }

    @Override
    public List<ClaimPageAsset> assets() {
        return page.assets();
    }

    /** Configures a {@link ClaimPage}. */
    public static final class Builder {
        private @Nullable String name;
        private @Nullable Logo logo;
        private @Nullable String support;
        private @Nullable String manage;
        private Accent accent = Accent.DEFAULT;
        private Locale defaultLanguage = Locale.ENGLISH;
        private final Map<Locale, ResourceBundle> texts = new LinkedHashMap<>();

        private Builder() {}

        /**
         * What the page calls the service.
         *
         * @param serviceName {@link dev.agentauth.AgentAuthBuilder#serviceName} by default
         * @return this builder
         */
        public Builder name(String serviceName) {
            this.name = Objects.requireNonNull(serviceName);
            return this;
        }

        /**
         * A picture beside the name, drawn two lines high. It has to be legible on white and on near-black; an SVG can ask
         * {@code prefers-color-scheme}.
         *
         * @param content the file, at most 256 KiB
         * @param mediaType {@code image/png}, {@code image/svg+xml} or {@code image/webp}
         * @param alt what it says to people who do not see it; empty if no more than the name beside it
         * @return this builder
         * @throws IllegalArgumentException if the content is too large or not of that type
         */
        public Builder logo(byte[] content, String mediaType, String alt) {
            this.logo = Logo.of(content, mediaType, alt, false);
            return this;
        }

        /**
         * A picture that shows the service's name, in the place of the name: {@link #logo} otherwise. To people who do not see
         * it, it says the name.
         *
         * @param content the file, at most 256 KiB
         * @param mediaType {@code image/png}, {@code image/svg+xml} or {@code image/webp}
         * @return this builder
         * @throws IllegalArgumentException if the content is too large or not of that type
         */
        public Builder wordmark(byte[] content, String mediaType) {
            this.logo = Logo.of(content, mediaType, "", true);
            return this;
        }

        /**
         * Where people get help: linked from pages on which something has ended, went wrong, or may not have been theirs.
         *
         * @param url {@code https:}, {@code mailto:}, or a path of this host; none by default
         * @return this builder
         * @throws IllegalArgumentException if it is something else
         */
        public Builder support(String url) {
            this.support = Look.link("support", url);
            return this;
        }

        /**
         * Where people see which agents act for them, and end that.
         *
         * @param url {@code https:}, or a path of this host; by default {@link dev.agentauth.AgentAuthBuilder#manageUrl}
         * @return this builder
         * @throws IllegalArgumentException if it is something else
         */
        public Builder manage(String url) {
            this.manage = Look.link("manage", url);
            return this;
        }

        /**
         * The colour of the button that leads on. Any colour will do: the label on it is black or white, whichever reads
         * better (at least 4.5:1), and its edge and the focus ring are the same colour, darkened in light mode or lightened
         * in dark mode until they stand out (at least 3:1).
         *
         * @param hex {@code #rrggbb}; a calm blue by default
         * @return this builder
         * @throws IllegalArgumentException if it is not written like that
         */
        public Builder accent(String hex) {
            this.accent = Accent.of(hex);
            return this;
        }

        /**
         * Texts of a language. For a language that the page knows (or a variant of it, such as {@code de-CH}) a bundle needs
         * to have only the keys that differ; for any other, all of them. The keys are those of {@code texts_en.properties},
         * and {@code scope.}<i>name</i>: what a scope allows, in plain words.
         *
         * @param language what {@code Accept-Language} is matched with
         * @param bundle patterns of {@link java.text.MessageFormat}, in which an apostrophe is written as ’ or doubled
         * @return this builder
         */
        public Builder texts(Locale language, ResourceBundle bundle) {
            this.texts.put(Objects.requireNonNull(language), Objects.requireNonNull(bundle));
            return this;
        }

        /**
         * The language for people who read none of the others.
         *
         * @param language English by default; one that the page knows or has been given texts for
         * @return this builder
         */
        public Builder defaultLanguage(Locale language) {
            this.defaultLanguage = Objects.requireNonNull(language);
            return this;
        }

        /**
         * Builds the page.
         *
         * @return ready to be given to {@link AgentAuthServlet.Builder#claimPage}
         * @throws IllegalArgumentException if texts lack a key, have one that no page uses, or are no patterns, or if there
         *     are none in the default language; the message names it
         */
        public ClaimPage build() {
            Map<Locale, Texts> byLanguage = new LinkedHashMap<>(Texts.ours());
            texts.forEach((language, bundle) -> byLanguage.put(language, Texts.of(language, bundle)));
            if (!byLanguage.containsKey(defaultLanguage)) {
                throw new IllegalArgumentException(
                        "there are no texts in the default language: " + defaultLanguage.toLanguageTag());
            }
            List<Texts> all = new ArrayList<>(List.of(byLanguage.remove(defaultLanguage)));
            all.addAll(byLanguage.values());
            return new ClaimPage(new StandardPage(new Look(name, logo, accent, support, manage), all));
        }
    }
}
