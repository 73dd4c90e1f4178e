package dev.agentauth.servlet.internal.page;

import static dev.agentauth.servlet.internal.page.Html.element;
import static dev.agentauth.servlet.internal.page.Html.text;

import dev.agentauth.internal.json.Timestamps;
import dev.agentauth.servlet.ClaimPageView.Account;
import dev.agentauth.servlet.ClaimPageView.Action;
import dev.agentauth.servlet.ClaimPageView.Setting;
import dev.agentauth.servlet.internal.page.Html.Element;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What all pages for people are made of, for one person, in one language and at one instant. */
final class PageFrame {
    /** Stand for parts of a sentence while its words are put around them; no text has these characters. */
    private static final char FIRST_PART = '\ue000';

    private static final int UNFOLDED_SCOPES = 5;

    private final Setting setting;
    private final Texts texts;
    private final Look look;
    private final String service;

    PageFrame(Setting setting, Texts texts, Look look) {
        this.setting = setting;
        this.texts = texts;
        this.look = look;
        this.service = look.name() == null ? setting.serviceName() : look.name();
    }

    Setting setting() {
        return setting;
    }

    Texts texts() {
        return texts;
    }

    /** What the page calls the service. */
    String service() {
        return service;
    }

    /**
     * A whole page. Its title is its heading too.
     *
     * @param state which page it is, for scripts
     */
    String page(String title, String state, @Nullable Mark mark, List<String> scripts, Html... content) {
        String heading = words(title);
        List<Html> head = new ArrayList<>(List.of(
                element("meta").with("charset", "utf-8"),
                element("meta").with("name", "viewport").with("content", "width=device-width, initial-scale=1"),
                element("meta").with("name", "color-scheme").with("content", "light dark"),
                element("title", text(heading + " \u2013 " + service)),
                element("link").with("rel", "stylesheet").with("href", setting.asset(StandardPage.STYLESHEET)),
                element("link").with("rel", "icon").with("href", setting.asset(look.icon()))));
        scripts.forEach(script ->
                head.add(element("script").with("src", setting.asset(script)).with("defer", "")));
        List<Html> main = new ArrayList<>();
        setting.account().ifPresent(account -> main.add(account(account)));
        if (mark != null) {
            main.add(mark.html());
        }
        main.add(element("h1", text(heading)));
        main.addAll(List.of(content));
        Element body = element("body", header(), element("main", main.toArray(Html[]::new)))
                .with("data-state", state);
        StringBuilder out = new StringBuilder(4096).append("<!DOCTYPE html>");
        element("html", element("head", head.toArray(Html[]::new)), body)
                .with("lang", texts.language().toLanguageTag())
                .with("dir", words("direction"))
                .writeTo(out);
        return out.toString();
    }

    private Element account(Account account) {
        return element(
                        "p",
                        text(words("account.name", account.name()) + " "),
                        element("a", text(words("account.change"))).with("href", account.changeUrl()))
                .with("class", "account");
    }

    /** A picture that says the name already stands alone. */
    private Element header() {
        Logo logo = look.logo();
        Element name = element("span", text(service));
        if (logo == null) {
            return element("header", element("p", name));
        }
        Element image = element("img").with("src", setting.asset(Logo.NAME));
        return element(
                "header",
                logo.isWordmark()
                        ? element("p", image.with("alt", service))
                        : element("p", image.with("alt", logo.alt()), name));
    }

    /** All of them can be read; where there are many, most are behind a line that says so. */
    Html scopes(List<String> scopes) {
        List<Html> items = scopes.stream().map(this::scope).toList();
        if (items.size() <= UNFOLDED_SCOPES) {
            return element("ul", items.toArray(Html[]::new));
        }
        List<Html> folded = items.subList(UNFOLDED_SCOPES - 1, items.size());
        return element(
                "div",
                element("ul", items.subList(0, UNFOLDED_SCOPES - 1).toArray(Html[]::new)),
                element(
                        "details",
                        element("summary", text(words("scopes.more", folded.size()))),
                        element("ul", folded.toArray(Html[]::new))));
    }

    /** In the service's words where it has said them; its name is there in any case. */
    private Html scope(String scope) {
        Element name = element("code", text(scope));
        return texts.scope(scope)
                .or(() -> setting.scopeText(scope))
                .map(words -> element("li", text(words + " "), name.with("class", "fine")))
                .orElseGet(() -> element("li", name));
    }

    /** Where people go who need somebody, or want to end something; empty if the service has named neither. */
    List<Html> links() {
        List<Html> links = new ArrayList<>();
        String manage = manageUrl();
        if (manage != null) {
            links.add(link(manage, words("manage.link")));
        }
        if (look.support() != null) {
            links.add(link(look.support(), words("support.link", service)));
        }
        return listed(links);
    }

    /** Where people go who need somebody; empty if the service has not said it. */
    List<Html> help() {
        return listed(
                look.support() == null ? List.of() : List.of(link(look.support(), words("support.link", service))));
    }

    private static Html link(String url, String words) {
        return element("li", element("a", text(words)).with("href", url));
    }

    private static List<Html> listed(List<Html> links) {
        return links.isEmpty()
                ? List.of()
                : List.of(element("ul", links.toArray(Html[]::new)).with("class", "links"));
    }

    /** Where people end what they have allowed; null if the service has not said it. */
    @Nullable
    String manageUrl() {
        return look.manage() != null ? look.manage() : setting.manageUrl().orElse(null);
    }

    Element form(Action action, String label, String style, Html... fields) {
        List<Html> content = new ArrayList<>();
        action.fields()
                .forEach((name, value) -> content.add(element("input")
                        .with("type", "hidden")
                        .with("name", name)
                        .with("value", value.reveal())));
        content.addAll(List.of(fields));
        content.add(element("button", text(words(label))).with("type", "submit").with("class", style));
        return element("form", content.toArray(Html[]::new))
                .with("method", "post")
                .with("action", action.url());
    }

    Element heading(String key) {
        return element("h2", text(words(key)));
    }

    /** One fact of a list of them. */
    List<Html> fact(String key, Html... value) {
        return List.of(element("dt", text(words(key))), element("dd", value));
    }

    Element paragraph(String key, Object... arguments) {
        return element("p", text(words(key, arguments)));
    }

    /** A text whose arguments are pieces of HTML. */
    Html sentence(String key, Html... parts) {
        Object[] places = new Object[parts.length];
        for (int i = 0; i < parts.length; i++) {
            places[i] = String.valueOf((char) (FIRST_PART + i));
        }
        List<Html> content = new ArrayList<>();
        StringBuilder before = new StringBuilder();
        for (char c : words(key, places).toCharArray()) {
            if (c >= FIRST_PART && c < FIRST_PART + parts.length) {
                content.add(text(before.toString()));
                content.add(parts[c - FIRST_PART]);
                before.setLength(0);
            } else {
                before.append(c);
            }
        }
        content.add(text(before.toString()));
        return element("span", content.toArray(Html[]::new));
    }

    /** UTC, until a script makes it the reader's own. */
    Element time(Instant instant) {
        return element("time", text(texts.time(instant))).with("datetime", Timestamps.format(instant));
    }

    /** How long ago something was. */
    String ago(Instant then) {
        return texts.ago(then, setting.now());
    }

    /** The same as a fact that stands alone, with the time below it. */
    Html[] agoAt(Instant then) {
        String ago = ago(then);
        int first = ago.offsetByCodePoints(0, Math.min(1, ago.length()));
        return new Html[] {
            text(ago.substring(0, first).toUpperCase(texts.language()) + ago.substring(first)),
            time(then).with("class", "fine")
        };
    }

    /** How long there is until something. */
    String span(Instant then) {
        return texts.span(setting.now(), then);
    }

    String words(String key, Object... arguments) {
        return texts.text(key, arguments);
    }
}
