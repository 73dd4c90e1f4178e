package dev.agentauth.servlet.internal.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.text.MessageFormat;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.PropertyResourceBundle;
import java.util.ResourceBundle;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextsTest {
    private static final Instant NOW = Instant.parse("2026-05-04T13:00:00Z");

    private final Texts english = Texts.ours().get(Locale.ENGLISH);
    private final Texts german = Texts.ours().get(Locale.GERMAN);

    @Test
    void testRunsInTheNamedModuleThatTheFilesAreIn() {
        assertThat(Texts.class.getModule().isNamed()).isTrue();
    }

    @Test
    void germanHasExactlyTheKeysOfEnglish() throws IOException {
        assertThat(file("texts_de.properties").keySet())
                .isEqualTo(file("texts_en.properties").keySet());
    }

    @ParameterizedTest
    @ValueSource(strings = {"texts_en.properties", "texts_de.properties"})
    void everyTextIsAPatternWithTheArgumentsOfTheEnglishOne(String name) throws IOException {
        ResourceBundle bundle = file(name);
        for (String key : bundle.keySet()) {
            if (!key.equals("format.time")) {
                assertThat(arguments(bundle, key)).as(key).isEqualTo(arguments(file("texts_en.properties"), key));
                assertThat(bundle.getString(key)).as(key).isNotBlank().doesNotContain("'", "\uFFFD", "\u00C3");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, just now, gerade eben",
        "59, just now, gerade eben",
        "60, 1 minute ago, vor 1 Minute",
        "120, 2 minutes ago, vor 2 Minuten",
        "7199, 119 minutes ago, vor 119 Minuten",
        "7200, 2 hours ago, vor 2 Stunden",
        "86400, 24 hours ago, vor 24 Stunden",
        "-5, just now, gerade eben"
    })
    void agoIsInWords(long seconds, String inEnglish, String inGerman) {
        assertThat(english.ago(NOW.minusSeconds(seconds), NOW)).isEqualTo(inEnglish);
        assertThat(german.ago(NOW.minusSeconds(seconds), NOW)).isEqualTo(inGerman);
    }

    @ParameterizedTest
    @CsvSource({
        "-5, less than a minute, weniger als eine Minute",
        "29, less than a minute, weniger als eine Minute",
        "30, 1 minute, 1 Minute",
        "599, 10 minutes, 10 Minuten",
        "600, 10 minutes, 10 Minuten",
        "36000, 10 hours, 10 Stunden"
    })
    void spanIsInWords(long seconds, String inEnglish, String inGerman) {
        assertThat(english.span(NOW, NOW.plusSeconds(seconds))).isEqualTo(inEnglish);
        assertThat(german.span(NOW, NOW.plusSeconds(seconds))).isEqualTo(inGerman);
    }

    @Test
    void timesAreInTheLanguage() {
        assertThat(english.time(NOW)).isEqualTo("4 May 2026, 13:00 UTC");
        assertThat(german.time(NOW)).isEqualTo("4. Mai 2026, 13:00 Uhr (UTC)");
    }

    @Test
    void bundleOfALanguageThatWeHaveReplacesSingleTexts() {
        Texts texts = Texts.of(Locale.ENGLISH, bundle("open.yes.button = Reveal it\nscope.x = Do {anything} it's"));

        assertThat(texts.text("open.yes.button")).isEqualTo("Reveal it");
        assertThat(texts.text("open.no.button")).isEqualTo("This wasn\u2019t me");
        assertThat(texts.scope("x")).contains("Do {anything} it's");
        assertThat(texts.scope("y")).isEmpty();
    }

    @Test
    void bundleOfAVariantStandsOnTheLanguage() {
        Texts texts = Texts.of(Locale.forLanguageTag("de-CH"), bundle("open.no.title = Falls nicht"));

        assertThat(texts.language()).isEqualTo(Locale.forLanguageTag("de-CH"));
        assertThat(texts.text("open.no.title")).isEqualTo("Falls nicht");
        assertThat(texts.text("open.no.button")).isEqualTo("Das war ich nicht");
    }

    @Test
    void bundleOfAnotherLanguageHasToBeWhole() throws IOException {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Texts.of(Locale.FRENCH, bundle("open.title = Un agent")))
                .withMessageContaining("fr lack")
                .withMessageContaining("open.yes.button")
                .withMessageNotContaining("open.title");
        assertThat(Texts.of(Locale.FRENCH, file("texts_de.properties")).language())
                .isEqualTo(Locale.FRENCH);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "open.titel = x|no page uses it",
                "open.title = {0|text open.title in en",
                "open.title = {9}|more arguments",
                "open.lead.unnamed = {0} {1}|more arguments",
                "open.title = It isn't so|an apostrophe",
                "open.title = An agent's wish for {0}|an apostrophe",
                "format.time = d b|text format.time in en",
                "format.ago.hours = {0,spell}|text format.ago.hours in en"
            })
    void textThatCannotBeUsedIsNamed(String line, String problem) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Texts.of(Locale.ENGLISH, bundle(line)))
                .withMessageContaining(line.substring(0, line.indexOf(' ')))
                .withMessageContaining(problem);
    }

    @Test
    void apostropheMayBeDoubledOrTypographic() {
        Texts texts = Texts.of(Locale.ENGLISH, bundle("open.title = It isn''t\nopen.no.title = It isn\u2019t"));

        assertThat(texts.text("open.title")).isEqualTo("It isn't");
        assertThat(texts.text("open.no.title")).isEqualTo("It isn\u2019t");
    }

    private static List<Integer> arguments(ResourceBundle bundle, String key) {
        String pattern = bundle.getString(key);
        int count = new MessageFormat(pattern, Locale.ROOT).getFormatsByArgumentIndex().length;
        return IntStream.range(0, count)
                .filter(i -> pattern.contains("{" + i))
                .boxed()
                .toList();
    }

    private static ResourceBundle file(String name) throws IOException {
        try (var in = new InputStreamReader(
                Objects.requireNonNull(Texts.class.getResourceAsStream(name)), StandardCharsets.UTF_8)) {
            return new PropertyResourceBundle(in);
        }
    }

    private static ResourceBundle bundle(String lines) {
        try {
            return new PropertyResourceBundle(new StringReader(lines));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
