package dev.agentauth.servlet;

import java.util.List;
import java.util.Locale;

/**
 * Writes the page behind a mailed claim link. {@link ClaimPage} is the one that is used unless another is given; implement
 * this only where its name, logo, colour and texts are not enough.
 *
 * <p>Status, headers and the check of who posts a form are not the renderer's: every page comes with {@code no-store} and
 * with a Content-Security-Policy that allows styles and images from this origin, forms to this origin, scripts from this
 * origin on pages about one claim that is open or was confirmed, requests to this origin on the page with the code alone, and
 * nothing else. Inline scripts and styles do not run.
 *
 * <p>Whatever is in a view is text and has to be escaped; names can hold any characters. An exception is logged and
 * answered 500.
 *
 * <p>Implementations are called by many threads at once.
 *
 * @since 0.2.0
 */
@FunctionalInterface
public interface ClaimPageRenderer {

    /**
     * Writes one page.
     *
     * @param view what there is to say and to decide
     * @return a whole HTML document, in the language of {@link ClaimPageView.Setting#language}
     */
    String render(ClaimPageView view);

    /**
     * The languages in which it writes. The one that a person reads best is chosen by {@code Accept-Language} (RFC 4647,
     * lookup). Asked once, when the servlet is built.
     *
     * @return at least one; the first is for people who read none of them
     */
    default List<Locale> languages() {
        return List.of(Locale.ENGLISH);
    }

    /**
     * Files that the pages load. They are served beside the page, and may be cached forever: their URLs, in {@link
     * ClaimPageView.Setting#assets}, change with their content. Asked once, when the servlet is built.
     *
     * @return none by default
     */
    default List<ClaimPageAsset> assets() {
        return List.of();
    }
}
