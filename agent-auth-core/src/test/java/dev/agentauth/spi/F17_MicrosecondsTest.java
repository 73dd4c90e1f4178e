package dev.agentauth.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** F17: an instant that is far away has its number, too. */
class F17_MicrosecondsTest {

    @ParameterizedTest
    @CsvSource({
        "1970-01-01T00:00:00Z, 0",
        "1970-01-01T00:00:00.000001999Z, 1",
        "1969-12-31T23:59:59.999999Z, -1",
        "1969-12-31T23:59:59.999998001Z, -2",
        "9998-12-31T23:59:59.999999Z, 253370764799999999",
        "-9999-01-01T00:00:00Z, -377705116800000000"
    })
    void f17_numbersAreWholeMicrosecondsCutTowardsThePast(Instant instant, long microseconds) {
        assertThat(Microseconds.of(instant)).isEqualTo(microseconds);
        assertThat(Microseconds.toInstant(microseconds)).isBetween(instant.minusNanos(999), instant);
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE + 1_000_000, Long.MAX_VALUE - 1_000_000, -1, 0, 1})
    void f17_numberAndInstantAreTheSameAlmostToTheEnds(long microseconds) {
        assertThat(Microseconds.of(Microseconds.toInstant(microseconds))).isEqualTo(microseconds);
    }

    @Test
    void f17_whatHasNoNumberIsRefusedAndNeverAnotherInstant() {
        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> Microseconds.of(Instant.MAX));
        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> Microseconds.of(Instant.MIN));
        assertThat(Microseconds.of(Instant.parse("+294247-01-01T00:00:00Z"))).isPositive();
        assertThat(Microseconds.of(Instant.parse("-290308-12-31T23:59:59Z"))).isNegative();
    }
}
