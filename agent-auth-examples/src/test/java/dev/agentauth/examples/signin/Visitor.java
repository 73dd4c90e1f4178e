package dev.agentauth.examples.signin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A browser with cookies and without JavaScript, which follows nothing by itself. */
final class Visitor {
    private static final Pattern HIDDEN =
            Pattern.compile("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\">");

    private final String origin;
    private final HttpClient client = HttpClient.newBuilder()
            .cookieHandler(new CookieManager())
            .followRedirects(Redirect.NEVER)
            .build();

    Visitor(String origin) {
        this.origin = origin;
    }

    HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(URI.create(origin + path)));
    }

    HttpResponse<String> post(String path, String form, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(origin + path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    /** Signs in on a page, and tells where that leads. */
    String signIn(String page, String email) {
        HttpResponse<String> shown = get(page);
        HttpResponse<String> answer =
                post(page, hidden(shown.body()) + "email=" + URLEncoder.encode(email, StandardCharsets.UTF_8));
        return target(answer);
    }

    /** Where an answer sends the browser: a path, if it is of this origin. */
    String target(HttpResponse<String> answer) {
        String location = answer.headers().firstValue("Location").orElseThrow();
        return location.startsWith(origin + "/") ? location.substring(origin.length()) : location;
    }

    /** The hidden fields of the first form, with an ampersand at the end. */
    static String hidden(String html) {
        int start = html.indexOf("<form");
        Matcher field = HIDDEN.matcher(html.substring(start, html.indexOf("</form>", start)));
        StringBuilder form = new StringBuilder();
        while (field.find()) {
            String value =
                    field.group(2).replace("&amp;", "&").replace("&lt;", "<").replace("&quot;", "\"");
            form.append(field.group(1))
                    .append('=')
                    .append(URLEncoder.encode(value, StandardCharsets.UTF_8))
                    .append('&');
        }
        return form.toString();
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
