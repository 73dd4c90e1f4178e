package dev.agentauth.servlet.internal.page;

import dev.agentauth.ClaimView;
import dev.agentauth.internal.ports.Foreign;
import dev.agentauth.internal.wire.Door;
import dev.agentauth.internal.wire.ErrorCode;
import dev.agentauth.internal.wire.Refusal;
import dev.agentauth.servlet.ClaimPageRenderer;
import dev.agentauth.servlet.ClaimPageView;
import dev.agentauth.servlet.ClaimPageView.Action;
import dev.agentauth.servlet.ClaimPageView.Closed;
import dev.agentauth.servlet.ClaimPageView.Code;
import dev.agentauth.servlet.ClaimPageView.Decision;
import dev.agentauth.servlet.ClaimPageView.Mailed;
import dev.agentauth.servlet.ClaimPageView.Problem;
import dev.agentauth.servlet.ClaimPageView.Setting;
import dev.agentauth.servlet.internal.http.Answer;
import dev.agentauth.servlet.internal.http.JsonSurface;
import dev.agentauth.servlet.internal.http.Surface;
import dev.agentauth.servlet.internal.page.PageHeaders.Scripts;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the person behind one request gets to see: which page in which state, and with which status. */
final class Reply implements Surface {
    private static final System.Logger LOG = System.getLogger("dev.agentauth.servlet");

    /** Where whoever writes the pages cannot even say that there is none. */
    private static final String LAST_RESORT = "<!DOCTYPE html><html lang=\"en\"><title>Not available right now</title>"
            + "<h1>Not available right now</h1><p>Nothing was changed. Please try again in a minute.</p></html>";

    private final ClaimPageRenderer renderer;
    private final PageHeaders headers;
    private final Pages pages;
    private final Setting setting;
    private final boolean forBrowser;
    private final @Nullable Visit visit;

    Reply(ClaimPageRenderer renderer, PageHeaders headers, Pages pages, Setting setting, boolean forBrowser) {
        this(renderer, headers, pages, setting, forBrowser, null);
    }

    private Reply(
            ClaimPageRenderer renderer,
            PageHeaders headers,
            Pages pages,
            Setting setting,
            boolean forBrowser,
            @Nullable Visit visit) {
        this.renderer = renderer;
        this.headers = headers;
        this.pages = pages;
        this.setting = setting;
        this.forBrowser = forBrowser;
        this.visit = visit;
    }

    /** The same, now that it is known who is there. */
    Reply to(Visit somebody) {
        return new Reply(renderer, headers, pages, setting.with(somebody.account()), forBrowser, somebody);
    }

    /** The page of an attempt. */
    Answer show(String token) {
        return show(200, token, Optional.empty());
    }

    /** The answer to a code that was typed and is not good: the same page, as it is now. */
    Answer mistyped(String token, Decision.Mistyped mistyped) {
        return show(422, token, Optional.of(mistyped));
    }

    private Answer show(int status, String token, Optional<Decision.Mistyped> mistyped) {
        ClaimView view = visit().view(token);
        if (!(view instanceof ClaimView.Open open)) {
            return closed((ClaimView.Closed) view);
        }
        Optional<Action> type = open.takesTypedCode() ? Optional.of(pages.type(visit(), token)) : Optional.empty();
        Action reveal = pages.reveal(visit(), token);
        Action reject = pages.reject(visit(), token);
        return page(
                status,
                open.shown()
                        .flatMap(shown -> shown.code()
                                .<ClaimPageView>map(code -> new Code(
                                        setting,
                                        open,
                                        code.code(),
                                        shown.at(),
                                        code.expiresAt(),
                                        type,
                                        mistyped,
                                        reveal,
                                        reject)))
                        .orElseGet(() -> new Decision(setting, open, type, mistyped, reveal, reject)));
    }

    private Visit visit() {
        return Objects.requireNonNull(visit, "nobody decides who has not been received");
    }

    /**
     * The answer to the button that shows the code: where it is to be seen. Whoever loads that again, or comes back to it,
     * presses nothing (RFC 9110, section 15.4.4). A program has no history, and gets the page at once.
     */
    Answer revealed(String token) {
        if (!forBrowser) {
            return show(token);
        }
        return PageHeaders.redirect(303, pages.view(token));
    }

    /** The answer to a code that was typed and is good. */
    Answer typed(String token) {
        ClaimView view = visit().view(token);
        return page(
                200,
                new Closed(
                        setting,
                        ClaimView.Reason.TYPED,
                        view instanceof ClaimView.Closed closed ? closed.confirmed() : Optional.empty()));
    }

    /** The page where there is nothing to decide. */
    Answer closed(ClaimView.Reason reason) {
        return closed(new ClaimView.Closed(reason));
    }

    /** The answer to a form of an agent that was claimed meanwhile: no more than by whom, if it was this person. */
    Answer claimed(String token) {
        return closed(
                visit().view(token) instanceof ClaimView.Closed closed ? closed.reason() : ClaimView.Reason.COMPLETED);
    }

    private Answer closed(ClaimView.Closed closed) {
        int status = switch (closed.reason()) {
            case UNKNOWN -> 404;
            case NOT_ASKED -> 403;
            case LAPSED, REVOKED, LOCKED -> 410;
            case COMPLETED, ELSEWHERE, TYPED, REJECTED -> 200;
        };
        return page(status, new Closed(setting, closed.reason(), closed.confirmed()));
    }

    /** The page that an agent can show while a mail is on its way. */
    Answer mailed() {
        return page(200, new Mailed(setting));
    }

    /** The page for a link without its token. */
    Answer incomplete() {
        return page(400, new Problem(setting, Problem.Kind.INCOMPLETE_LINK));
    }

    /** The page where a browser has come to that was to post something. */
    Answer lost() {
        return page(405, new Problem(setting, Problem.Kind.NO_PAGE_HERE)).with("Allow", "POST");
    }

    /** The page for a form that was not ours. */
    Answer foreign() {
        return page(403, new Problem(setting, Problem.Kind.FOREIGN_FORM));
    }

    /** Does the work; a refusal or a failure becomes a page too. */
    Answer orError(Supplier<Answer> work) {
        try {
            return work.get();
        } catch (Throwable e) {
            return pages.failures().answer(Door.PAGE, this, e);
        }
    }

    /** A program's mistakes are answered to a program: no browser makes them by itself. The rest is for a person. */
    @Override
    public Answer error(Refusal refusal) {
        if (refusal.code() == ErrorCode.INVALID_REQUEST) {
            return JsonSurface.IDENTITY.error(refusal);
        } else {
            try {
                return page(refusal.status(), new Problem(setting, Problem.Kind.UNAVAILABLE));
            } catch (Throwable e) {
                Foreign.contain(e);
                LOG.log(Level.ERROR, "the claim page for failures fails too: " + Foreign.kinds(e));
            }
        }
        return new Answer(
                refusal.status(),
                headers.of(Locale.ENGLISH, Scripts.NONE),
                LAST_RESORT.getBytes(StandardCharsets.UTF_8));
    }

    private static Scripts scripts(ClaimPageView view) {
        if (view instanceof Code) {
            return Scripts.ASK;
        }
        return view instanceof Decision
                        || (view instanceof Closed closed && closed.confirmed().isPresent())
                ? Scripts.RUN
                : Scripts.NONE;
    }

    private Answer page(int status, ClaimPageView view) {
        return new Answer(
                status,
                headers.of(setting.language(), scripts(view)),
                renderer.render(view).getBytes(StandardCharsets.UTF_8));
    }
}
