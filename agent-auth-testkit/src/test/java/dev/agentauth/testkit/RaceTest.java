package dev.agentauth.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A race that never caught anything proves nothing: here are planted ones. */
class RaceTest {

    @Test
    void findsAPlantedRaceThatChecksBeforeItActs() {
        Set<String> seen = ConcurrentHashMap.newKeySet();
        // Nobody acts before everybody has checked: only racers that really run at once get past this.
        CountDownLatch checked = new CountDownLatch(Race.THREADS);

        List<Boolean> outcomes = Race.run(() -> {
            boolean first = !seen.contains("jti");
            checked.countDown();
            checked.await();
            seen.add("jti");
            return first;
        });

        assertThat(outcomes).hasSize(Race.THREADS).containsOnly(true);
    }

    @Test
    void letsEveryThreadDoItsOwnThingOnce() {
        List<Integer> numbers = Race.runEach(number -> () -> number);

        assertThat(new HashSet<>(numbers))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, Race.THREADS).boxed().toList());
    }

    @Test
    void tellsWhatARacerThrew() {
        assertThatThrownBy(() -> Race.run(() -> {
                    throw new IOException("planted");
                }))
                .isInstanceOf(AssertionError.class)
                .hasCauseInstanceOf(IOException.class);
    }
}
