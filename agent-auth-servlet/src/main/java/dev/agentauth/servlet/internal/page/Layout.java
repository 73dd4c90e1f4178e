package dev.agentauth.servlet.internal.page;

import static dev.agentauth.servlet.internal.page.Html.element;
import static dev.agentauth.servlet.internal.page.Html.text;

import dev.agentauth.servlet.internal.http.Answer;
import dev.agentauth.servlet.internal.http.Answer.Header;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** What all pages have in common: the frame around the content, and the headers that keep others out of it. */
final class Layout {
    /** No script, no frame around us, and nothing from anywhere else. */
    private static final String POLICY =
            "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static final List<Header> HEADERS = List.of(
            new Header("Content-Type", "text/html; charset=utf-8"),
            new Header("Cache-Control", "no-store"),
            new Header("Content-Security-Policy", POLICY),
            new Header("X-Frame-Options", "DENY"),
            new Header("Referrer-Policy", "no-referrer"),
            new Header("X-Content-Type-Options", "nosniff"));

    private final String serviceName;
    private final String stylesheet;

    Layout(String serviceName, String stylesheet) {
        this.serviceName = serviceName;
        this.stylesheet = stylesheet;
    }

    /** A whole page. The title is its heading too. */
    Answer page(int status, String title, Html... content) {
        Html head = element(
                "head",
                element("meta").with("charset", "utf-8"),
                element("meta").with("name", "viewport").with("content", "width=device-width, initial-scale=1"),
                element("meta").with("name", "color-scheme").with("content", "light dark"),
                element("title", text(title + " – " + serviceName)),
                element("link").with("rel", "stylesheet").with("href", stylesheet));
        Html body = element(
                "body", element("header", element("p", text(serviceName))), element("main", main(title, content)));
        StringBuilder out = new StringBuilder(2048).append("<!DOCTYPE html>");
        element("html", head, body).with("lang", "en").writeTo(out);
        return new Answer(status, HEADERS, out.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static Html[] main(String title, Html... content) {
        return Stream.concat(Stream.of(element("h1", text(title))), Stream.of(content))
                .toArray(Html[]::new);
    }
}
