package dev.agentauth.testkit;

import static dev.agentauth.testkit.TestRegistrations.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.spi.JwtKind;
import dev.agentauth.spi.ReplayStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What every {@link ReplayStore} owes, each sentence of its Javadoc.
 *
 * @since 0.2.0
 */
@DisplayName("A replay store")
public abstract class ReplayStoreContract extends PortContract {
    private static final String ISSUER = "https://agents.example.net";
    private static final Instant UNTIL = NOW.plus(Duration.ofMinutes(5));

    private ReplayStore store;

    /** For subclasses. */
    protected ReplayStoreContract() {}

    /**
     * A store to test. Asked for once a test; may be the same each time.
     *
     * @return an empty one
     */
    protected abstract ReplayStore newStore();

    @BeforeEach
    void open() {
        store = newStore();
    }

    @Test
    @DisplayName("says true to the first and false to every later call for one JWT")
    void firstAndLater() {
        assertThat(record("jti", NOW)).isTrue();
        assertThat(record("jti", NOW)).isFalse();
        assertThat(record("jti", NOW.plusSeconds(1))).isFalse();
    }

    @Test
    @DisplayName("has seen what was recorded and nothing else")
    void seen() {
        record("jti", NOW);

        assertThat(store.seen(JwtKind.ID_JAG, ISSUER, "jti", NOW)).isTrue();
        assertThat(store.seen(JwtKind.LOGOUT, ISSUER, "jti", NOW)).isFalse();
        assertThat(store.seen(JwtKind.ID_JAG, ISSUER + "/", "jti", NOW)).isFalse();
        assertThat(store.seen(JwtKind.ID_JAG, ISSUER, "JTI", NOW)).isFalse();
        assertThat(store.seen(JwtKind.ID_JAG, ISSUER, "jti ", NOW)).isFalse();
    }

    @Test
    @DisplayName("records nothing by being asked whether it has seen a JWT")
    void seeingIsNotRecording() {
        assertThat(store.seen(JwtKind.ID_JAG, ISSUER, "jti", NOW)).isFalse();
        assertThat(record("jti", NOW)).isTrue();
    }

    @Test
    @DisplayName(
            "keeps kinds, issuers and ids of 1,024 characters apart, exactly: case, blanks, Unicode forms, the last"
                    + " character")
    void keepsApart() {
        List<String[]> different = new ArrayList<>();
        different.add(new String[] {"a", "bc"});
        different.add(new String[] {"ab", "c"});
        different.add(new String[] {"abc", ""});
        different.add(new String[] {"", "abc"});
        for (String text : lookalikes(1024)) {
            different.add(new String[] {ISSUER, text});
            different.add(new String[] {ISSUER + text, "jti"});
        }
        for (boolean first : List.of(true, false)) {
            for (JwtKind kind : JwtKind.values()) {
                for (String[] pair : different) {
                    assertThat(store.seen(kind, pair[0], pair[1], NOW))
                            .as("seen %s %s|%s", kind, pair[0], pair[1])
                            .isEqualTo(!first);
                    assertThat(store.recordFirst(kind, pair[0], pair[1], NOW, UNTIL))
                            .as("%s %s|%s", kind, pair[0], pair[1])
                            .isEqualTo(first);
                }
            }
        }
    }

    @Test
    @DisplayName("changes nothing by a later call for one JWT, neither to a later end nor to an earlier one")
    void laterCallsChangeNothing() {
        record("jti", NOW);

        assertThat(store.recordFirst(JwtKind.ID_JAG, ISSUER, "jti", NOW, FAR)).isFalse();
        assertThat(store.recordFirst(JwtKind.ID_JAG, ISSUER, "jti", NOW, NOW.plusSeconds(1)))
                .isFalse();

        assertThat(seen("jti", UNTIL.minus(TICK))).isTrue();
        assertThat(seen("jti", UNTIL)).isFalse();
        assertThat(store.purgeExpired(UNTIL, 10)).isEqualTo(1);
    }

    @Test
    @DisplayName("keeps the end of a record to the microsecond, from the year 1970 to the year 9998")
    void keepsTheEnd() {
        List<Instant> ends = List.of(EARLY, NOW.plusNanos(123_456_000), FAR);
        for (Instant end : ends) {
            store.recordFirst(JwtKind.LOGOUT, ISSUER, "jti " + end, end.minus(TICK), end);

            assertThat(store.seen(JwtKind.LOGOUT, ISSUER, "jti " + end, end.minus(TICK)))
                    .isTrue();
            assertThat(store.seen(JwtKind.LOGOUT, ISSUER, "jti " + end, end)).isFalse();
        }

        assertThat(store.purgeExpired(FAR.minus(TICK), 10)).isEqualTo(2);
        assertThat(store.purgeExpired(FAR, 10)).isEqualTo(1);
    }

    @Test
    @DisplayName("treats a record as absent exactly from its end on")
    void endsExactly() {
        record("jti", NOW);

        assertThat(store.seen(JwtKind.ID_JAG, ISSUER, "jti", UNTIL.minus(TICK))).isTrue();
        assertThat(record("jti", UNTIL.minus(TICK))).isFalse();
        assertThat(store.seen(JwtKind.ID_JAG, ISSUER, "jti", UNTIL)).isFalse();
        assertThat(store.recordFirst(JwtKind.ID_JAG, ISSUER, "jti", UNTIL, UNTIL.plusSeconds(60)))
                .isTrue();
        assertThat(store.recordFirst(JwtKind.ID_JAG, ISSUER, "jti", UNTIL, UNTIL.plusSeconds(60)))
                .isFalse();
    }

    @Test
    @DisplayName("purges a record exactly at its end")
    void purgesExactly() {
        record("jti", NOW);

        assertThat(store.purgeExpired(UNTIL.minus(TICK), 10)).isZero();
        assertThat(record("jti", NOW)).isFalse();
        assertThat(store.purgeExpired(UNTIL, 10)).isEqualTo(1);
        assertThat(store.purgeExpired(UNTIL, 10)).isZero();
        assertThat(record("jti", NOW)).as("gone").isTrue();
    }

    @Test
    @DisplayName("does not purge a record that was made anew after its end")
    void doesNotPurgeTheNewRecord() {
        record("jti", NOW);
        store.recordFirst(JwtKind.ID_JAG, ISSUER, "jti", UNTIL, UNTIL.plusSeconds(600));

        assertThat(store.purgeExpired(UNTIL.plusSeconds(599), 10)).isZero();
        assertThat(store.seen(JwtKind.ID_JAG, ISSUER, "jti", UNTIL.plusSeconds(599)))
                .isTrue();
        assertThat(store.purgeExpired(UNTIL.plusSeconds(600), 10)).isEqualTo(1);
    }

    @Test
    @DisplayName("has nothing left to purge when it removed fewer than the limit")
    void purgesInBatches() {
        for (int i = 0; i < 25; i++) {
            record("jti_" + i, NOW);
        }
        store.recordFirst(JwtKind.ID_JAG, ISSUER, "kept", NOW, UNTIL.plus(TICK));

        assertThat(purgeAll(() -> store.purgeExpired(UNTIL, 10))).isEqualTo(25);
        assertThat(seen("kept", UNTIL)).isTrue();
    }

    @Test
    @DisplayName("T13: says true to exactly one of 64 concurrent calls for one JWT")
    void oneOfMany() {
        for (int round = 0; round < 10; round++) {
            String jti = "jti_" + round;

            List<Boolean> first = Race.run(() -> record(jti, NOW));

            assertThat(first).filteredOn(won -> won).hasSize(1);
        }
    }

    @Test
    @DisplayName("says true to exactly one of 64 concurrent calls for a JWT whose record has just ended")
    void oneOfManyAfterTheEnd() {
        for (int round = 0; round < 10; round++) {
            String jti = "jti_" + round;
            record(jti, NOW);

            List<Boolean> first =
                    Race.run(() -> store.recordFirst(JwtKind.ID_JAG, ISSUER, jti, UNTIL, UNTIL.plusSeconds(60)));

            assertThat(first).filteredOn(won -> won).hasSize(1);
        }
    }

    @Test
    @DisplayName("says true to exactly one of 64 concurrent calls while the old record is purged")
    void oneOfManyDuringThePurge() {
        for (int round = 0; round < 10; round++) {
            String jti = "jti_" + round;
            record(jti, NOW);

            List<Boolean> first = Race.runEach(number -> () -> {
                if (number % 4 == 0) {
                    store.purgeExpired(UNTIL, 1000);
                    return false;
                }
                return store.recordFirst(JwtKind.ID_JAG, ISSUER, jti, UNTIL, UNTIL.plusSeconds(60));
            });

            assertThat(first).filteredOn(won -> won).hasSize(1);
            assertThat(seen(jti, UNTIL)).as("the new record stays").isTrue();
        }
    }

    @Test
    @DisplayName("has seen a JWT as soon as its record was made, whoever asks")
    void seenAtOnce() {
        AtomicInteger numbers = new AtomicInteger();

        Race.run(() -> {
            int number = numbers.incrementAndGet();
            for (int i = 0; i < 10; i++) {
                assertThat(record(number + "_" + i, NOW)).isTrue();
                assertThat(store.seen(JwtKind.ID_JAG, ISSUER, number + "_" + i, NOW))
                        .isTrue();
            }
            return true;
        });
    }

    @Test
    @DisplayName("purges exactly what has ended, in batches, while 48 threads record and look")
    void purgesDuringTraffic() {
        for (int i = 0; i < 200; i++) {
            record("old" + i, NOW);
        }

        List<Integer> removed = Race.runEach(number -> () -> {
            if (number % 4 == 0) {
                return purgeAll(() -> store.purgeExpired(UNTIL, 10));
            }
            for (int i = 0; i < 5; i++) {
                String jti = number + "_" + i;
                assertThat(store.recordFirst(JwtKind.ID_JAG, ISSUER, jti, UNTIL, UNTIL.plus(TICK)))
                        .isTrue();
                assertThat(seen(jti, UNTIL)).isTrue();
            }
            return 0;
        });
        int left = purgeAll(() -> store.purgeExpired(UNTIL, 10));

        assertThat(removed.stream().mapToInt(Integer::intValue).sum() + left).isEqualTo(200);
        for (int number = 0; number < Race.THREADS; number++) {
            for (int i = 0; i < 5; i++) {
                assertThat(seen(number + "_" + i, UNTIL)).isEqualTo(number % 4 != 0);
            }
        }
    }

    @Test
    @DisplayName("throws PortUnavailableException from every method while the backend is away, and has what it had when"
            + " it is back")
    void outageOfTheBackend() {
        Outage outage = outageOrSkip();
        record("jti", NOW);

        during(outage, () -> {
            assertUnavailable(() -> record("jti", NOW));
            assertUnavailable(() -> record("new", NOW));
            assertUnavailable(() -> seen("jti", NOW));
            assertUnavailable(() -> seen("none", NOW));
            assertUnavailable(() -> store.purgeExpired(UNTIL, 10));
        });

        assertThat(seen("none", NOW)).isFalse();
        boolean recorded = seen("new", NOW);
        assertThat(record("new", NOW)).as("works again").isEqualTo(!recorded);
        boolean purged = !seen("jti", NOW);
        assertThat(record("jti", NOW)).isEqualTo(purged);
        assertThat(store.purgeExpired(UNTIL, 10)).isEqualTo(2);
    }

    private boolean seen(String jti, Instant now) {
        return store.seen(JwtKind.ID_JAG, ISSUER, jti, now);
    }

    private boolean record(String jti, Instant now) {
        return store.recordFirst(JwtKind.ID_JAG, ISSUER, jti, now, UNTIL);
    }
}
