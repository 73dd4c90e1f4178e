package dev.agentauth.client.http;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An answer, whatever its status.
 *
 * @since 0.2.0
 */
public record Reply(int status, HttpHeaders headers, String body) {
    /** RFC 6749, section 5.2, without the space, and of a length that nobody minds to read. */
    private static final Pattern ERROR = Pattern.compile("[\\x21\\x23-\\x5b\\x5d-\\x7e]{1,64}");

    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

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
        try {
            return json().get("error")
                    .string()
                    .filter(code -> ERROR.matcher(code).matches());
        } catch (JsonFormatException e) {
            return Optional.empty();
        }
    }

    /** How long {@code Retry-After} asks to wait (RFC 9110, section 10.2.3); empty if it does not, or not readably. */
    public Optional<Duration> retryAfter(Instant now) {
        return header("Retry-After").flatMap(value -> {
            if (SECONDS.matcher(value).matches()) {
                return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
            }
            try {
                Instant time = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant();
                return Optional.of(time.isBefore(now) ? Duration.ZERO : Duration.between(now, time));
            } catch (DateTimeParseException e) {
                return Optional.empty();
            }
        });
    }

    /** Shows status and error alone: a body may hold secrets. */
    @Override
    public String toString() {
        return status + error().map(code -> " " + code).orElse("");
    }
}
