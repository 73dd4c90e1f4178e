package dev.agentauth.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.testkit.Race;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SecretsTest {
    private final Secrets secrets = new Secrets();

    @Test
    void tokensAre192BitsInBase64UrlBehindTheirPrefix() {
        assertThat(secrets.claimToken()).matches("clm_[A-Za-z0-9_-]{32}");
        assertThat(secrets.attemptToken()).matches("cvt_[A-Za-z0-9_-]{32}");
        assertThat(secrets.accessToken()).matches("at_[A-Za-z0-9_-]{32}");
        assertThat(secrets.id("reg_")).matches("reg_[A-Za-z0-9_-]{16}");
    }

    @Test
    void noTokenComesTwiceOverManyThreads() {
        List<List<String>> made =
                Race.run(() -> Stream.generate(secrets::accessToken).limit(1000).toList());
        Set<String> different = new HashSet<>();
        made.forEach(different::addAll);

        assertThat(different).hasSize(Race.THREADS * 1000);
    }

    @Test
    void codesAreSixDigitsAndEachFirstDigitIsAsLikelyAsAnother() {
        int[] first = new int[10];
        int[] last = new int[10];
        int many = 100_000;
        for (int i = 0; i < many; i++) {
            String code = secrets.code();
            assertThat(code.length()).isEqualTo(6);
            first[code.charAt(0) - '0']++;
            last[code.charAt(5) - '0']++;
        }

        // Ten standard deviations around a tenth: it fails once in the age of the universe, or if something is wrong.
        assertThat(Arrays.stream(first).boxed())
                .allSatisfy(count -> assertThat(count).isBetween(9_050, 10_950));
        assertThat(Arrays.stream(last).boxed())
                .allSatisfy(count -> assertThat(count).isBetween(9_050, 10_950));
    }
}
