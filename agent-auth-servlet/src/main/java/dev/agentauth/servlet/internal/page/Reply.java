package dev.agentauth.servlet.internal.page;

import dev.agentauth.ClaimView;
import dev.agentauth.RevealedCode;
import dev.agentauth.internal.ports.Foreign;
import dev.agentauth.internal.wire.Door;
import dev.agentauth.internal.wire.ErrorCode;
import dev.agentauth.internal.wire.Refusal;
import dev.agentauth.servlet.ClaimPageRenderer;
import dev.agentauth.servlet.ClaimPageView;
import dev.agentauth.servlet.ClaimPageView.Closed;
import dev.agentauth.servlet.ClaimPageView.Code;
import dev.agentauth.servlet.ClaimPageView.Decision;
import dev.agentauth.servlet.ClaimPageView.Mailed;
import dev.agentauth.servlet.ClaimPageView.Problem;
import dev.agentauth.servlet.ClaimPageView.Setting;
import dev.agentauth.servlet.internal.http.Answer;
import dev.agentauth.servlet.internal.http.JsonSurface;
import dev.agentauth.servlet.internal.http.Surface;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the person behind one request gets to see: which page in which state, and with which status. */
final class Reply implements Surface {
    private static final System.Logger LOG = System.getLogger("dev.agentauth.servlet");

    private final ClaimPageRenderer renderer;
    private final PageHeaders headers;
    private final Pages pages;
    private final Setting setting;
    private final @Nullable Visit visit;

    Reply(ClaimPageRenderer renderer, PageHeaders headers, Pages pages, Setting setting) {
        this(renderer, headers, pages, setting, null);
    }

    private Reply(
            ClaimPageRenderer renderer, PageHeaders headers, Pages pages, Setting setting, @Nullable Visit visit) {
        this.renderer = renderer;
        this.headers = headers;
        this.pages = pages;
        this.setting = setting;
        this.visit = visit;
    }

    /** The same, now that it is known who is there. */
    Reply to(Visit somebody) {
        return new Reply(renderer, headers, pages, setting.with(somebody.account()), somebody);
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
        return view instanceof ClaimView.Open open
                ? page(
                        status,
                        new Decision(
                                setting,
                                open,
                                open.takesTypedCode() ? Optional.of(pages.type(visit(), token)) : Optional.empty(),
                                mistyped,
                                pages.reveal(visit(), token),
                                pages.reject(visit(), token)))
                : closed(((ClaimView.Closed) view).reason());
    }

    private Visit visit() {
        return Objects.requireNonNull(visit, "nobody decides who has not been received");
    }

    /** The answer to the button that shows the code. */
    Answer revealed(RevealedCode revealed, String token) {
        return page(
                200,
                new Code(
                        setting,
                        revealed.code(),
                        revealed.expiresAt(),
                        pages.reveal(visit(), token),
                        pages.reject(visit(), token)));
    }

    /** The page where there is nothing to decide. */
    Answer closed(ClaimView.Reason reason) {
        int status = switch (reason) {
            case UNKNOWN -> 404;
            case NOT_ASKED -> 403;
            case LAPSED, REVOKED, LOCKED -> 410;
            case COMPLETED, TYPED, REJECTED -> 200;
        };
        return page(status, new Closed(setting, reason));
    }

    /** The page that an agent can show while a mail is on its way. */
    Answer mailed() {
        return page(200, new Mailed(setting));
    }

    /** The page for a link without its token. */
    Answer incomplete() {
        return page(400, new Problem(setting, Problem.Kind.INCOMPLETE_LINK));
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
        if (refusal.code() != ErrorCode.INVALID_REQUEST) {
            try {
                return page(refusal.status(), new Problem(setting, Problem.Kind.UNAVAILABLE));
            } catch (Throwable e) {
                Foreign.contain(e);
                LOG.log(Level.ERROR, "the claim page for failures fails too: " + Foreign.kinds(e));
            }
        }
        return JsonSurface.IDENTITY.error(refusal);
    }

    private Answer page(int status, ClaimPageView view) {
        return new Answer(
                status,
                headers.of(setting.language(), view instanceof Code),
                renderer.render(view).getBytes(StandardCharsets.UTF_8));
    }
}
