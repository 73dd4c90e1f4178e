package dev.agentauth.client.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UrlsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://api.example",
                "HTTPS://api.example/x?y=z",
                "http://localhost:8000/",
                "http://LOCALHOST/",
                "http://a.localhost/",
                "http://127.0.0.1/",
                "http://127.9.8.7/",
                "http://[::1]:8000/"
            })
    void httpsAndLoopbackAreSafe(String url) {
        assertThat(Urls.requireSafe(url)).isEqualTo(URI.create(url));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "/x",
                "//api.example/x",
                "http://api.example/",
                "http://localhost.example/",
                "http://127.0.0.1.example/",
                "http://128.0.0.1/",
                "http://[::2]/",
                "http://0.0.0.0/",
                "ftp://localhost/",
                "file:///etc/passwd",
                "mailto:anna@example.com",
                "https:///x",
                "https://user@api.example/",
                "https://api.example/#x",
                "https://api example/"
            })
    void allElseIsNot(String url) {
        assertThatThrownBy(() -> Urls.requireSafe(url))
                .isInstanceOf(UnsafeUrlException.class)
                .hasMessageStartingWith("not a");
    }

    @ParameterizedTest
    @CsvSource({
        "https://a.example, https://a.example/x, true",
        "https://a.example/, https://a.example/x/y, true",
        "https://a.example/api, https://a.example/api, true",
        "https://a.example/api, https://a.example/api/x?y, true",
        "https://a.example/api/, https://A.example:443/api/x, true",
        "https://a.example/api, https://a.example/apix, false",
        "https://a.example/api/, https://a.example/api, false",
        "https://a.example/api, https://b.example/api, false",
        "https://a.example/api, https://a.example.evil/api, false",
        "https://a.example/api, http://a.example/api, false",
        "https://a.example/api, https://a.example:8443/api, false",
        "https://a.example/api/, https://a.example/api/../x, false",
        "https://a.example/api/, https://a.example/api/%2e%2E/x, false",
        "https://a.example/api/, https://a.example/API/x, false"
    })
    void resourceCoversItselfAndWhatIsBelow(URI resource, URI url, boolean covered) {
        assertThat(Urls.covers(resource, url)).isEqualTo(covered);
    }
}
