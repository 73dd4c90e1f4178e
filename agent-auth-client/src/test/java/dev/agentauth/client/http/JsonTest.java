package dev.agentauth.client.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @Test
    void writtenDataReadsBackTheSame() {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("text", "a\"b\\c\n\u0001\u00e9\ud83d\ude00/");
        data.put("number", -12L);
        data.put("yes", true);
        data.put("list", List.of("x", "y"));
        data.put("nothing", List.of());
        data.put("object", Map.of("member", 7));
        data.put("empty", Map.of());

        Json read = Json.parse(Json.write(data));

        assertThat(read.get("text").text()).isEqualTo("a\"b\\c\n\u0001\u00e9\ud83d\ude00/");
        assertThat(read.get("number").number()).isEqualTo(-12);
        assertThat(read.get("yes").isTrue()).isTrue();
        assertThat(read.get("list").texts()).containsExactly("x", "y");
        assertThat(read.get("nothing").items()).isEmpty();
        assertThat(read.get("object").get("member").number()).isEqualTo(7);
        assertThat(read.get("empty").isObject()).isTrue();
    }

    @Test
    void escapesAndWhiteSpaceAreRead() {
        Json read = Json.parse(
                " {\t\"a\" :\r\n\"\\u0041\\/\\b\\f\\n\\r\\t\\ud83d\\ude00\" , \"b\" : [ 1.50 , 2000 , false ] } ");

        assertThat(read.get("a").text()).isEqualTo("A/\b\f\n\r\t\ud83d\ude00");
        assertThat(read.get("b").items().get(1).number()).isEqualTo(2000);
        assertThat(read.get("b").items().get(2).isPresent()).isTrue();
    }

    @Test
    void missingMemberIsAValueThatSaysItsName() {
        Json read = Json.parse("{\"a\":null,\"b\":{}}");

        assertThat(read.get("a").isPresent()).isFalse();
        assertThat(read.get("b").get("c").get("d").string()).isEmpty();
        assertThatThrownBy(() -> read.get("b").get("c").get("d").text())
                .isInstanceOf(JsonFormatException.class)
                .hasMessage("d is missing");
    }

    @Test
    void valueOfAnotherTypeIsRefused() {
        Json read = Json.parse("{\"number\":1.5,\"text\":\"1\"}");

        assertThatThrownBy(() -> read.get("number").text()).hasMessage("number is not a string");
        assertThatThrownBy(() -> read.get("number").number()).hasMessage("number is not a whole number");
        assertThatThrownBy(() -> read.get("text").number()).hasMessage("text is not a whole number");
        assertThatThrownBy(() -> read.get("text").items()).hasMessage("text is not an array");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "}",
                "{}x",
                "{\"a\":1,}",
                "{a:1}",
                "{\"a\" 1}",
                "[1,]",
                "[1 2]",
                "01",
                "+1",
                "1.",
                ".5",
                "- 1",
                "1e",
                "NaN",
                "tru",
                "nul",
                "'a'",
                "\"a",
                "\"\\x\"",
                "\"\\u12G4\"",
                "\"\\u\uff11\uff11\uff11\uff11\"",
                "\"\n\"",
                "{\"a\":1,\"a\":2}",
                "\uFEFF{}"
            })
    void textThatIsNotJsonIsRefused(String text) {
        assertThatThrownBy(() -> Json.parse(text)).isInstanceOf(JsonFormatException.class);
    }

    @Test
    void thirtyTwoLevelsAreReadAndOneMoreIsRefused() {
        assertThat(Json.parse("[".repeat(32) + "0" + "]".repeat(32)).items()).hasSize(1);
        assertThatThrownBy(() -> Json.parse("[".repeat(33) + "0" + "]".repeat(33)))
                .isInstanceOf(JsonFormatException.class);
        assertThatThrownBy(() -> Json.parse("[".repeat(100_000))).isInstanceOf(JsonFormatException.class);
    }
}
