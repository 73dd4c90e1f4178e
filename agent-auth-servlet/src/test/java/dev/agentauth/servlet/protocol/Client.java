package dev.agentauth.servlet.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Speaks the protocol to one service, one method an endpoint. Whatever secret passes is remembered in {@link Secrets}. */
final class Client {
    static final String ID_JAG = "urn:ietf:params:oauth:token-type:id-jag";
    static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    static final String CLAIM_GRANT = "urn:workos:agent-auth:grant-type:claim";
    static final String JSON_TYPE = "application/json";
    static final String FORM_TYPE = "application/x-www-form-urlencoded";
    static final String LOGOUT_TYPE = "application/logout+jwt";

    static final String EVENT_TYPE = "application/secevent+jwt";

    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(Version.HTTP_1_1)
            .followRedirects(Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    private final String base;

    Client(String base) {
        this.base = base;
    }

    String url(String path) {
        return base + path;
    }

    // Any request

    Answer send(String method, String path, byte[] body, String... headers) {
        return send(
                method,
                path,
                body,
                body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body),
                headers);
    }

    /** Without a {@code Content-Length}. */
    Answer sendChunked(String method, String path, byte[] body, String... headers) {
        return send(method, path, body, BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)), headers);
    }

    private Answer send(String method, String path, byte[] body, BodyPublisher publisher, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(Duration.ofSeconds(30))
                .method(method, publisher);
        if (headers.length > 0) {
            request.headers(headers);
        }
        Secrets.noteRequest(body);
        try {
            HttpResponse<byte[]> response = HTTP.send(request.build(), BodyHandlers.ofByteArray());
            Map<String, List<String>> byName = new LinkedHashMap<>();
            response.headers()
                    .map()
                    .forEach((name, values) -> byName.put(name.toLowerCase(java.util.Locale.ROOT), values));
            Answer answer =
                    new Answer(response.statusCode(), byName, new String(response.body(), StandardCharsets.UTF_8));
            Secrets.noteAnswer(answer);
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    Answer get(String path, String... headers) {
        return send("GET", path, new byte[0], headers);
    }

    Answer head(String path, String... headers) {
        return send("HEAD", path, new byte[0], headers);
    }

    Answer postJson(String path, String json, String... headers) {
        return send("POST", path, utf8(json), with(headers, "Content-Type", JSON_TYPE));
    }

    Answer postForm(String path, String form, String... headers) {
        return send("POST", path, utf8(form), with(headers, "Content-Type", FORM_TYPE));
    }

    // Identity surface

    Answer registerAnonymously() {
        return register(json("type", "anonymous"));
    }

    Answer registerIdJag(String idJag) {
        return register(json("type", "identity_assertion", "assertion_type", ID_JAG, "assertion", idJag));
    }

    Answer registerEmail(String address) {
        return register(json("type", "identity_assertion", "assertion_type", "verified_email", "assertion", address));
    }

    Answer register(String json) {
        return postJson("/agent/identity", json);
    }

    Answer startClaim(String claimToken, String email) {
        return postJson("/agent/identity/claim", json("claim_token", claimToken, "email", email));
    }

    Answer view(String attemptToken) {
        return get("/agent/identity/claim/view?token=" + encode(attemptToken));
    }

    Answer challenge(String attemptToken) {
        return postJson("/agent/identity/claim/attempt/challenge", json("claim_attempt_token", attemptToken));
    }

    Answer reject(String attemptToken) {
        return postJson("/agent/identity/claim/attempt/reject", json("claim_attempt_token", attemptToken));
    }

    /** What the page's form for a typed code sends, from a browser that knows no fetch metadata. */
    Answer type(String attemptToken, String userCode, String... headers) {
        return postForm("/agent/identity/claim/view/type", form("token", attemptToken, "user_code", userCode), headers);
    }

    Answer complete(String claimToken, String code) {
        return postJson("/agent/identity/claim/complete", json("claim_token", claimToken, "otp", code));
    }

    // Credential surface

    Answer exchange(String assertion, String... parameters) {
        return token(form("grant_type", JWT_BEARER, "assertion", assertion) + more(parameters));
    }

    /** Asks whether the code has been typed. */
    Answer poll(String claimToken, String... parameters) {
        return token(form("grant_type", CLAIM_GRANT, "claim_token", claimToken) + more(parameters));
    }

    Answer token(String form) {
        return postForm("/oauth2/token", form);
    }

    Answer revoke(String token) {
        return postForm("/oauth2/revoke", form("token", token));
    }

    Answer logout(String logoutToken) {
        return send("POST", "/agent/auth/revoke", utf8(logoutToken), "Content-Type", LOGOUT_TYPE);
    }

    Answer notify(String securityEvent) {
        return send("POST", "/agent/event/notify", utf8(securityEvent), "Content-Type", EVENT_TYPE);
    }

    // The resource

    Answer callApi(String accessToken) {
        return get("/api/things", "Authorization", "Bearer " + accessToken);
    }

    // Writing

    static String json(Object... namesAndValues) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        try {
            return Answer.JSON.writeValueAsString(object);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static String form(String... namesAndValues) {
        StringBuilder form = new StringBuilder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            form.append(i == 0 ? "" : "&")
                    .append(encode(namesAndValues[i]))
                    .append('=')
                    .append(encode(namesAndValues[i + 1]));
        }
        return form.toString();
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String more(String... parameters) {
        return parameters.length == 0 ? "" : "&" + form(parameters);
    }

    private static String[] with(String[] headers, String name, String value) {
        List<String> all = new ArrayList<>(List.of(name, value));
        all.addAll(List.of(headers));
        return all.toArray(new String[0]);
    }
}
