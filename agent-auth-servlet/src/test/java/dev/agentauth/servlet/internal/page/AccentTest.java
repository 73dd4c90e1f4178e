package dev.agentauth.servlet.internal.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** WCAG 2.2, contrast: 4.5:1 for text (1.4.3), 3:1 for the edges of controls and for the focus (1.4.11). */
class AccentTest {
    private static final double TEXT = 4.5;
    private static final double EDGE = 3.0;

    @ParameterizedTest
    @CsvSource({"#ffffff, #000000, 21.0", "#ffffff, #ffffff, 1.0", "#777777, #ffffff, 4.48", "#0000ff, #ffffff, 8.59"})
    void contrastIsTheOneOfTheGuidelines(String one, String other, double ratio) {
        assertThat(Accent.contrast(one, other)).isEqualTo(ratio, within(0.01));
        assertThat(Accent.contrast(other, one)).isEqualTo(ratio, within(0.01));
    }

    @Test
    void everyColourGetsALabelThatCanBeReadAndEdgesThatCanBeSeen() throws IOException {
        Map<String, String> light = palette(false);
        Map<String, String> dark = palette(true);
        for (int red = 0; red <= 255; red += 17) {
            for (int green = 0; green <= 255; green += 17) {
                for (int blue = 0; blue <= 255; blue += 17) {
                    Accent accent = Accent.of(String.format("#%02x%02x%02x", red, green, blue));
                    assertThat(Accent.contrast(accent.label(), accent.fill())).isGreaterThanOrEqualTo(TEXT);
                    for (String behind : List.of("page", "card")) {
                        assertThat(Accent.contrast(accent.edgeOnLight(), light.get(behind)))
                                .as("%s on light %s", accent, behind)
                                .isGreaterThanOrEqualTo(EDGE);
                        assertThat(Accent.contrast(accent.edgeOnDark(), dark.get(behind)))
                                .as("%s on dark %s", accent, behind)
                                .isGreaterThanOrEqualTo(EDGE);
                    }
                }
            }
        }
    }

    @Test
    void colourThatStandsOutAlreadyIsItsOwnEdge() {
        assertThat(Accent.of("#0B57A4"))
                .isEqualTo(new Accent("#0b57a4", "#ffffff", "#0b57a4", Accent.DEFAULT.edgeOnDark()));
        assertThat(Accent.of("#ffd400").label()).isEqualTo("#000000");
        assertThat(Accent.of("#ffd400").edgeOnDark()).isEqualTo("#ffd400");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "#fff", "0b57a4", "#0b57a4ff", "#0b57ag", "blue", "#0b57a4;}", "#0b57a4\n"})
    void whatIsNoColourIsRefused(String hex) {
        assertThatIllegalArgumentException().isThrownBy(() -> Accent.of(hex)).withMessageContaining("#rrggbb");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void stylesheetsOwnColoursCanBeReadAndSeen(boolean dark) throws IOException {
        Map<String, String> colours = palette(dark);
        for (String text : List.of("text", "soft")) {
            for (String behind : List.of("page", "card", "note", "alarm")) {
                assertThat(Accent.contrast(colours.get(text), colours.get(behind)))
                        .as("%s on %s", text, behind)
                        .isGreaterThanOrEqualTo(TEXT);
            }
        }
        assertThat(Accent.contrast(colours.get("alert"), colours.get("alarm"))).isGreaterThanOrEqualTo(EDGE);
        for (String drawn : List.of("line", "good", "soft", "alert")) {
            assertThat(Accent.contrast(colours.get(drawn), colours.get("card")))
                    .as(drawn)
                    .isGreaterThanOrEqualTo(EDGE);
        }
    }

    @Test
    void edgesAreMadeForTheStylesheetsBackgrounds() throws IOException {
        assertThat(palette(false)).containsEntry("page", Accent.LIGHT_PAGE).containsEntry("card", "#ffffff");
        assertThat(palette(true)).containsEntry("card", Accent.DARK_CARD);
        assertThat(Accent.contrast(palette(true).get("page"), "#ffffff"))
                .isGreaterThan(Accent.contrast(Accent.DARK_CARD, "#ffffff"));
    }

    /** The custom properties of style.css, in light or in dark mode. */
    private static Map<String, String> palette(boolean dark) throws IOException {
        String css;
        try (var in = Objects.requireNonNull(Accent.class.getResourceAsStream("style.css"))) {
            css = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        String[] blocks = css.split(":root \\{", -1);
        Map<String, String> colours = new HashMap<>();
        Pattern.compile("--([a-z]+): (#[0-9a-f]{6});")
                .matcher(blocks[dark ? 2 : 1])
                .results()
                .forEach(colour -> colours.put(colour.group(1), colour.group(2)));
        assertThat(blocks).hasSize(3);
        assertThat(colours).hasSize(10);
        return colours;
    }
}
