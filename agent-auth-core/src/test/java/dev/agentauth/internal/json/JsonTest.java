package dev.agentauth.internal.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** T09: what is read is one object of valid UTF-8, and its members are of their own types. */
class JsonTest {

    // Documents

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "true",
                "1",
                "\"a\"",
                "[]",
                "[{}]",
                "{",
                "}",
                "{}{}",
                "{} {}",
                "{},",
                "{} x",
                "{}1",
                "{\"a\":}",
                "{\"a\"}",
                "{\"a\":1,}",
                "{,}",
                "{a:1}",
                "{'a':1}",
                "{\"a\":'b'}",
                "{\"a\":1 \"b\":2}",
                "{\"a\":01}",
                "{\"a\":+1}",
                "{\"a\":.5}",
                "{\"a\":1.}",
                "{\"a\":NaN}",
                "{\"a\":Infinity}",
                "{\"a\":0x10}",
                "{\"a\":\"\t\"}",
                "{\"a\":\"\\x41\"}",
                "{\"a\":\"\\u12\"}",
                "{\"a\":tru}",
                "{\"a\":TRUE}",
                "/* c */ {}",
                "{} // c",
                "# c\n{}",
                "\uFEFF{}"
            })
    void anythingButOneObjectIsRefused(String text) {
        assertRefused(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1,\"a\":1}",
                "{\"a\":1,\"b\":2,\"a\":3}",
                "{\"a\":{\"b\":1,\"b\":2}}",
                "{\"x\":[{\"b\":1,\"b\":2}]}",
                "{\"a\":1,\"\\u0061\":2}",
                "{\"\":1,\"\":2}"
            })
    void duplicateMembersAreRefusedAtEveryDepth(String text) {
        assertRefused(text);
    }

    @Test
    void octetsThatAreNotUtf8AreRefused() {
        for (int[] octets : new int[][] {
            {0xFF}, {0xC0, 0xAF}, {0xE2, 0x82}, {0xED, 0xA0, 0x80}, {0xF4, 0x90, 0x80, 0x80}, {0x80}, {0xC3, 0x28}
        }) {
            byte[] text = "{\"a\":\"    \"}".getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < octets.length; i++) {
                text[6 + i] = (byte) octets[i];
            }
            assertThatThrownBy(() -> Json.parseObject(text)).isInstanceOf(JsonFormatException.class);
        }
        assertThatThrownBy(() -> Json.parseObject("{\"a\":1}".getBytes(StandardCharsets.UTF_16)))
                .isInstanceOf(JsonFormatException.class);
        assertThatThrownBy(() -> Json.parseObject("{\"a\":1}".getBytes(StandardCharsets.UTF_16LE)))
                .isInstanceOf(JsonFormatException.class);
    }

    @Test
    void whiteSpaceAroundAndUnknownMembersAreFine() throws JsonFormatException {
        JsonObject object = parse(" \t\r\n{ \"a\" : \"\u00e4\ud83d\ude00\" , \"unknown\" : [ null ] } \n");

        assertThat(object.string("a")).contains("\u00e4\ud83d\ude00");
        assertThat(object.names()).containsExactlyInAnyOrder("a", "unknown");
    }

    @Test
    void nestingIsLimitedExactly() throws JsonFormatException {
        parse("{\"a\":".repeat(31) + "{}" + "}".repeat(31));
        assertRefused("{\"a\":".repeat(32) + "{}" + "}".repeat(32));
        assertRefused("{\"a\":" + "[".repeat(1_000_000));
    }

    @Test
    void refusalSaysNothingOfTheInputAndCarriesNoStack() {
        assertThatThrownBy(() -> parse("{\"password\":hunter2}"))
                .isInstanceOf(JsonFormatException.class)
                .hasNoCause()
                .satisfies(e -> {
                    assertThat(e.getMessage()).doesNotContain("hunter2").doesNotContain("password");
                    assertThat(e.getStackTrace()).isEmpty();
                });
    }

    // Members

    @Test
    void stringIsAStringAndNothingElse() throws JsonFormatException {
        JsonObject object = parse("{\"s\":\"x\",\"e\":\"\",\"n\":null,\"i\":1,\"b\":true,\"o\":{},\"a\":[\"x\"]}");

        assertThat(object.string("s")).contains("x");
        assertThat(object.string("e")).contains("");
        assertThat(object.string("absent")).isEmpty();
        assertThat(object.requiredString("s")).isEqualTo("x");
        for (String name : List.of("n", "i", "b", "o", "a")) {
            assertThatThrownBy(() -> object.string(name)).isInstanceOf(JsonFormatException.class);
        }
        for (String name : List.of("e", "absent", "n", "i")) {
            assertThatThrownBy(() -> object.requiredString(name)).isInstanceOf(JsonFormatException.class);
        }
    }

    @Test
    void charactersThatCannotBeKeptAreRefused() throws JsonFormatException {
        for (String text : List.of(
                "\\u0000",
                "a\\u0000b",
                "\\ud800",
                "\\udc00",
                "\\ude00\\ud83d",
                "a\\ud83d",
                "\\ud83d\\ud83d\\ude00",
                "\\ud83dx")) {
            JsonObject object = parse("{\"s\":\"" + text + "\",\"a\":[\"" + text + "\"]}");
            assertThatThrownBy(() -> object.string("s")).isInstanceOf(JsonFormatException.class);
            assertThatThrownBy(() -> object.stringOrStrings("a")).isInstanceOf(JsonFormatException.class);
        }
        assertThat(parse("{\"s\":\"\\ud83d\\ude00\\ud83d\\ude00\"}").string("s"))
                .contains("\ud83d\ude00\ud83d\ude00");
    }

    @Test
    void oneOrManyStrings() throws JsonFormatException {
        JsonObject object =
                parse("{\"s\":\"x\",\"a\":[\"x\",\"y\"],\"e\":[],\"m\":[\"x\",1],\"n\":null,\"d\":[[\"x\"]]}");

        assertThat(object.stringOrStrings("s")).contains(List.of("x"));
        assertThat(object.stringOrStrings("a")).contains(List.of("x", "y"));
        assertThat(object.stringOrStrings("e")).contains(List.of());
        assertThat(object.stringOrStrings("absent")).isEmpty();
        for (String name : List.of("m", "n", "d")) {
            assertThatThrownBy(() -> object.stringOrStrings(name)).isInstanceOf(JsonFormatException.class);
        }
    }

    @Test
    void T82_timeIsADoubleFrom1970UpToTheYear9999BeforeItsFractionIsCut() throws JsonFormatException {
        assertThat(parse("{\"t\":0}").time("t")).contains(Instant.EPOCH);
        assertThat(parse("{\"t\":253370764799}").time("t")).contains(Instant.parse("9998-12-31T23:59:59Z"));
        assertThat(parse("{\"t\":253370764799.9}").time("t")).contains(Instant.parse("9998-12-31T23:59:59Z"));
        assertThat(parse("{\"t\":1.0}").time("t")).contains(Instant.ofEpochSecond(1));
        assertThat(parse("{\"t\":1.9}").time("t")).contains(Instant.ofEpochSecond(1));
        assertThat(parse("{\"t\":1e3}").time("t")).contains(Instant.ofEpochSecond(1000));
        assertThat(parse("{\"t\":1777899600.999}").time("t")).contains(Instant.ofEpochSecond(1777899600));
        assertThat(parse("{\"t\":1.7778996E9}").time("t")).contains(Instant.ofEpochSecond(1777899600));
        assertThat(parse("{\"t\":1e-999999999}").time("t")).contains(Instant.EPOCH);
        assertThat(parse("{}").time("t")).isEmpty();
        for (String value : List.of(
                "-1",
                "253370764800",
                "9223372036854775807",
                "9223372036854775808",
                "-9223372036854775809",
                "99999999999999999999999999",
                "-0.5",
                "-1e-9",
                "1e12",
                "1e400",
                "-1e400",
                "1e999999999",
                "1e2147483648",
                "9".repeat(60) + "e99",
                "\"1\"",
                "null",
                "true",
                "[1]")) {
            JsonObject object = parse("{\"t\":" + value + "}");
            assertThatThrownBy(() -> object.time("t")).as(value).isInstanceOf(JsonFormatException.class);
        }
    }

    @Test
    void integerMustBeThereAndFitALong() throws JsonFormatException {
        assertThat(parse("{\"i\":-9223372036854775808}").requiredLong("i")).isEqualTo(Long.MIN_VALUE);
        assertThat(parse("{\"i\":9223372036854775807}").requiredLong("i")).isEqualTo(Long.MAX_VALUE);
        for (String text :
                List.of("{}", "{\"i\":9223372036854775808}", "{\"i\":1.0}", "{\"i\":null}", "{\"i\":\"1\"}")) {
            JsonObject object = parse(text);
            assertThatThrownBy(() -> object.requiredLong("i")).isInstanceOf(JsonFormatException.class);
        }
    }

    @Test
    void trueIsExactlyTrue() throws JsonFormatException {
        JsonObject object = parse("{\"t\":true,\"f\":false,\"s\":\"true\",\"i\":1,\"n\":null}");

        assertThat(object.isTrue("t")).isTrue();
        for (String name : List.of("f", "s", "i", "n", "absent")) {
            assertThat(object.isTrue(name)).isFalse();
        }
        assertThat(object.has("n")).isTrue();
        assertThat(object.has("absent")).isFalse();
    }

    @Test
    void objectsAreObjects() throws JsonFormatException {
        JsonObject object = parse("{\"o\":{\"x\":1},\"a\":[{\"x\":1},2,null,{\"x\":3}],\"n\":null,\"s\":\"x\"}");

        assertThat(object.object("o").orElseThrow().requiredLong("x")).isEqualTo(1);
        assertThat(object.object("absent")).isEmpty();
        assertThat(object.requiredObjects("a")).hasSize(2);
        for (String name : List.of("n", "s", "a")) {
            assertThatThrownBy(() -> object.object(name)).isInstanceOf(JsonFormatException.class);
        }
        for (String name : List.of("n", "s", "o", "absent")) {
            assertThatThrownBy(() -> object.requiredObjects(name)).isInstanceOf(JsonFormatException.class);
        }
    }

    // Writing

    @Test
    void writesPlainDataInItsOrder() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("s", "\u00e4\"\\\n\u2028</script>");
        object.put("l", List.of(1, true, "x"));
        object.put("m", Map.of());

        assertThat(new String(Json.write(object), StandardCharsets.UTF_8))
                .isEqualTo("{\"s\":\"\u00e4\\\"\\\\\\n\u2028</script>\",\"l\":[1,true,\"x\"],\"m\":{}}");
        assertThat(Json.writePretty(object)).contains("\n");
    }

    @Test
    void writesNothingThatIsNotPlainData() {
        assertThatIllegalArgumentException().isThrownBy(() -> Json.write(Map.of("o", new Object())));
        assertThatIllegalArgumentException().isThrownBy(() -> Json.writePretty(Map.of("o", new Object())));
    }

    @Test
    void timestampsAreUtcWithMilliseconds() {
        assertThat(Timestamps.format(Instant.parse("2026-05-04T13:00:00Z"))).isEqualTo("2026-05-04T13:00:00.000Z");
        assertThat(Timestamps.format(Instant.parse("2026-05-04T13:00:00.0129999Z")))
                .isEqualTo("2026-05-04T13:00:00.012Z");
        assertThat(Timestamps.format(Instant.parse("9998-12-31T23:59:59.999Z"))).isEqualTo("9998-12-31T23:59:59.999Z");
    }

    @Test
    void t09_everyMutationOfAnObjectIsReadOrRefusedButNeverAnythingElse() {
        byte[] valid = "{\"a\":{\"b\":[1,\"x\u00e4\",null,true]},\"t\":123,\"s\":\"\\ud83d\\ude00\"}"
                .getBytes(StandardCharsets.UTF_8);
        java.util.Random random = new java.util.Random(11);
        int read = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] mutated = Arrays.copyOf(valid, valid.length);
            for (int changes = random.nextInt(3); changes >= 0; changes--) {
                mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
            }
            try {
                Json.parseObject(mutated).names();
                read++;
            } catch (JsonFormatException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
        assertThat(read).isBetween(1, 19_999);
    }

    private static JsonObject parse(String text) throws JsonFormatException {
        return Json.parseObject(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void assertRefused(String text) {
        assertThatThrownBy(() -> parse(text))
                .as(text.substring(0, Math.min(40, text.length())))
                .isInstanceOf(JsonFormatException.class);
    }
}
