package dev.agentauth.examples.spring;

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
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Ada with a browser, that follows redirects and submits the forms of the pages that it gets. */
public final class Person {
    private static final Pattern FORM =
            Pattern.compile("<form[^>]*action=\"([^\"]*)\"[^>]*>(.*?)</form>", Pattern.DOTALL);
    private static final Pattern HIDDEN = Pattern.compile("<input[^>]*type=\"hidden\"[^>]*>");
    private static final Pattern END = Pattern.compile("href=\"([^\"]*/agent/yours/end\\?[^\"]*)\"");
    private static final Pattern CODE = Pattern.compile("\\d\\s?\\d\\s?\\d\\s?\\d\\s?\\d\\s?\\d");

    private final String origin;
    private final HttpClient client = HttpClient.newBuilder()
            .cookieHandler(new CookieManager())
            .followRedirects(Redirect.NEVER)
            .build();

    public Person(String origin) {
        this.origin = origin;
    }

    /** Opens the link, logs in where that is asked for, presses the button, and reads the code. */
    public String confirm(String link) {
        HttpResponse<String> login = follow(get(link, "Accept", "text/html"));
        HttpResponse<String> page = follow(submit(login, "/login", "username=ada%40example.com", "password=secret"));
        HttpResponse<String> code = follow(submit(page, "/reveal"));
        Matcher digits = CODE.matcher(code.body().replaceAll("<[^>]*>", " "));
        if (!digits.find()) {
            throw new AssertionError("no code: " + code.body());
        }
        return digits.group().replaceAll("\\s", "");
    }

    public HttpResponse<String> get(String path, String... headers) {
        return send("GET", path, "", headers);
    }

    void write(String text) {
        must(send("POST", "/api/notes", text, "Content-Type", "text/plain", "X-CSRF-TOKEN", csrf()));
    }

    /** Opens the page of her agents, and presses twice. */
    public void endOnlyAgent() {
        Matcher end = END.matcher(get("/agent/yours", "Accept", "text/html").body());
        if (!end.find()) {
            throw new AssertionError("no agent to end");
        }
        must(follow(submit(get(end.group(1), "Accept", "text/html"), "/end")));
    }

    /** As the form of the page that Spring Security has for logging out would send it. */
    private String csrf() {
        return value(get("/logout", "Accept", "text/html").body(), "_csrf");
    }

    private HttpResponse<String> follow(HttpResponse<String> answer) {
        HttpResponse<String> next = answer;
        for (int i = 0; i < 6 && next.statusCode() / 100 == 3; i++) {
            next = get(next.headers().firstValue("Location").orElseThrow(), "Accept", "text/html");
        }
        return next;
    }

    private HttpResponse<String> submit(HttpResponse<String> page, String action, String... fields) {
        Matcher form = FORM.matcher(page.body());
        while (form.find()) {
            if (form.group(1).endsWith(action)) {
                List<String> all = new ArrayList<>(List.of(fields));
                HIDDEN.matcher(form.group(2))
                        .results()
                        .map(field -> attribute(field.group(), "name") + "="
                                + URLEncoder.encode(attribute(field.group(), "value"), StandardCharsets.UTF_8))
                        .forEach(all::add);
                String target = page.uri().resolve(form.group(1)).toString();
                return send(
                        "POST",
                        target,
                        String.join("&", all),
                        "Content-Type",
                        "application/x-www-form-urlencoded",
                        "Accept",
                        "text/html");
            }
        }
        throw new AssertionError("no form for " + action + ": " + page.statusCode() + " " + page.body());
    }

    private static String value(String html, String name) {
        return HIDDEN.matcher(html)
                .results()
                .map(field -> field.group())
                .filter(field -> attribute(field, "name").equals(name))
                .map(field -> attribute(field, "value"))
                .findFirst()
                .orElseThrow();
    }

    private static String attribute(String tag, String name) {
        Matcher attribute = Pattern.compile(" " + name + "=\"([^\"]*)\"").matcher(tag);
        return attribute.find() ? attribute.group(1) : "";
    }

    private static void must(HttpResponse<String> answer) {
        if (answer.statusCode() != 200) {
            throw new AssertionError(answer.statusCode() + " " + answer.body());
        }
    }

    private HttpResponse<String> send(String method, String path, String body, String... headers) {
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
}
