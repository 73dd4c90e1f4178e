package dev.agentauth.internal.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON objects strictly and writes plain maps. Writing does without Jackson's data binding, whose 350 classes take a
 * sixth of a second to load, when a service starts or answers for the first time.
 */
public final class Json {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(32)
                    .maxNumberLength(64)
                    .build())
            .build();

    /** Loaded when something is read for the first time. */
    private static final class Reading {
        static final ObjectReader READER = JsonMapper.builder(FACTORY)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build()
                .reader();
    }

    private Json() {}

    /**
     * Reads one object: valid UTF-8 without a byte order mark, no duplicate members, nothing behind it, at most 32
     * levels deep. Its size is for the caller to limit.
     */
    public static JsonObject parseObject(byte[] utf8) throws JsonFormatException {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new JsonFormatException("not UTF-8");
        }
        if (text.startsWith("\uFEFF")) {
            throw new JsonFormatException("starts with a byte order mark");
        }
        JsonNode node;
        try {
            node = Reading.READER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new JsonFormatException("not JSON");
        }
        if (node instanceof ObjectNode object) {
            return new JsonObject(object);
        }
        throw new JsonFormatException("not an object");
    }

    /** Writes maps, collections, strings, numbers, booleans and nulls as UTF-8. */
    public static byte[] write(Map<String, ?> object) {
        return write(object, false);
    }

    /** Writes with line breaks and indentation, for people. */
    public static String writePretty(Map<String, ?> object) {
        return new String(write(object, true), StandardCharsets.UTF_8);
    }

    private static byte[] write(Map<String, ?> object, boolean pretty) {
        ByteArrayOutputStream json = new ByteArrayOutputStream(1024);
        try (JsonGenerator generator = FACTORY.createGenerator(json)) {
            if (pretty) {
                generator.useDefaultPrettyPrinter();
            }
            write(generator, object);
        } catch (IOException e) {
            throw new IllegalArgumentException("holds what cannot be written", e);
        }
        return json.toByteArray();
    }

    private static void write(JsonGenerator generator, @Nullable Object value) throws IOException {
        if (value instanceof Map<?, ?> object) {
            generator.writeStartObject();
            for (Map.Entry<?, ?> member : object.entrySet()) {
                generator.writeFieldName((String) member.getKey());
                write(generator, member.getValue());
            }
            generator.writeEndObject();
        } else if (value instanceof Collection<?> array) {
            generator.writeStartArray();
            for (Object element : array) {
                write(generator, element);
            }
            generator.writeEndArray();
        } else if (value instanceof String text) {
            generator.writeString(text);
        } else if (value instanceof Boolean truth) {
            generator.writeBoolean(truth);
        } else if (value instanceof Integer || value instanceof Long) {
            generator.writeNumber(((Number) value).longValue());
        } else if (value instanceof Number number) {
            generator.writeNumber(new BigDecimal(number.toString()));
        } else if (value == null) {
            generator.writeNull();
        } else {
            throw new IllegalArgumentException("holds something that is not plain data");
        }
    }
}
