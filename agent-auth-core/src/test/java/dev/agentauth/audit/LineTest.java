package dev.agentauth.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentauth.internal.json.Json;
import dev.agentauth.internal.json.Timestamps;
import dev.agentauth.spi.AuditEvent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Written by hand, read by Jackson. */
class LineTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Pattern UNBROKEN = Pattern.compile("[^\\x00-\\x1F\\x7F-\\x9F\\u2028\\u2029]*");

    @Test
    void membersStandInTheirOrderAndFieldsBehindThemSorted() {
        assertThat(text(TestEvents.with(Map.of("sub", "s", "iss", "https://p.example", "kind", "provider"))))
                .isEqualTo("{\"id\":\"evt_abcdefghijklmnop\",\"time\":\"2026-05-04T13:00:00.120Z\","
                        + "\"event\":\"token.issued\",\"client_address\":\"203.0.113.7\","
                        + "\"registration_id\":\"reg_abcdefghijklmnop\","
                        + "\"iss\":\"https://p.example\",\"kind\":\"provider\",\"sub\":\"s\"}\n");
    }

    @Test
    void whatIsNotKnownIsAbsent() {
        assertThat(text(new AuditEvent(
                        "evt_1", TestEvents.TIME, AuditEvent.Type.REGISTRATION_REVOKED, null, null, Map.of())))
                .isEqualTo(
                        "{\"id\":\"evt_1\",\"time\":\"2026-05-04T13:00:00.120Z\",\"event\":\"registration.revoked\"}\n");
    }

    @Test
    void fieldCannotTakeThePlaceOfAMember() {
        assertThat(text(TestEvents.with(Map.of("event", "forged", "registration_id", "reg_other", "zone", "z"))))
                .contains("\"event\":\"token.issued\"", "\"zone\":\"z\"")
                .doesNotContain("forged", "reg_other");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1970-01-01T00:00:00Z",
                "1969-12-31T23:59:59.999999999Z",
                "2024-02-29T23:59:59.999Z",
                "2026-05-04T13:00:00.001999Z",
                "0000-01-01T00:00:00Z",
                "9999-12-31T23:59:59.999999999Z",
                "-0001-12-31T23:59:59Z",
                "+10000-01-01T00:00:00Z",
                "-999999999-01-01T00:00:00Z",
                "+999999999-12-31T23:59:59.999999999Z"
            })
    void timeIsWrittenAsEverywhereElse(String text) {
        Instant time = Instant.parse(text);

        assertThat(text(at(time))).contains("\"time\":\"" + Timestamps.format(time) + "\"");
    }

    @Test
    void anyTimeIsWrittenAsEverywhereElse() {
        Random random = new Random(1);
        for (int i = 0; i < 3_000; i++) {
            Instant time = Instant.ofEpochSecond(
                    random.nextLong(-62_000_000_000L, 253_000_000_000L), random.nextInt(1_000_000_000));

            assertThat(text(at(time))).contains("\"time\":\"" + Timestamps.format(time) + "\"");
        }
    }

    @Test
    void everyCharacterSurvivesAndNoneEndsALine() throws Exception {
        List<Integer> wrong = new ArrayList<>();
        for (int c = 0; c <= Character.MAX_VALUE; c++) {
            String value = "a" + (char) c + "b";
            String line = text(TestEvents.with(Map.of("sub", value)));

            if (!UNBROKEN.matcher(line.substring(0, line.length() - 1)).matches()
                    || !line.endsWith("\n")
                    || !MAPPER.readTree(line).get("sub").textValue().equals(value)) {
                wrong.add(c);
            }
        }

        assertThat(wrong).isEmpty();
    }

    @Test
    void whateverIsInAnEventIsReadBack() throws Exception {
        Random random = new Random(2);
        for (int i = 0; i < 3_000; i++) {
            Map<String, String> fields = new HashMap<>();
            for (int field = random.nextInt(5); field > 0; field--) {
                fields.put("f" + ordinaryText(random), anyText(random));
            }
            String line = text(TestEvents.with(fields));

            assertThat(line).endsWith("}\n");
            JsonNode read = MAPPER.readTree(line);
            fields.forEach(
                    (name, value) -> assertThat(read.get(name).textValue()).isEqualTo(value));
            assertThat(read.size()).isEqualTo(5 + fields.size());
        }
    }

    @Test
    void ordinaryContentIsWrittenAsAMapperWould() {
        Random random = new Random(3);
        for (int i = 0; i < 3_000; i++) {
            AuditEvent event = TestEvents.with(Map.of(
                    "iss", "https://p.example/" + ordinaryText(random), "sub", ordinaryText(random), "kind", "email"));

            assertThat(text(event)).isEqualTo(mapped(event) + "\n");
        }
    }

    /** As a mapper writes it. */
    static String mapped(AuditEvent event) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("id", event.id());
        line.put("time", Timestamps.format(event.time()));
        line.put("event", event.type().wireName());
        if (event.clientAddress() != null) {
            line.put("client_address", event.clientAddress());
        }
        if (event.registrationId() != null) {
            line.put("registration_id", event.registrationId());
        }
        line.putAll(new TreeMap<>(event.fields()));
        return new String(Json.write(line), StandardCharsets.UTF_8);
    }

    /** Characters of one to four bytes, quotes and controls; no separators beyond ASCII's and no halves of pairs. */
    private static String ordinaryText(Random random) {
        return random.ints(random.nextInt(40), 0, 12)
                .map(kind -> switch (kind) {
                    case 0 -> random.nextInt(0x20);
                    case 1 -> "\"\\/".charAt(random.nextInt(3));
                    case 2 -> random.nextInt(0xA0, 0x800);
                    case 3 -> random.nextInt(0x3000, 0xD800);
                    case 4 -> random.nextInt(0x10000, 0x110000);
                    default -> random.nextInt(0x20, 0x7F);
                })
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** Any characters, halves of pairs among them. */
    private static String anyText(Random random) {
        char[] chars = new char[random.nextInt(300)];
        int plain = random.nextInt(3);
        for (int i = 0; i < chars.length; i++) {
            chars[i] = random.nextInt(3) < plain
                    ? (char) random.nextInt(0x20, 0x7F)
                    : (char) (random.nextBoolean() ? random.nextInt(0xD700, 0xE100) : random.nextInt(0x10000));
        }
        return new String(chars);
    }

    private static AuditEvent at(Instant time) {
        return new AuditEvent("evt_1", time, AuditEvent.Type.TOKEN_ISSUED, null, null, Map.of());
    }

    /** Fails on what is not UTF-8. */
    private static String text(AuditEvent event) {
        Line line = Line.of(event);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Arrays.copyOf(line.bytes(), line.length())))
                    .toString();
        } catch (java.nio.charset.CharacterCodingException e) {
            throw new AssertionError(e);
        }
    }
}
