package dev.agentauth.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LifetimesTest {

    @Test
    void standardIsTheProtocols() {
        assertThat(Lifetimes.standard())
                .isEqualTo(new Lifetimes(
                        Duration.ofHours(1),
                        Duration.ofHours(1),
                        Duration.ofHours(24),
                        Duration.ofMinutes(10),
                        Duration.ofMinutes(10),
                        Duration.ofDays(90),
                        Duration.ofDays(30)));
    }

    @Test
    void eachIsChangedAlone() {
        Duration other = Duration.ofSeconds(7);
        Lifetimes standard = Lifetimes.standard();

        assertThat(standard.withAssertion(other).assertion()).isEqualTo(other);
        assertThat(standard.withAssertion(other).withAssertion(standard.assertion()))
                .isEqualTo(standard);
        assertThat(standard.withAccessToken(other).accessToken()).isEqualTo(other);
        assertThat(standard.withAccessToken(other).withAccessToken(standard.accessToken()))
                .isEqualTo(standard);
        assertThat(standard.withRegistration(other).registration()).isEqualTo(other);
        assertThat(standard.withRegistration(other).withRegistration(standard.registration()))
                .isEqualTo(standard);
        assertThat(standard.withAttempt(other).attempt()).isEqualTo(other);
        assertThat(standard.withAttempt(other).withAttempt(standard.attempt())).isEqualTo(standard);
        assertThat(standard.withCode(other).code()).isEqualTo(other);
        assertThat(standard.withCode(other).withCode(standard.code())).isEqualTo(standard);
        assertThat(standard.withRetention(other).retention()).isEqualTo(other);
        assertThat(standard.withRetention(other).withRetention(standard.retention()))
                .isEqualTo(standard);
        assertThat(standard.withRefresh(other).refresh()).isEqualTo(other);
        assertThat(standard.withRefresh(other).withRefresh(standard.refresh())).isEqualTo(standard);
    }

    @ParameterizedTest
    @MethodSource("changes")
    void whatIsNotAPositiveNumberOfWholeSecondsIsRefusedByName(Map.Entry<String, Change> named) {
        for (Duration bad :
                new Duration[] {Duration.ZERO, Duration.ofSeconds(-1), Duration.ofMillis(1500), Duration.ofNanos(1)}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> named.getValue().to(bad).apply(Lifetimes.standard()))
                    .withMessageContaining(named.getKey());
        }
        assertThat(named.getValue().to(Duration.ofSeconds(1)).apply(Lifetimes.standard()))
                .isNotNull();
    }

    private interface Change {
        UnaryOperator<Lifetimes> to(Duration value);
    }

    private static Stream<Map.Entry<String, Change>> changes() {
        return Map.<String, Change>of(
                "assertion", value -> lifetimes -> lifetimes.withAssertion(value),
                "accessToken", value -> lifetimes -> lifetimes.withAccessToken(value),
                "registration", value -> lifetimes -> lifetimes.withRegistration(value),
                "attempt", value -> lifetimes -> lifetimes.withAttempt(value),
                "code", value -> lifetimes -> lifetimes.withCode(value),
                "retention", value -> lifetimes -> lifetimes.withRetention(value),
                "refresh", value -> lifetimes -> lifetimes.withRefresh(value))
                .entrySet()
                .stream();
    }
}
