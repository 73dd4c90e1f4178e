package dev.agentauth.examples.http;

import java.net.http.HttpHeaders;
import java.util.Optional;

/** An answer, whatever its status. */
public record Reply(int status, HttpHeaders headers, String body) {

    /** The first value of a header. */
    public Optional<String> header(String name) {
        return headers.firstValue(name);
    }

    /** The body as JSON. */
    public Json json() {
        return Json.parse(body);
    }

    /** The code of an error in a JSON body; empty if there is none. */
    public Optional<String> error() {
        if (!header("Content-Type").orElse("").startsWith("application/json")) {
            return Optional.empty();
        }
        Json answer = json();
        return answer.isObject() ? answer.get("error").string() : Optional.empty();
    }

    /** Shows status and error alone: a body may hold secrets. */
    @Override
    public String toString() {
        return status + error().map(code -> " " + code).orElse("");
    }
}
