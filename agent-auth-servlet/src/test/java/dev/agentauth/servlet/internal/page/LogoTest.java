package dev.agentauth.servlet.internal.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogoTest {
    private static final String PNG = "\u0089PNG\r\n\u001a\n....";
    private static final String WEBP = "RIFF....WEBP";
    private static final String SVG = "<?xml version=\"1.0\"?><svg/>";

    @Test
    void fileOfItsTypeIsTaken() {
        for (String[] file : new String[][] {{PNG, "image/png"}, {WEBP, "image/webp"}, {SVG, "image/svg+xml"}}) {
            Logo logo = Logo.of(bytes(file[0]), file[1], "A bird", false);

            assertThat(logo.asset().content()).isEqualTo(bytes(file[0]));
            assertThat(logo.asset().mediaType()).isEqualTo(file[1]);
            assertThat(logo.alt()).isEqualTo("A bird");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "<svg/>, image/png",
        "GIF89a, image/gif",
        "<svg/>, text/html",
        "'', image/webp",
        "RIFF....WAVE, image/webp",
        "<html/>, image/svg+xml"
    })
    void fileOfAnotherTypeIsRefused(String content, String mediaType) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Logo.of(bytes(content), mediaType, "", false))
                .withMessageContaining(mediaType);
    }

    @Test
    void atMost256KiBAreTaken() {
        byte[] most = Arrays.copyOf(bytes(PNG), 256 * 1024);
        assertThat(Logo.of(most, "image/png", "", false).asset().content()).hasSize(256 * 1024);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Logo.of(Arrays.copyOf(most, most.length + 1), "image/png", "", false));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
