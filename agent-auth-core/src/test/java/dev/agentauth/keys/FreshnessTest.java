package dev.agentauth.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FreshnessTest {

    @ParameterizedTest(name = "{0} | {1} -> {2} s")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "-",
            value = {
                "-                                   | -       |   600",
                "max-age=599                         | -       |   600",
                "max-age=600                         | -       |   600",
                "max-age=601                         | -       |   601",
                "max-age=86399                       | -       | 86399",
                "max-age=86400                       | -       | 86400",
                "max-age=86401                       | -       | 86400",
                "max-age=0                           | -       |   600",
                "max-age=-5                          | -       |   600",
                "max-age=                            | -       |   600",
                "max-age                             | -       |   600",
                "max-age=1e5                         | -       |   600",
                "max-age=+3600                       | -       |   600",
                "max-age =3600                       | -       |   600",
                "max-age=٣٦٠٠                        | -       |   600",
                "max-age=4294967297                  | -       | 86400",
                "max-age=99999999999999999999999999  | -       | 86400",
                "MAX-AGE=3600                        | -       |  3600",
                "max-age=\"3600\"                    | -       |  3600",
                "public , max-age=3600,must-revalidate | -     |  3600",
                "max-age=3600, max-age=7200          | -       |  3600",
                "public; max-age=7200                | -       |   600",
                "s-maxage=7200                       | -       |   600",
                "x-max-age=7200                      | -       |   600",
                "no-cache, max-age=3600              | -       |   600",
                "max-age=3600, No-Cache              | -       |   600",
                "max-age=3600, no-cache=\"a\"        | -       |   600",
                "max-age=3600, no-store              | -       |   600",
                "max-age=3600                        | 0       |  3600",
                "max-age=3600                        | 2999    |   601",
                "max-age=3600                        | 3000    |   600",
                "max-age=3600                        | 9999    |   600",
                "max-age=3600                        | -100    |  3600",
                "max-age=3600                        | soon    |  3600",
                "max-age=172800                      | 86400   | 86400",
                "max-age=172800                      | 129600  | 43200",
                "-                                   | 100     |   600",
            })
    void freshnessIsMaxAgeLessAgeBetweenTenMinutesAndADay(String cacheControl, String age, long seconds) {
        Map<String, List<String>> headers = new TreeMap<>();
        if (cacheControl != null) {
            headers.put("cache-control", List.of(cacheControl));
        }
        if (age != null) {
            headers.put("age", List.of(age));
        }

        assertThat(Freshness.of(HttpHeaders.of(headers, (name, value) -> true))).hasSeconds(seconds);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"public|max-age=3600|3600", "max-age=3600|no-store|600"})
    void severalCacheControlLinesCountAsOne(String first, String second, long seconds) {
        HttpHeaders headers =
                HttpHeaders.of(Map.of("Cache-Control", Arrays.asList(first, second)), (name, value) -> true);

        assertThat(Freshness.of(headers)).hasSeconds(seconds);
    }
}
