package dev.agentauth.client.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A JSON value that was read. Members are asked for by name, and a member that is not there is a value too: {@code
 * answer.get("agent_auth").get("claim_endpoint").text()} says at its end what is missing. A {@code null} counts as
 * missing.
 *
 * @since 0.2.0
 */
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(32).build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final String name;
    private final JsonNode node;

    private Json(String name, JsonNode node) {
        this.name = name;
        this.node = node;
    }

    /** Reads one value, strictly: no duplicate members, nothing behind it, at most 32 levels deep. */
    public static Json parse(String text) {
        try {
            JsonNode node = MAPPER.readTree(text);
            if (node.isMissingNode()) {
                throw new JsonFormatException("not JSON");
            }
            return new Json("the value", node);
        } catch (JsonProcessingException e) {
            throw new JsonFormatException("not JSON");
        }
    }

    /** Writes maps, collections, strings, numbers and booleans. */
    public static String write(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("holds something that is not plain data", e);
        }
    }

    /** A member of an object. */
    public Json get(String member) {
        return new Json(member, node.path(member));
    }

    /** The elements of an array; none if it is missing. */
    public List<Json> items() {
        if (isPresent() && !node.isArray()) {
            throw new JsonFormatException(name + " is not an array");
        }
        List<Json> items = new ArrayList<>();
        node.forEach(element -> items.add(new Json(name, element)));
        return items;
    }

    /** The strings of an array; none if it is missing. */
    public List<String> texts() {
        return items().stream().map(Json::text).toList();
    }

    /** A string; empty if it is missing. */
    public Optional<String> string() {
        if (isPresent() && !node.isTextual()) {
            throw new JsonFormatException(name + " is not a string");
        }
        return isPresent() ? Optional.of(node.textValue()) : Optional.empty();
    }

    /** A string that must be there. */
    public String text() {
        return string().orElseThrow(() -> new JsonFormatException(name + " is missing"));
    }

    /** An instant in ISO-8601 that must be there. */
    public Instant instant() {
        try {
            return Instant.parse(text());
        } catch (DateTimeParseException e) {
            throw new JsonFormatException(name + " is not a time");
        }
    }

    /** A whole number that must be there. */
    public long number() {
        if (!node.isIntegralNumber() || !node.canConvertToLong()) {
            throw new JsonFormatException(name + " is not a whole number");
        }
        return node.longValue();
    }

    /** Whether it is there. */
    public boolean isPresent() {
        return !node.isMissingNode() && !node.isNull();
    }

    /** Whether it is exactly {@code true}. */
    public boolean isTrue() {
        return node.isBoolean() && node.booleanValue();
    }

    /** Whether it is an object. */
    public boolean isObject() {
        return node.isObject();
    }
}
