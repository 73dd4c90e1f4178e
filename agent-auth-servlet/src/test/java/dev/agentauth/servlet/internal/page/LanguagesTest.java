package dev.agentauth.servlet.internal.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LanguagesTest {
    private static final List<Locale> OFFERED =
            List.of(Locale.ENGLISH, Locale.GERMAN, Locale.forLanguageTag("de-CH"), Locale.forLanguageTag("zh-Hant"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "de|de",
                "DE|de",
                "de-DE|de",
                "de-CH|de-CH",
                "de-CH-1996|de-CH",
                "de-AT, en;q=0.9|de",
                "en-GB, de;q=0.9|en",
                "fr, de;q=0.3, en;q=0.7|en",
                "fr;q=0.9, de;q=0.3|de",
                "en;q=0, de;q=0.1|de",
                "de;q=0|en",
                "fr|en",
                "*|en",
                "fr, *;q=0.5|en",
                "de;q=0.5, *|de",
                "zh-Hant-TW|zh-Hant",
                "zh-TW|en",
                "d|en",
                "de;q=2|en",
                "de;q=x|en",
                "'--'|en",
                "',,,'|en",
                "' '|en",
                "de_DE|en",
                "\u00fc|en"
            })
    void bestOfTheOfferedIsChosenElseTheFirst(String header, String chosen) {
        assertThat(choose(header).toLanguageTag()).isEqualTo(chosen);
    }

    @Test
    void withoutTheHeaderItIsTheFirst() {
        assertThat(Languages.choose(OFFERED, null)).isEqualTo(Locale.ENGLISH);
        assertThat(choose()).isEqualTo(Locale.ENGLISH);
        assertThat(choose("")).isEqualTo(Locale.ENGLISH);
    }

    @Test
    void headerInSeveralLinesIsOne() {
        assertThat(choose("fr", "de;q=0.5")).isEqualTo(Locale.GERMAN);
    }

    @Test
    void headerThatIsTooLongIsNotRead() {
        assertThat(choose("de" + ",x-y".repeat(124))).isEqualTo(Locale.GERMAN);
        assertThat(choose("de" + ",x-y".repeat(125))).isEqualTo(Locale.ENGLISH);
    }

    private static Locale choose(String... lines) {
        return Languages.choose(OFFERED, Collections.enumeration(List.of(lines)));
    }
}
