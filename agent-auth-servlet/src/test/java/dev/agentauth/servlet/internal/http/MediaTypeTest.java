package dev.agentauth.servlet.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MediaTypeTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "APPLICATION/Json",
                "application/json;",
                "application/json; charset=utf-8",
                "application/json;charset=UTF-8",
                "application/json ; Charset=\"Utf-8\"",
                "application/json; profile=x"
            })
    void matchesInAnyCaseWithUtf8AndOtherParameters(String contentType) {
        assertThat(MediaType.matches(contentType, MediaType.JSON)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "application/jsonx",
                "application/json+x",
                "xapplication/json",
                "application/json, text/plain",
                "text/json",
                "application/x-www-form-urlencoded",
                "application/json; charset=iso-8859-1",
                "application/json; charset=utf-16",
                "application/json; charset=utf-8; charset=utf-7",
                "application/json; charset",
                "application/json; x=1; CHARSET=latin1"
            })
    void matchesNeitherOtherTypesNorOtherCharsets(String contentType) {
        assertThat(MediaType.matches(contentType, MediaType.JSON)).isFalse();
    }

    @Test
    void matchesNothingWhereNoTypeIsDeclared() {
        assertThat(MediaType.matches(null, MediaType.JSON)).isFalse();
    }
}
