package dev.agentauth.examples.walk;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/**
 * Sends requests to a service that is configured under one origin and listens on another, as name resolution and a TLS
 * terminator would. URLs of any other origin are refused, so an answer that names a wrong one is found out.
 */
public final class Client {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final HttpClient http = HttpClient.newBuilder()
            .version(Version.HTTP_1_1)
            .followRedirects(Redirect.NEVER)
            .connectTimeout(TIMEOUT)
            .build();
    private final String origin;
    private final int port;

    private Client(String origin, int port) {
        this.origin = origin;
        this.port = port;
    }

    /** A client that finds {@code origin} at a port of this machine. */
    public static Client of(String origin, int port) {
        return new Client(origin, port);
    }

    /** What clients take for the service's origin, for example {@code https://shop.example.com}. */
    public String origin() {
        return origin;
    }

    /** GET, with headers as name, value, name, value. */
    public Reply get(String url, String... headers) {
        return send("GET", url, BodyPublishers.noBody(), headers);
    }

    /** POST of JSON. */
    public Reply postJson(String url, String json, String... headers) {
        return send("POST", url, BodyPublishers.ofString(json), with(headers, "application/json"));
    }

    /** POST of a form. */
    public Reply postForm(String url, String form, String... headers) {
        return send("POST", url, BodyPublishers.ofString(form), with(headers, "application/x-www-form-urlencoded"));
    }

    /** Any method. */
    public Reply send(String method, String url, BodyPublisher body, String... headers) {
        if (!url.startsWith(origin + "/")) {
            throw new AssertionError(url + " is not below " + origin);
        }
        URI target = URI.create("http://localhost:" + port + url.substring(origin.length()));
        HttpRequest.Builder request =
                HttpRequest.newBuilder(target).timeout(TIMEOUT).method(method, body);
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            var response = http.send(request.build(), BodyHandlers.ofString());
            return new Reply(method + " " + url, response.statusCode(), response.headers(), response.body());
        } catch (IOException e) {
            throw new AssertionError("no answer from " + url, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private static String[] with(String[] headers, String contentType) {
        String[] all = new String[headers.length + 2];
        System.arraycopy(headers, 0, all, 2, headers.length);
        all[0] = "Content-Type";
        all[1] = contentType;
        return all;
    }
}
