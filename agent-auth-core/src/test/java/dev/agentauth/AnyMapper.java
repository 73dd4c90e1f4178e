package dev.agentauth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A JSON mapper that is set to write whatever it is given, as careless services have them. */
final class AnyMapper {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
            .addModule(new SimpleModule()
                    .addSerializer(Instant.class, ToStringSerializer.instance)
                    .addSerializer(Duration.class, ToStringSerializer.instance)
                    .addSerializer(Optional.class, ToStringSerializer.instance))
            .build();

    private AnyMapper() {}

    static String json(Object value) {
        try {
            return MAPPER.writeValueAsString(value instanceof Optional<?> some ? some.orElse(null) : value);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
