package dev.agentauth.servlet.internal.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SameOriginTest {
    private final SameOrigin ours = new SameOrigin("https://service.example/auth");

    @ParameterizedTest
    @ValueSource(strings = {"cross-site", "same-site", "none", "", "Same-Origin", "same-origin, cross-site"})
    void fetchSiteOtherThanSameOriginIsRefusedWhateverTheOrigin(String fetchSite) {
        assertThat(ours.allows(fetchSite, "https://service.example")).isFalse();
        assertThat(ours.allows(fetchSite, null)).isFalse();
    }

    @Test
    void fetchSiteSameOriginIsAllowedWhateverTheOrigin() {
        assertThat(ours.allows("same-origin", null)).isTrue();
        assertThat(ours.allows("same-origin", "null")).isTrue();
        assertThat(ours.allows("same-origin", "https://evil.example")).isTrue();
    }

    @Test
    void withoutFetchSiteOurOriginAndNoneAndNullAreAllowed() {
        assertThat(ours.allows(null, "https://service.example")).isTrue();
        assertThat(ours.allows(null, null)).isTrue();
        assertThat(ours.allows(null, "null")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example",
                "http://service.example",
                "https://service.example:8443",
                "https://service.example.evil.example",
                "https://service.example/auth",
                ""
            })
    void withoutFetchSiteOtherOriginsAreRefused(String origin) {
        assertThat(ours.allows(null, origin)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "https://h.example:443/x, https://h.example",
        "https://h.example:80, https://h.example:80",
        "http://localhost:80, http://localhost",
        "http://127.0.0.1:8080, http://127.0.0.1:8080",
        "http://[::1]:8080, http://[::1]:8080"
    })
    void originLeavesOutOnlyTheDefaultPort(String base, String origin) {
        assertThat(new SameOrigin(base).allows(null, origin)).isTrue();
    }
}
