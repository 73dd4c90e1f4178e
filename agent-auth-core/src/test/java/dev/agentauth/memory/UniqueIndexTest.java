package dev.agentauth.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UniqueIndexTest {
    private static final int KEYS = 3000;
    private static final int STEPS = 200_000;

    private final Numbered<Thing> all = new Numbered<>();

    /** What has a key; another one with the same key may come after it is gone. */
    private record Thing(int key, int step) {}

    @ParameterizedTest
    @DisplayName("holds what a map would, however its keys collide")
    @ValueSource(longs = {0, 0xff, 0xffff_ffffL, 0xc000_0000_ffff_f000L, -1})
    void agreesWithAMap(long bitsOfTheDigest) {
        UniqueIndex<Integer, Thing> index = index(bitsOfTheDigest);
        // What collides with everything is a list: that many steps of one would take minutes.
        int keys = Long.bitCount(bitsOfTheDigest) < 16 ? 60 : KEYS;
        Map<Integer, Thing> model = new HashMap<>();
        Map<Integer, Integer> numbers = new HashMap<>();
        Random random = new Random(7);
        for (int step = 0; step < STEPS; step++) {
            int key = random.nextInt(keys);
            if (model.containsKey(key)) {
                int number = numbers.get(key);
                index.remove(key, number);
                all.remove(number);
                model.remove(key);
            } else {
                Thing thing = new Thing(key, step);
                int number = all.add(thing);
                index.add(key, number);
                index.add(key, number);
                model.put(key, thing);
                numbers.put(key, number);
            }
            int any = random.nextInt(keys);
            assertThat(index.find(any)).isEqualTo(model.get(any));
        }
        for (int key = 0; key < keys; key++) {
            assertThat(index.find(key)).isEqualTo(model.get(key));
        }
        assertThat(all).containsExactlyInAnyOrderElementsOf(model.values());
    }

    @Test
    @DisplayName("a number that was given again never shows its new object under an old key")
    void numbersAreGivenAgain() {
        UniqueIndex<Integer, Thing> index = index(-1);
        int number = all.add(new Thing(1, 1));
        index.add(1, number);

        all.remove(number);
        assertThat(all.add(new Thing(2, 2))).isEqualTo(number);

        assertThat(index.find(1)).isNull();
        assertThat(index.numberOf(1)).isEqualTo(Numbered.NONE);
    }

    @Test
    @DisplayName("readers find what stays, while others come and go around it and the index grows and shrinks")
    void readersAreNotDisturbed() {
        UniqueIndex<Integer, Thing> index = index(0xff00_0000_0000_ffffL);
        for (int key = 0; key < 500; key++) {
            index.add(key, all.add(new Thing(key, 0)));
        }
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            for (int round = 0; round < 30; round++) {
                int[] numbers = new int[20_000];
                for (int i = 0; i < numbers.length; i++) {
                    numbers[i] = all.add(new Thing(1000 + i, round));
                    index.add(1000 + i, numbers[i]);
                }
                for (int i = 0; i < numbers.length; i++) {
                    index.remove(1000 + i, numbers[i]);
                    all.remove(numbers[i]);
                }
            }
            done.set(true);
        });
        Random random = new Random(1);
        long looks = 0;
        while (!done.get() && !writer.isCompletedExceptionally()) {
            int key = random.nextInt(500);
            assertThat(index.find(key)).isEqualTo(new Thing(key, 0));
            assertThat(index.find(-1 - key)).isNull();
            looks++;
        }
        writer.join();
        assertThat(looks).isPositive();
    }

    private UniqueIndex<Integer, Thing> index(long bitsOfTheDigest) {
        return new UniqueIndex<>(
                all, key -> key * 0x9E37_79B9_7F4A_7C15L & bitsOfTheDigest, (thing, key) -> thing.key() == key);
    }
}
