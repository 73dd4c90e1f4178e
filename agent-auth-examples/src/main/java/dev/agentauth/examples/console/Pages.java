package dev.agentauth.examples.console;

import dev.agentauth.examples.web.Answers;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes pages that look as the console does and run its scripts, one level below the issuer. */
public final class Pages {
    /** A page's scripts and styles come from its own server, as do frames, which are for mail. Nothing frames the page. */
    static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private Pages() {}

    /**
     * Writes a page.
     *
     * @param name of its script and of the style that it has beside the console's
     * @param body markup, escaped already
     */
    public static void write(HttpServletResponse response, String title, String name, String body) throws IOException {
        Answers.protect(response, POLICY);
        String styles = Stream.of("palette", "console", "surfaces", name)
                .map(style -> "<link rel=\"stylesheet\" href=\"console/" + style + ".css\">")
                .collect(Collectors.joining("\n"));
        Answers.page(response, HttpServletResponse.SC_OK, """
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <title>%1$s</title>
                <link rel="icon" type="image/svg+xml" href="console/icon.svg">
                %2$s
                <script type="module" src="console/%3$s-page.js"></script>
                </head>
                <body>
                <header>
                <p><a href="./">Console</a></p>
                <h1>%1$s</h1>
                </header>
                <main class="%3$s-page">
                %4$s
                </main>
                </body>
                </html>
                """.formatted(Answers.escape(title), styles, name, body));
    }
}
