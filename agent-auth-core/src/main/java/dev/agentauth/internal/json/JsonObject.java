package dev.agentauth.internal.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object whose members are read by their own types: nothing is converted, a {@code null} is of no type, and no
 * string holds U+0000 or an unpaired surrogate.
 */
public final class JsonObject {
    /** 9999-01-01T00:00:00Z: a year that every database can hold. */
    private static final long END_OF_TIME = 253_370_764_800L;

    private final ObjectNode node;

    JsonObject(ObjectNode node) {
        this.node = node;
    }

    /** Whether there is a member of that name, of whatever type. */
    public boolean has(String name) {
        return node.has(name);
    }

    /** Whether there is a member of that name that is this very string. */
    public boolean is(String name, String value) {
        JsonNode member = node.get(name);
        return member != null && member.isTextual() && member.textValue().equals(value);
    }

    /** The names of all members. */
    public Set<String> names() {
        Set<String> names = new HashSet<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** A string; empty if there is no such member. */
    public Optional<String> string(String name) throws JsonFormatException {
        JsonNode value = node.get(name);
        return value == null ? Optional.empty() : Optional.of(text(value, name));
    }

    /** A string that must be there and must not be empty. */
    public String requiredString(String name) throws JsonFormatException {
        String value = string(name).orElseThrow(() -> new JsonFormatException("missing " + name));
        if (value.isEmpty()) {
            throw new JsonFormatException("empty " + name);
        }
        return value;
    }

    /** A string, or an array of strings; empty if there is no such member. */
    public Optional<List<String>> stringOrStrings(String name) throws JsonFormatException {
        JsonNode value = node.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!value.isArray()) {
            return Optional.of(List.of(text(value, name)));
        }
        List<String> values = new ArrayList<>(value.size());
        for (JsonNode element : value) {
            values.add(text(element, name));
        }
        return Optional.of(List.copyOf(values));
    }

    /**
     * A NumericDate: a number of seconds from 1970 up to the year 9999, whose fraction is cut; empty if there is no such
     * member. It is read as a double, so that no exponent makes it costly.
     */
    public Optional<Instant> time(String name) throws JsonFormatException {
        JsonNode value = node.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!value.isNumber()) {
            throw new JsonFormatException(name + " is not a number");
        }
        double seconds = value.doubleValue();
        // Also false for what is no number, though JSON can spell none.
        if (!(seconds >= 0 && seconds < END_OF_TIME)) {
            throw new JsonFormatException(name + " is out of range");
        }
        return Optional.of(Instant.ofEpochSecond((long) seconds));
    }

    /** An integer that must be there. */
    public long requiredLong(String name) throws JsonFormatException {
        JsonNode value = node.get(name);
        if (value == null) {
            throw new JsonFormatException("missing " + name);
        }
        return integer(value, name);
    }

    /** Whether the member is exactly {@code true}. */
    public boolean isTrue(String name) {
        JsonNode value = node.get(name);
        return value != null && value.isBoolean() && value.booleanValue();
    }

    /** {@code true} or {@code false}, which must be there. */
    public boolean requiredBoolean(String name) throws JsonFormatException {
        JsonNode value = node.get(name);
        if (value == null || !value.isBoolean()) {
            throw new JsonFormatException(name + " is not true or false");
        }
        return value.booleanValue();
    }

    /** An object; empty if there is no such member. */
    public Optional<JsonObject> object(String name) throws JsonFormatException {
        JsonNode value = node.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof ObjectNode object) {
            return Optional.of(new JsonObject(object));
        }
        throw new JsonFormatException(name + " is not an object");
    }

    /** The objects among the elements of an array that must be there; other elements are skipped. */
    public List<JsonObject> requiredObjects(String name) throws JsonFormatException {
        JsonNode value = node.get(name);
        if (value == null || !value.isArray()) {
            throw new JsonFormatException(name + " is not an array");
        }
        List<JsonObject> objects = new ArrayList<>(value.size());
        for (JsonNode element : value) {
            if (element instanceof ObjectNode object) {
                objects.add(new JsonObject(object));
            }
        }
        return objects;
    }

    /** The object as JSON again. */
    @Override
    public String toString() {
        return node.toString();
    }

    private static long integer(JsonNode value, String name) throws JsonFormatException {
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new JsonFormatException(name + " is not an integer");
        }
        return value.longValue();
    }

    private static String text(@Nullable JsonNode value, String name) throws JsonFormatException {
        if (value == null || !value.isTextual()) {
            throw new JsonFormatException(name + " is not a string");
        }
        String text = value.textValue();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (c == 0 || (Character.isSurrogate(c) && !pair)) {
                throw new JsonFormatException(name + " holds a character that cannot be kept");
            }
            if (pair) {
                i++;
            }
        }
        return text;
    }
}
