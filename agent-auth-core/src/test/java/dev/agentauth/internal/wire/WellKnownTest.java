package dev.agentauth.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WellKnownTest {

    @ParameterizedTest
    @CsvSource({
        "https://h, https://h/.well-known/x",
        "https://h/, https://h/.well-known/x",
        "https://h:8443, https://h:8443/.well-known/x",
        "https://h/api, https://h/.well-known/x/api",
        "https://h/api/, https://h/.well-known/x/api/",
        "https://h/a/b%20c, https://h/.well-known/x/a/b%20c",
        "http://[::1]:80/a, http://[::1]:80/.well-known/x/a"
    })
    void wellKnownPathIsInsertedBetweenHostAndPath(String url, String inserted) {
        assertThat(WellKnown.url("/.well-known/x", url)).isEqualTo(inserted);
    }

    @ParameterizedTest
    @CsvSource({
        "https://h, https://h, /.well-known/x",
        "https://h/, https://h, /.well-known/x | /.well-known/x/",
        "https://h/api, https://h, /.well-known/x | /.well-known/x/api | /api/.well-known/x",
        "https://h/api/, https://h, /.well-known/x | /.well-known/x/api/ | /.well-known/x/api | /api/.well-known/x",
        "https://h/t/api, https://h/t, /.well-known/x | /.well-known/x/t/api | /t/api/.well-known/x | "
                + "/api/.well-known/x | /t/.well-known/x/api | /.well-known/x/api | /t/.well-known/x",
        "https://h/t/api/, https://h/t, /.well-known/x | /.well-known/x/t/api/ | /.well-known/x/t/api | "
                + "/t/api/.well-known/x | /api/.well-known/x | /t/.well-known/x/api/ | /.well-known/x/api/ | "
                + "/t/.well-known/x/api | /.well-known/x/api | /t/.well-known/x",
        "https://h/t, https://h/t, /.well-known/x | /.well-known/x/t | /t/.well-known/x",
        "https://h/tea, https://h/t, /.well-known/x | /.well-known/x/tea | /tea/.well-known/x | /t/.well-known/x",
        "https://h/a%20b, https://h, /.well-known/x | /.well-known/x/a b | /a b/.well-known/x"
    })
    void documentIsAtItsPlainInsertedAndAppendedPlaces(String described, String base, String places) {
        assertThat(WellKnown.paths("/.well-known/x", described, base))
                .containsExactlyInAnyOrderElementsOf(List.of(places.split(" \\| ")));
    }

    @Test
    void urlThatIsToldToOthersIsOneOfThePaths() {
        for (String url : List.of("https://h", "https://h/", "https://h/api", "https://h/api/")) {
            assertThat(WellKnown.paths("/.well-known/x", url, "https://h"))
                    .contains(WellKnown.url("/.well-known/x", url).substring("https://h".length()));
        }
    }
}
