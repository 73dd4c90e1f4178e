package dev.agentauth.servlet.internal.page;

import static dev.agentauth.servlet.internal.page.Html.element;
import static dev.agentauth.servlet.internal.page.Html.text;

import dev.agentauth.ClaimView;
import dev.agentauth.Discovery;
import dev.agentauth.ErrorCode;
import dev.agentauth.RevealedCode;
import dev.agentauth.internal.json.Timestamps;
import dev.agentauth.servlet.internal.http.Answer;
import dev.agentauth.servlet.internal.http.JsonSurface;
import dev.agentauth.servlet.internal.http.Surface;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** What the person behind a mailed link reads, in every state that there is. */
public final class ClaimPage implements Surface {
    public static final String VIEW = "/agent/identity/claim/view";
    public static final String REVEAL = VIEW + "/reveal";
    public static final String REJECT = VIEW + "/reject";
    public static final String STYLESHEET = VIEW + "/style.css";

    private static final DateTimeFormatter DATE_AND_TIME = DateTimeFormatter.ofPattern(
                    "d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    private static final int HALF_A_CODE = 3;

    private final String serviceName;
    private final String basePath;
    private final SameOrigin origin;
    private final Layout layout;
    private final InstantSource clock;

    /** URLs are absolute paths below the configured base, so they are right behind a proxy that strips a path, too. */
    public ClaimPage(Discovery discovery, String stylesheetVersion, InstantSource clock) {
        this.serviceName = String.valueOf(discovery.protectedResource().get("resource_name"));
        this.basePath = URI.create(discovery.base()).getRawPath();
        this.origin = new SameOrigin(discovery.base());
        this.layout = new Layout(serviceName, basePath + STYLESHEET + "?v=" + stylesheetVersion);
        this.clock = clock;
    }

    SameOrigin origin() {
        return origin;
    }

    /** The page for a view. */
    Answer show(ClaimView view, String token) {
        return view instanceof ClaimView.Open open ? open(open, token) : closed(((ClaimView.Closed) view).reason());
    }

    private Answer open(ClaimView.Open view, String token) {
        return layout.page(
                200,
                "An agent asks to act for you",
                who(view.agentName()),
                element(
                        "dl",
                        element("dt", text("Asked")),
                        element("dd", time(view.requestedAt())),
                        element("dt", text("Will be allowed to use")),
                        element("dd", scopes(view.scopes())),
                        element("dt", text("Registration")),
                        element("dd", element("code", text(view.registrationId()))),
                        element("dt", text("This page is good until")),
                        element("dd", time(view.expiresAt()))),
                element("h2", text("If you asked your agent to do this")),
                paragraph(
                        "Show the code and read it to your agent. From then on it may do the above in your name. Do not"
                                + " give the code to anybody who asks you for it: then an agent of theirs would act as you."),
                form(REVEAL, token, "Show the code", "primary"),
                element("h2", text("If you did not")),
                paragraph(
                        "Nothing has happened yet, and nothing will while you keep the code to yourself. Say so, and this"
                                + " request ends."),
                form(REJECT, token, "This wasn’t me", "secondary"));
    }

    /** The answer to the button that shows the code. */
    Answer revealed(RevealedCode revealed, String token) {
        String code = revealed.code().reveal();
        return layout.page(
                200,
                "Your code",
                paragraph("Read these six digits to the agent that you asked, and to nobody else."),
                element(
                                "p",
                                element("span", text(code.substring(0, HALF_A_CODE))),
                                element("span", text(code.substring(HALF_A_CODE))))
                        .with("class", "code"),
                element(
                        "p",
                        text("Good until "),
                        time(revealed.expiresAt()),
                        text(" (" + left(revealed.expiresAt()) + "), or until you show a new one.")),
                form(REVEAL, token, "Show a new code", "secondary"),
                element("h2", text("If you did not ask an agent to do this")),
                paragraph("Do not give the code away. Say so, and this request ends."),
                form(REJECT, token, "This wasn’t me", "secondary"));
    }

    /** The page where there is nothing to decide. */
    Answer closed(ClaimView.Reason reason) {
        return switch (reason) {
            case UNKNOWN ->
                message(
                        404,
                        "This link does not work",
                        "It is unknown here, or a newer mail has replaced it. Use the link in the newest mail.",
                        "If you expect no mail from us, there is nothing that you have to do.");
            case LAPSED ->
                message(
                        410,
                        "This link is too old",
                        "If you asked an agent to act for you, ask it to start again: you will get a new mail.",
                        "If you did not, there is nothing that you have to do.");
            case REVOKED ->
                message(
                        410,
                        "This request has ended",
                        "The agent’s registration was withdrawn. It cannot act for you.",
                        "If you want it to, ask it to start again: you will get a new mail.");
            case LOCKED ->
                message(
                        410,
                        "Too many wrong codes",
                        "Wrong codes were tried so often that this request was closed. The agent cannot act for you.",
                        "If you want it to, ask it to start again: you will get a new mail.");
            case COMPLETED ->
                message(
                        200,
                        "Already confirmed",
                        "The code was used, and the agent acts for you. There is nothing more to do here.",
                        "If that was not you, tell " + serviceName + " at once.");
            case REJECTED ->
                message(
                        200,
                        "You said that this wasn’t you",
                        "This request has ended. The agent got no access through it.",
                        "There is nothing more that you have to do.");
        };
    }

    /** The page for a link without its token. */
    Answer incomplete() {
        return message(
                400,
                "This link is not complete",
                "Open the whole link from the mail. If your mail program has broken it into two lines, put them together.");
    }

    /** The page for a form that was not ours. */
    Answer foreign() {
        return message(
                403,
                "This did not come from our page",
                "Another site has sent this request, so nothing was done. Open the link from the mail and decide there.");
    }

    /** A program's mistakes are answered to a program: no browser makes them by itself. The rest is for a person. */
    @Override
    public Answer error(int status, String code, String text) {
        return code.equals(ErrorCode.INVALID_REQUEST.code())
                ? JsonSurface.IDENTITY.error(status, code, text)
                : message(status, "Not available right now", "Please open the link from the mail again in a minute.");
    }

    private Answer message(int status, String title, String... paragraphs) {
        return layout.page(
                status,
                title,
                List.of(paragraphs).stream().map(ClaimPage::paragraph).toArray(Html[]::new));
    }

    private Html who(String agentName) {
        return agentName.isEmpty()
                ? paragraph("A program, an AI agent, asks to act for you at " + serviceName
                        + ". We do not know who runs it.")
                : element(
                        "p",
                        text("A program, an AI agent of "),
                        element("strong", text(agentName)),
                        text(", asks to act for you at " + serviceName + "."));
    }

    private static Html scopes(List<String> scopes) {
        return element(
                "ul",
                scopes.stream()
                        .map(scope -> element("li", element("code", text(scope))))
                        .toArray(Html[]::new));
    }

    private Html form(String path, String token, String label, String style) {
        return element(
                        "form",
                        element("input")
                                .with("type", "hidden")
                                .with("name", "token")
                                .with("value", token),
                        element("button", text(label)).with("type", "submit").with("class", style))
                .with("method", "post")
                .with("action", basePath + path);
    }

    private static Html paragraph(String words) {
        return element("p", text(words));
    }

    private static Html time(Instant instant) {
        return element("time", text(DATE_AND_TIME.format(instant))).with("datetime", Timestamps.format(instant));
    }

    private String left(Instant end) {
        long minutes = Math.round(Duration.between(clock.instant(), end).toSeconds() / 60.0);
        return minutes < 1 ? "less than a minute left" : minutes == 1 ? "1 minute left" : minutes + " minutes left";
    }
}
