package dev.agentauth.spring.security;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.CookiePolicy;
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

/** Somebody with cookies. Follows no redirect by itself. */
final class Browser {
    private static final Pattern CSRF = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]*)\"");

    private final String origin;
    private final HttpClient client;

    Browser(String origin) {
        this.origin = origin;
        this.client = HttpClient.newBuilder()
                .cookieHandler(new CookieManager(null, CookiePolicy.ACCEPT_ALL))
                .followRedirects(Redirect.NEVER)
                .build();
    }

    HttpResponse<String> get(String path, String... headers) {
        return send("GET", path, "", headers);
    }

    HttpResponse<String> post(String path, String body, String... headers) {
        return send("POST", path, body, headers);
    }

    HttpResponse<String> send(String method, String path, String body, String... headers) {
        URI target = URI.create(path.startsWith("http") ? path : origin + path);
        HttpRequest.Builder request = HttpRequest.newBuilder(target).method(method, BodyPublishers.ofString(body));
        for (int i = 0; i < headers.length; i += 2) {
            request = request.header(headers[i], headers[i + 1]);
        }
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    HttpResponse<String> postForm(String path, String form) {
        return post(path, form, "Content-Type", "application/x-www-form-urlencoded", "Accept", "text/html");
    }

    /** By the form of Spring Security's own page. */
    HttpResponse<String> logIn(String name) {
        HttpResponse<String> page = get("/login", "Accept", "text/html");
        return postForm("/login", "username=" + name + "&password=secret&_csrf=" + csrf(page));
    }

    static String csrf(HttpResponse<String> page) {
        Matcher field = CSRF.matcher(page.body());
        if (!field.find()) {
            throw new AssertionError("no form: " + page.statusCode() + " " + page.body());
        }
        return URLEncoder.encode(field.group(1), StandardCharsets.UTF_8);
    }
}
