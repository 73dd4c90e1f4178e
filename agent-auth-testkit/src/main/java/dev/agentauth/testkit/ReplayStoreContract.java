package dev.agentauth.testkit;

import static dev.agentauth.testkit.TestRegistrations.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.spi.JwtKind;
import dev.agentauth.spi.ReplayStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every {@link ReplayStore} owes, each sentence of its Javadoc. */
@DisplayName("A replay store")
public abstract class ReplayStoreContract {
    private static final String ISSUER = "https://agents.example.net";
    private static final Instant UNTIL = NOW.plus(Duration.ofMinutes(5));
    private static final Duration TICK = Duration.ofNanos(1000);

    private ReplayStore store;

    /** For subclasses. */
    protected ReplayStoreContract() {}

    /**
     * A store to test.
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
    @DisplayName("keeps kinds, issuers and ids apart, exactly")
    void keepsApart() {
        List<String[]> different = List.of(
                new String[] {"a", "bc"},
                new String[] {"ab", "c"},
                new String[] {"abc", ""},
                new String[] {"", "abc"},
                new String[] {"a", "BC"},
                new String[] {"a", "bc "},
                new String[] {"a", "b\u00e9"},
                new String[] {"a", "be\u0301"});
        for (JwtKind kind : JwtKind.values()) {
            for (String[] pair : different) {
                assertThat(store.recordFirst(kind, pair[0], pair[1], NOW, UNTIL))
                        .as("%s %s|%s", kind, pair[0], pair[1])
                        .isTrue();
            }
        }
    }

    @Test
    @DisplayName("keeps long ids apart that differ in their last character only")
    void keepsLongIdsApart() {
        String almost = "\u4e16".repeat(1023);

        assertThat(record(almost + "a", NOW)).isTrue();
        assertThat(record(almost + "b", NOW)).isTrue();
        assertThat(record(almost + "a", NOW)).isFalse();
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
        int removed;
        int total = 0;
        do {
            removed = store.purgeExpired(UNTIL, 10);
            total += removed;
        } while (removed >= 10);

        assertThat(total).isEqualTo(25);
    }

    @Test
    @DisplayName("T13: says true to exactly one of 64 concurrent calls for one JWT")
    void oneOfMany() {
        for (int round = 0; round < 20; round++) {
            String jti = "jti_" + round;

            List<Boolean> first = Race.run(() -> record(jti, NOW));

            assertThat(first).filteredOn(won -> won).hasSize(1);
        }
    }

    @Test
    @DisplayName("says true to exactly one of 64 concurrent calls for a JWT whose record has just ended")
    void oneOfManyAfterTheEnd() {
        for (int round = 0; round < 20; round++) {
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
        for (int round = 0; round < 20; round++) {
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
        }
    }

    @Test
    @DisplayName("has seen a JWT as soon as its record was made, whoever asks")
    void seenAtOnce() {
        AtomicInteger numbers = new AtomicInteger();

        Race.run(() -> {
            int number = numbers.incrementAndGet();
            for (int i = 0; i < 50; i++) {
                assertThat(record(number + "_" + i, NOW)).isTrue();
                assertThat(store.seen(JwtKind.ID_JAG, ISSUER, number + "_" + i, NOW))
                        .isTrue();
            }
            return true;
        });
    }

    private boolean record(String jti, Instant now) {
        return store.recordFirst(JwtKind.ID_JAG, ISSUER, jti, now, UNTIL);
    }
}
