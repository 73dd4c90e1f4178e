package dev.agentauth.servlet.internal.page;

import static dev.agentauth.servlet.internal.page.Html.element;
import static dev.agentauth.servlet.internal.page.Html.text;

import dev.agentauth.ClaimView;
import dev.agentauth.internal.json.Timestamps;
import dev.agentauth.internal.wire.Requests;
import dev.agentauth.servlet.ClaimPageView.Account;
import dev.agentauth.servlet.ClaimPageView.Action;
import dev.agentauth.servlet.ClaimPageView.Code;
import dev.agentauth.servlet.ClaimPageView.Decision;
import dev.agentauth.servlet.ClaimPageView.Problem;
import dev.agentauth.servlet.ClaimPageView.Setting;
import dev.agentauth.servlet.internal.page.Html.Element;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes pages for one person, in one language and at one instant; one method for each kind. */
final class PageWriter {
    private static final int HALF_A_CODE = 3;
    private static final String MISTYPED = "mistyped";

    private final Setting setting;
    private final Texts texts;
    private final String service;
    private final @Nullable Logo logo;

    PageWriter(Setting setting, Texts texts, String service, @Nullable Logo logo) {
        this.setting = setting;
        this.texts = texts;
        this.service = service;
        this.logo = logo;
    }

    /** Who asks for what, the ways to say yes, and the no. */
    String decision(Decision view) {
        ClaimView.Open claim = view.claim();
        boolean named = !claim.agentName().isEmpty();
        List<Html> content = new ArrayList<>(List.of(
                named
                        ? paragraph("open.lead.named", claim.agentName(), service)
                        : paragraph("open.lead.unnamed", service),
                element(
                        "dl",
                        term("open.asker"),
                        element("dd", text(named ? claim.agentName() : words("open.asker.unknown"))),
                        term("open.for"),
                        element("dd", text(asked(claim))),
                        term("open.how"),
                        element("dd", text(words(how(claim)))),
                        term("open.asked"),
                        element(
                                "dd",
                                text(texts.ago(claim.requestedAt(), setting.now())),
                                time(claim.requestedAt()).with("class", "fine")),
                        term("open.scopes"),
                        element("dd", scopes(claim.scopes()))),
                firsts(claim)));
        view.mistyped().ifPresent(mistyped -> content.add(mistyped(mistyped)));
        view.type()
                .ifPresent(action -> content.addAll(List.of(
                        heading("type.title"),
                        paragraph("type.text"),
                        typing(action, view.mistyped().isPresent()),
                        paragraph("type.warning", service).with("class", "warning"))));
        content.addAll(List.of(
                heading(view.type().isPresent() ? "show.title" : "open.yes.title"),
                paragraph("open.yes.text"),
                form(view.reveal(), "open.yes.button", "primary"),
                paragraph("open.warning", service).with("class", "warning"),
                heading(view.type().isPresent() ? "code.no.title" : "open.no.title"),
                paragraph("open.no.text"),
                form(view.reject(), "open.no.button", "secondary"),
                element(
                                "p",
                                text(words("open.registration") + " "),
                                element("code", text(claim.registrationId())),
                                element("br"),
                                text(words("open.until") + " "),
                                time(claim.expiresAt()))
                        .with("class", "fine last")));
        return page("open.title", null, content.toArray(Html[]::new));
    }

    private Element mistyped(Decision.Mistyped mistyped) {
        return paragraph(
                        switch (mistyped) {
                            case UNREADABLE -> "type.unreadable";
                            case WRONG -> "type.wrong";
                            case VOID -> "type.void";
                            case LAPSED -> "type.lapsed";
                        })
                .with("id", MISTYPED)
                .with("role", "alert")
                .with("class", "warning");
    }

    /** The field takes whatever people type; white space and hyphens are nobody's mistake. */
    private Element typing(Action action, boolean again) {
        Element field = element("input")
                .with("id", Requests.USER_CODE)
                .with("name", Requests.USER_CODE)
                .with("type", "text")
                .with("inputmode", "numeric")
                .with("autocomplete", "off")
                .with("required", "");
        if (again) {
            field = field.with("aria-invalid", "true")
                    .with("aria-describedby", MISTYPED)
                    .with("autofocus", "");
        }
        return form(
                action,
                "type.button",
                "primary",
                element("label", text(words("type.label"))).with("for", Requests.USER_CODE),
                field);
    }

    private String asked(ClaimView.Open claim) {
        return setting.account().map(Account::name).orElse(claim.asked());
    }

    private static String how(ClaimView.Open claim) {
        return switch (claim.kind()) {
            case ANONYMOUS -> "open.how.anonymous";
            case EMAIL -> claim.asked().isEmpty() ? "open.how.open" : "open.how.email";
            case PROVIDER -> "open.how.provider";
        };
    }

    /** What has never been before is said once more. */
    private Html firsts(ClaimView.Open claim) {
        List<Html> firsts = new ArrayList<>();
        if (claim.firstLink() && !claim.agentName().isEmpty()) {
            firsts.add(element("li", text(words("open.first.link", claim.agentName(), service))));
        }
        if (claim.firstAgent()) {
            firsts.add(element("li", text(words("open.first.agent", service))));
        }
        return firsts.isEmpty()
                ? text("")
                : element("ul", firsts.toArray(Html[]::new)).with("class", "firsts");
    }

    /** The code. What its script uses has an id. */
    String code(Code view) {
        String code = view.code().reveal();
        Element digits = element(
                        "span",
                        element("span", text(code.substring(0, HALF_A_CODE))),
                        element("span", text(code.substring(HALF_A_CODE))))
                .with("id", "digits")
                .with("aria-hidden", "true");
        Element spokenDigits =
                element("span", text(String.join(" ", code.split("")))).with("class", "unseen");
        Element copy = element("button", text(words("code.copy")))
                .with("id", "copy")
                .with("type", "button")
                .with("class", "primary")
                .with("data-copied", words("code.copied"))
                .with("data-failed", words("code.copy.failed"))
                .with("hidden", "");
        Element left = element("span", text(words("code.left", texts.span(setting.now(), view.expiresAt()))))
                .with("id", "left")
                .with("data-left", words("code.left", "{0}"))
                .with(
                        "data-seconds",
                        Long.toString(Duration.between(setting.now(), view.expiresAt())
                                .toSeconds()));
        return page(
                "code.title",
                null,
                element(
                                "div",
                                paragraph("code.lead"),
                                element("p", digits, text(" "), spokenDigits).with("class", "code"),
                                element(
                                                "p",
                                                left,
                                                text(" "),
                                                element("span", text(words("code.until", texts.time(view.expiresAt()))))
                                                        .with("class", "fine"))
                                        .with("class", "left"),
                                copy)
                        .with("id", "good"),
                element("div", paragraph("code.lapsed.text"))
                        .with("id", "lapsed")
                        .with("data-title", words("code.lapsed.title"))
                        .with("hidden", ""),
                element("p").with("id", "said").with("role", "status"),
                paragraph("code.warning", service).with("class", "warning"),
                form(view.renew(), "code.new.button", "quiet").with("id", "renew"),
                heading("code.no.title"),
                paragraph("code.no.text"),
                form(view.reject(), "open.no.button", "secondary"),
                element("script")
                        .with("src", setting.asset(StandardPage.SCRIPT))
                        .with("defer", ""));
    }

    /** Nothing to decide. */
    String closed(ClaimView.Reason reason) {
        return switch (reason) {
            case UNKNOWN -> message("unknown", Mark.ALERT);
            case NOT_ASKED -> message("not-asked", Mark.ALERT);
            case LAPSED -> message("lapsed", Mark.CLOCK);
            case REVOKED -> message("revoked", Mark.ALERT);
            case LOCKED -> message("locked", Mark.ALERT);
            case COMPLETED -> message("completed", Mark.CHECK);
            case TYPED -> message("typed", Mark.CHECK);
            case REJECTED -> message("rejected", Mark.CHECK);
        };
    }

    /** A mail is on its way, to whomever. */
    String mailed() {
        return message("mailed", Mark.CLOCK);
    }

    /** Nothing to say about any claim. */
    String problem(Problem.Kind kind) {
        return switch (kind) {
            case INCOMPLETE_LINK -> message("incomplete", Mark.ALERT);
            case FOREIGN_FORM -> message("foreign", Mark.ALERT);
            case UNAVAILABLE -> message("unavailable", Mark.CLOCK);
        };
    }

    private String message(String state, Mark mark) {
        return page(state + ".title", mark, paragraph(state + ".text", service), paragraph(state + ".more", service));
    }

    /** A whole page. Its title is its heading too. */
    private String page(String title, @Nullable Mark mark, Html... content) {
        String heading = words(title);
        List<Html> head = new ArrayList<>(List.of(
                element("meta").with("charset", "utf-8"),
                element("meta").with("name", "viewport").with("content", "width=device-width, initial-scale=1"),
                element("meta").with("name", "color-scheme").with("content", "light dark"),
                element("title", text(heading + " \u2013 " + service)),
                element("link").with("rel", "stylesheet").with("href", setting.asset(StandardPage.STYLESHEET))));
        if (logo != null) {
            head.add(element("link").with("rel", "icon").with("href", setting.asset(Logo.NAME)));
        }
        List<Html> main = new ArrayList<>();
        setting.account().ifPresent(account -> main.add(account(account)));
        if (mark != null) {
            main.add(mark.html());
        }
        main.add(element("h1", text(heading)));
        main.addAll(List.of(content));
        Element body = element("body", header(), element("main", main.toArray(Html[]::new)));
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

    private Element header() {
        Element name = element("span", text(service));
        return element(
                "header",
                logo == null
                        ? element("p", name)
                        : element(
                                "p",
                                element("img")
                                        .with("src", setting.asset(Logo.NAME))
                                        .with("alt", logo.alt()),
                                name));
    }

    private Element scopes(List<String> scopes) {
        return element("ul", scopes.stream().map(this::scope).toArray(Html[]::new));
    }

    /** In the service's words where it has said them; its name is there in any case. */
    private Html scope(String scope) {
        Element name = element("code", text(scope));
        return texts.scope(scope)
                .map(words -> element("li", text(words + " "), name.with("class", "fine")))
                .orElseGet(() -> element("li", name));
    }

    private Element form(Action action, String label, String style, Html... fields) {
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

    private Element heading(String key) {
        return element("h2", text(words(key)));
    }

    private Element term(String key) {
        return element("dt", text(words(key)));
    }

    private Element paragraph(String key, Object... arguments) {
        return element("p", text(words(key, arguments)));
    }

    private Element time(Instant instant) {
        return element("time", text(texts.time(instant))).with("datetime", Timestamps.format(instant));
    }

    private String words(String key, Object... arguments) {
        return texts.text(key, arguments);
    }
}
