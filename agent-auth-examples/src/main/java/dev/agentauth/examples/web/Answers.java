package dev.agentauth.examples.web;

import dev.agentauth.client.http.Json;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Writes answers that no cache keeps. */
public final class Answers {
    private static final String POLICY = "default-src 'none'; base-uri 'none'; form-action %s; frame-ancestors 'none'";

    private Answers() {}

    /** JSON. */
    public static void json(HttpServletResponse response, int status, Object body) throws IOException {
        write(response, status, "application/json", Json.write(body));
    }

    /** A refusal. */
    public static void error(HttpServletResponse response, int status, String code, String text) throws IOException {
        json(response, status, Map.of("error", code, "error_description", text));
    }

    /** A small HTML page without script and style, under a policy that allows neither. */
    public static void html(HttpServletResponse response, String title, String body) throws IOException {
        page(response, HttpServletResponse.SC_OK, "'none'", title, body);
    }

    /** The same with a form that is posted to the page's own origin. */
    public static void form(HttpServletResponse response, int status, String title, String body) throws IOException {
        page(response, status, "'self'", title, body);
    }

    private static void page(HttpServletResponse response, int status, String formAction, String title, String body)
            throws IOException {
        protect(response, POLICY.formatted(formAction));
        write(response, status, "text/html; charset=utf-8", """
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <title>%1$s</title>
                </head>
                <body>
                <main>
                <h1>%1$s</h1>
                %2$s
                </main>
                </body>
                </html>
                """.formatted(escape(title), body));
    }

    /** What every page has beside its policy: it is in nobody's frame, and tells nobody where one comes from. */
    public static void protect(HttpServletResponse response, String policy) {
        response.setHeader("Content-Security-Policy", policy);
        response.setHeader("X-Frame-Options", "DENY");
        response.setHeader("Referrer-Policy", "no-referrer");
    }

    /** A whole HTML document; its policy is for the caller to set. */
    public static void page(HttpServletResponse response, int status, String document) throws IOException {
        write(response, status, "text/html; charset=utf-8", document);
    }

    /** A link, escaped. The address must be an http or https URL of our own making. */
    public static String link(String url, String text) {
        return "<a href=\"" + escape(url) + "\" rel=\"noreferrer\">" + escape(text) + "</a>";
    }

    /** Text for an element or a quoted attribute. */
    public static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    private static void write(HttpServletResponse response, int status, String contentType, String body)
            throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        response.setStatus(status);
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setContentType(contentType);
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }
}
