package dev.agentauth.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.testkit.TestRegistrations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

class F32_SweepTest {
    private final Set<Integer> numbers = ConcurrentHashMap.newKeySet();
    private int rounds;
    private final Sweep<Integer> sweep = new Sweep<>(() -> {
        rounds++;
        return numbers.iterator();
    });

    @Test
    void f32_manyBatchesAreOneRoundAndTheOneThatFindsNothing() {
        fill(0, 10_000);

        int taken = 0;
        int batch;
        do {
            batch = sweep.take(100, numbers::remove).size();
            taken += batch;
        } while (batch == 100);

        assertThat(taken).isEqualTo(10_000);
        assertThat(rounds).isLessThanOrEqualTo(2);
    }

    @Test
    void f32_shortBatchMeansThatNothingIsLeftEvenOfWhatWasPassedBefore() {
        fill(0, 1000);
        assertThat(sweep.take(10, number -> number >= 500 && numbers.remove(number)))
                .hasSize(10);

        List<Integer> rest = new ArrayList<>();
        assertThat(rest.addAll(sweep.take(2000, numbers::remove))).isTrue();

        assertThat(rest).hasSize(990);
        assertThat(numbers).isEmpty();
    }

    @Test
    void f32_whatIsAddedAfterARoundIsFoundByTheNext() {
        fill(0, 10);
        assertThat(sweep.take(100, numbers::remove)).hasSize(10);
        fill(10, 20);

        assertThat(sweep.take(100, numbers::remove)).hasSize(10);
        assertThat(sweep.take(100, numbers::remove)).isEmpty();
    }

    @Test
    void f32_purgeTakesWhatItPassedUnderAnEarlierBound() {
        InMemoryRegistrationStore store = new InMemoryRegistrationStore();
        for (int i = 0; i < 1000; i++) {
            store.insert(TestRegistrations.anonymous("reg_" + i), TestRegistrations.NOW);
        }
        assertThat(store.purge(TestRegistrations.NOW, TestRegistrations.NOW, 10))
                .isEmpty();

        assertThat(store.purge(TestRegistrations.NOW.plus(Duration.ofDays(9)), TestRegistrations.NOW, 2000))
                .hasSize(1000);
    }

    private void fill(int from, int to) {
        for (int i = from; i < to; i++) {
            numbers.add(i);
        }
    }
}
