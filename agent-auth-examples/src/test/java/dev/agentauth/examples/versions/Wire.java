package dev.agentauth.examples.versions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** HTTP for a client that knows some names alone: whatever else stands in an answer is not there for it. */
final class Wire {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

    private final Set<String> names;

    /** A client that reads these members, at any depth. */
    Wire(String... names) {
        this.names = Set.of(names);
    }

    /** An answer, as far as its reader knows the names in it. */
    record Answer(int status, Map<String, String> headers, JsonNode body, Set<String> names) {

        /** A text that must be there, by its path: {@code claim.token}. */
        String text(String path) {
            JsonNode node = node(path);
            if (!node.isTextual() || node.textValue().isEmpty()) {
                throw new AssertionError(path + " is no text in " + this);
            }
            return node.textValue();
        }

        long number(String path) {
            JsonNode node = node(path);
            if (!node.isIntegralNumber()) {
                throw new AssertionError(path + " is no whole number in " + this);
            }
            return node.longValue();
        }

        boolean has(String path) {
            return !node(path).isMissingNode();
        }

        /** Missing if it is not there, or not a name of this version. */
        JsonNode node(String path) {
            JsonNode node = body;
            for (String name : path.split("\\.", -1)) {
                node = names.contains(name) ? node.path(name) : MissingNode.getInstance();
            }
            return node;
        }

        Answer hasStatus(int expected) {
            if (status != expected) {
                throw new AssertionError("expected " + expected + ", seen " + this);
            }
            return this;
        }

        /** Without the secrets that are in it. */
        @Override
        public String toString() {
            return status + " " + body.path("error").asText() + " with "
                    + body.propertyStream().map(Map.Entry::getKey).toList();
        }

        String header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
        }
    }

    Answer get(String url, @Nullable String token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return send(request.GET());
    }

    Answer post(String url, String token) {
        return send(HttpRequest.newBuilder(URI.create(url))
                .header("Authorization", "Bearer " + token)
                .POST(BodyPublishers.noBody()));
    }

    /** Members as name, value, name, value. */
    Answer json(String url, String... members) {
        Map<String, String> object = new LinkedHashMap<>();
        for (int i = 0; i < members.length; i += 2) {
            object.put(members[i], members[i + 1]);
        }
        return send(HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(JSON.valueToTree(object).toString())));
    }

    /** Fields as name, value, name, value. */
    Answer form(String url, String... fields) {
        Map<String, String> form = new LinkedHashMap<>();
        for (int i = 0; i < fields.length; i += 2) {
            form.put(fields[i], fields[i + 1]);
        }
        String body = form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return send(HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(body)));
    }

    private Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response =
                    HTTP.send(request.timeout(Duration.ofSeconds(20)).build(), BodyHandlers.ofString());
            Map<String, String> headers = new LinkedHashMap<>();
            response.headers()
                    .map()
                    .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
            JsonNode body = headers.getOrDefault("content-type", "").startsWith("application/json")
                    ? JSON.readTree(response.body())
                    : MissingNode.getInstance();
            return new Answer(response.statusCode(), headers, body, names);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
