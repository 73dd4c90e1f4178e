package dev.agentauth.internal.jose;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Base64UrlTest {
    private static final List<String> ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
            .chars()
            .mapToObj(Character::toString)
            .toList();

    @Test
    void everyOctetsComeBackFromTheirEncoding() {
        for (int length = 0; length < 70; length++) {
            byte[] octets = new byte[length];
            Arrays.fill(octets, (byte) (length * 37));

            assertThat(Base64Url.decode(Base64Url.encode(octets))).hasValue(octets);
        }
    }

    @Test
    void twoDigitsMeanAnOctetInExactlyOneSpellingEach() {
        Set<Byte> octets = new HashSet<>();
        int accepted = 0;
        for (String first : ALPHABET) {
            for (String second : ALPHABET) {
                var decoded = Base64Url.decode(first + second);
                if (decoded.isPresent()) {
                    accepted++;
                    octets.add(decoded.get()[0]);
                }
            }
        }

        assertThat(accepted).isEqualTo(256);
        assertThat(octets).hasSize(256);
    }

    @Test
    void threeDigitsMeanTwoOctetsInExactlyOneSpellingEach() {
        int accepted = 0;
        for (String last : ALPHABET) {
            accepted += Base64Url.decode("AA" + last).isPresent() ? 1 : 0;
        }

        assertThat(accepted).isEqualTo(16);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"A", "AAAAA", "AA==", "AAA=", "AA+A", "AA/A", "AA A", "AAA\n", "AAA\u00e9", "AA\u0100A", "AA.A"})
    void anythingElseIsRefused(String text) {
        assertThat(Base64Url.decode(text)).isEmpty();
    }
}
