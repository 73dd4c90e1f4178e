package dev.agentauth.servlet.internal.page;

import static dev.agentauth.servlet.internal.page.Html.element;
import static dev.agentauth.servlet.internal.page.Html.text;

import dev.agentauth.ClaimView;
import dev.agentauth.internal.wire.Requests;
import dev.agentauth.servlet.ClaimPageView.Account;
import dev.agentauth.servlet.ClaimPageView.Action;
import dev.agentauth.servlet.ClaimPageView.Closed;
import dev.agentauth.servlet.ClaimPageView.Code;
import dev.agentauth.servlet.ClaimPageView.Decision;
import dev.agentauth.servlet.ClaimPageView.Problem;
import dev.agentauth.servlet.internal.page.Html.Element;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Writes claim pages for one person, in one language and at one instant; one method for each kind. */
final class PageWriter {
    private static final int HALF_A_CODE = 3;
    private static final String MISTYPED = "mistyped";

    private final PageFrame frame;
    private final String service;

    PageWriter(PageFrame frame) {
        this.frame = frame;
        this.service = frame.service();
    }

    /** Who asks for what, the ways to say yes, and the no. */
    String decision(Decision view) {
        ClaimView.Open claim = view.claim();
        List<Html> content = new ArrayList<>();
        if (view.type().isEmpty()) {
            // The field is gone that it would stand above.
            view.mistyped().ifPresent(mistyped -> content.add(mistyped(mistyped)));
        }
        content.add(
                isNamed(claim)
                        ? frame.paragraph("open.lead.named", claim.agentName(), service)
                        : frame.paragraph("open.lead.unnamed", service));
        content.addAll(warnings(claim));
        content.add(element(
                "dl",
                join(
                        isNamed(claim) ? frame.fact("open.asker", text(claim.agentName())) : List.of(),
                        frame.fact("open.for", text(asked(claim))),
                        frame.fact("open.scopes", frame.scopes(claim.scopes())),
                        lasts(),
                        frame.fact("open.how", text(frame.words(how(claim), claim.agentName()))),
                        frame.fact("open.asked", frame.agoAt(claim.requestedAt())))));
        content.add(firsts(claim));
        view.type().ifPresent(action -> {
            content.add(frame.heading("type.title"));
            content.addAll(typing(action, view.mistyped()));
        });
        content.addAll(List.of(
                frame.heading(view.type().isPresent() ? "show.title" : "open.yes.title"),
                frame.paragraph("open.yes.text"),
                frame.form(view.reveal(), "open.yes.button", "primary"),
                frame.paragraph("open.warning", service).with("class", "warning"),
                frame.heading(view.type().isPresent() ? "code.no.title" : "open.no.title"),
                frame.paragraph("open.no.text"),
                frame.form(view.reject(), "open.no.button", "secondary"),
                fine(claim)));
        return frame.page("open.title", "open", null, List.of(StandardPage.TIMES), array(content));
    }

    private static boolean isNamed(ClaimView.Open claim) {
        return !claim.agentName().isEmpty();
    }

    /** What is to be read before anything else. */
    private List<Html> warnings(ClaimView.Open claim) {
        List<Html> warnings = new ArrayList<>();
        if (!isNamed(claim)) {
            warnings.add(element(
                            "div",
                            Mark.ALERT.html(),
                            element("strong", text(frame.words("open.unknown.title"))),
                            text(" "),
                            element("span", text(frame.words("open.unknown.text"))))
                    .with("class", "alarm"));
        }
        warnings.add(frame.paragraph("open.stop").with("class", "warning"));
        claim.shown()
                .ifPresent(shown -> warnings.add(element(
                                "p", frame.sentence("open.shown", text(frame.ago(shown.at())), frame.time(shown.at())))
                        .with("class", "warning")));
        return warnings;
    }

    /** For how long, and how that ends. */
    private List<Html> lasts() {
        String manage = frame.manageUrl();
        return frame.fact(
                "open.lasts",
                manage == null
                        ? text(frame.words("open.lasts.tell", service))
                        : frame.sentence(
                                "open.lasts.manage",
                                element("a", text(frame.words("manage.link"))).with("href", manage)));
    }

    private Element mistyped(Decision.Mistyped mistyped) {
        return frame.paragraph(
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

    /**
     * The field takes whatever people type; white space and hyphens are nobody's mistake. What was wrong stands beside it: it has
     * the focus then, and what is further up is off a phone's screen.
     */
    private List<Html> typing(Action action, Optional<Decision.Mistyped> mistyped) {
        Element field = element("input")
                .with("id", Requests.USER_CODE)
                .with("name", Requests.USER_CODE)
                .with("type", "text")
                .with("inputmode", "numeric")
                .with("autocomplete", "off")
                .with("required", "");
        if (mistyped.isPresent()) {
            field = field.with("aria-invalid", "true")
                    .with("aria-describedby", MISTYPED)
                    .with("autofocus", "");
        }
        List<Html> content = new ArrayList<>(List.of(frame.paragraph("type.text")));
        mistyped.ifPresent(what -> content.add(mistyped(what)));
        content.add(frame.form(
                action,
                "type.button",
                "primary",
                element("label", text(frame.words("type.label"))).with("for", Requests.USER_CODE),
                field));
        content.add(frame.paragraph("type.warning", service).with("class", "warning"));
        return content;
    }

    private String asked(ClaimView.Open claim) {
        return frame.setting().account().map(Account::name).orElse(claim.asked());
    }

    private static String how(ClaimView.Open claim) {
        return switch (claim.kind()) {
            case ANONYMOUS -> "open.how.anonymous";
            case EMAIL -> claim.asked().isEmpty() ? "open.how.open" : "open.how.email";
            case PROVIDER -> isNamed(claim) ? "open.how.provider" : "open.how.anonymous";
        };
    }

    /** What has never been before is said once more. */
    private Html firsts(ClaimView.Open claim) {
        List<Html> firsts = new ArrayList<>();
        if (claim.firstLink() && isNamed(claim)) {
            firsts.add(element("li", text(frame.words("open.first.link", claim.agentName(), service))));
        }
        if (claim.firstAgent()) {
            firsts.add(element("li", text(frame.words("open.first.agent", service))));
        }
        return firsts.isEmpty() ? text("") : element("ul", array(firsts)).with("class", "firsts");
    }

    private Element fine(ClaimView.Open claim) {
        return element(
                        "p",
                        frame.sentence(
                                "open.until", frame.time(claim.expiresAt()), text(frame.span(claim.expiresAt()))),
                        element("br"),
                        text(frame.words("open.registration") + " "),
                        element("code", text(claim.registrationId())))
                .with("class", "fine last");
    }

    /** The code, to whom it gives what, and the ways on. What its script uses has an id. */
    String code(Code view) {
        ClaimView.Open claim = view.claim();
        List<Html> content = new ArrayList<>();
        if (view.type().isEmpty()) {
            // The field is gone that it would stand above.
            view.mistyped().ifPresent(mistyped -> content.add(mistyped(mistyped)));
        }
        content.addAll(List.of(
                good(view),
                element("div", frame.paragraph("code.lapsed.text"))
                        .with("id", "lapsed")
                        .with("data-title", frame.words("code.lapsed.title"))
                        .with("hidden", ""),
                element("p").with("id", "said").with("role", "status"),
                frame.paragraph("code.warning", service)
                        .with("class", "warning")
                        .with("id", "warning"),
                frame.form(view.renew(), "code.new.button", "quiet").with("id", "renew"),
                frame.heading("code.gives.title"),
                isNamed(claim)
                        ? frame.paragraph("code.gives.named", claim.agentName(), service)
                        : frame.paragraph("code.gives.unnamed", service).with("class", "warning"),
                element(
                        "dl",
                        join(
                                frame.fact("open.for", text(asked(claim))),
                                frame.fact("open.scopes", frame.scopes(claim.scopes())),
                                lasts()))));
        view.type().ifPresent(action -> content.add(instead(action, view.mistyped())));
        content.addAll(List.of(
                frame.heading("code.no.title"),
                frame.paragraph("code.no.text"),
                frame.form(view.reject(), "open.no.button", "secondary")));
        return frame.page("code.title", "code", null, List.of(StandardPage.TIMES, StandardPage.SCRIPT), array(content));
    }

    private Html good(Code view) {
        String code = view.code().reveal();
        Element digits = element(
                        "span",
                        element("span", text(code.substring(0, HALF_A_CODE))),
                        element("span", text(code.substring(HALF_A_CODE))))
                .with("id", "digits")
                .with("aria-hidden", "true");
        Element spokenDigits =
                element("span", text(String.join(" ", code.split("")))).with("class", "unseen");
        Element copy = element("button", text(frame.words("code.copy")))
                .with("id", "copy")
                .with("type", "button")
                .with("class", "primary")
                .with("data-copied", frame.words("code.copied"))
                .with("data-failed", frame.words("code.copy.failed"))
                .with("hidden", "");
        Element left = element("span", text(frame.words("code.left", frame.span(view.expiresAt()))))
                .with("id", "left")
                .with("data-left", frame.words("code.left", "{0}"))
                .with(
                        "data-seconds",
                        Long.toString(Duration.between(frame.setting().now(), view.expiresAt())
                                .toSeconds()))
                .with("data-done", frame.words("done.title"))
                .with(
                        "data-done-text",
                        isNamed(view.claim())
                                ? frame.words("done.named", view.claim().agentName(), service)
                                : frame.words("done.text", service));
        return element(
                        "div",
                        frame.paragraph("code.lead"),
                        element("p", digits, text(" "), spokenDigits).with("class", "code"),
                        element(
                                        "p",
                                        left,
                                        text(" "),
                                        element("span", frame.sentence("code.until", frame.time(view.expiresAt())))
                                                .with("class", "fine"),
                                        element(
                                                        "span",
                                                        frame.sentence(
                                                                "code.shown",
                                                                text(frame.ago(view.shownAt())),
                                                                frame.time(view.shownAt())))
                                                .with("class", "fine"))
                                .with("class", "left"),
                        copy)
                .with("id", "good");
    }

    /** The other way of a yes, for whoever has taken the wrong one. */
    private Html instead(Action action, Optional<Decision.Mistyped> mistyped) {
        List<Html> content = new ArrayList<>(List.of(element("summary", text(frame.words("type.title")))));
        content.addAll(typing(action, mistyped));
        Element details = element("details", array(content)).with("class", "instead");
        return mistyped.isPresent() ? details.with("open", "") : details;
    }

    /** Nothing to decide. */
    String closed(Closed view) {
        return switch (view.reason()) {
            case UNKNOWN -> message("unknown", Mark.ALERT);
            case NOT_ASKED -> message("not-asked", Mark.ALERT);
            case LAPSED -> message("lapsed", Mark.CLOCK);
            case REVOKED -> message("revoked", Mark.ALERT);
            case LOCKED -> message("locked", Mark.ALERT);
            case COMPLETED -> confirmed("completed", view);
            case ELSEWHERE -> message("elsewhere", Mark.ALERT);
            case TYPED -> confirmed("typed", view);
            case REJECTED -> message("rejected", Mark.CHECK);
        };
    }

    /** An agent acts from now on, or has for a while: which, what it may do, and where that is ended. */
    private String confirmed(String state, Closed view) {
        ClaimView.Confirmed agent = view.confirmed().orElse(null);
        if (agent == null) {
            return message(state, Mark.CHECK);
        }
        List<Html> content = new ArrayList<>();
        content.add(
                agent.agentName().isEmpty()
                        ? frame.paragraph(state + ".text", service)
                        : frame.paragraph(state + ".named", agent.agentName(), service));
        content.add(element(
                "dl",
                join(
                        frame.fact("agents.scopes", frame.scopes(agent.scopes())),
                        frame.fact("confirmed.when", frame.agoAt(agent.since())),
                        frame.fact("open.registration", element("code", text(agent.registrationId()))))));
        content.add(
                frame.manageUrl() == null
                        ? frame.paragraph(state + ".more", service)
                        : frame.paragraph(state + ".manage", service));
        content.addAll(frame.links());
        return frame.page(state + ".title", state, Mark.CHECK, List.of(StandardPage.TIMES), array(content));
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
            case NO_PAGE_HERE -> message("lost", Mark.ALERT);
            case UNAVAILABLE -> message("unavailable", Mark.CLOCK);
        };
    }

    private String message(String state, Mark mark) {
        List<Html> content = new ArrayList<>(
                List.of(frame.paragraph(state + ".text", service), frame.paragraph(state + ".more", service)));
        content.addAll(frame.links());
        return frame.page(state + ".title", state.toLowerCase(Locale.ROOT), mark, List.of(), array(content));
    }

    @SafeVarargs
    private static Html[] join(List<Html>... parts) {
        List<Html> all = new ArrayList<>();
        for (List<Html> part : parts) {
            all.addAll(part);
        }
        return array(all);
    }

    private static Html[] array(List<? extends Html> content) {
        return content.toArray(Html[]::new);
    }
}
