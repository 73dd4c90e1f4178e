package dev.agentauth.internal.net;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UrlsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://h",
                "https://h:8443/a/b",
                "http://localhost",
                "http://localhost:1/a",
                "http://127.0.0.1:8080",
                "http://127.255.0.9",
                "http://[::1]:8080"
            })
    void issuerMayBe(String url) {
        assertThatCode(() -> Urls.requireIssuer("issuer", url)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://h/",
                "https://h/a/",
                "http://h",
                "http://10.0.0.1",
                "http://128.0.0.1",
                "http://127.0.0.1.example.com",
                "http://127.0.0",
                "http://[::2]",
                "http://localhost.",
                "https://H",
                "Https://h",
                "https://u@h",
                "https://u:p@h",
                "https://h?",
                "https://h#",
                "https://h/a?b=c",
                "//h",
                "h",
                "",
                "https:",
                "https://",
                "https://h h",
                "file:///etc",
                "javascript:alert(1)"
            })
    void issuerMayNotBe(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Urls.requireIssuer("issuer", url))
                .withMessageStartingWith("issuer ");
    }

    @Test
    void resourceMayEndInASlash() {
        assertThatCode(() -> Urls.requireResource("resource", "https://h/api/")).doesNotThrowAnyException();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Urls.requireResource("resource", "https://h/api/?"))
                .withMessageStartingWith("resource ");
    }
}
