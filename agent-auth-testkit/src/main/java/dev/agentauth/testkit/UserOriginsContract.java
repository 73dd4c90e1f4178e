package dev.agentauth.testkit;

import static dev.agentauth.testkit.TestRegistrations.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.SecretHash;
import dev.agentauth.spi.UserOrigins;
import dev.agentauth.spi.UserOrigins.BeingMade;
import dev.agentauth.spi.UserOrigins.Yields;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What all {@link UserOrigins} owe, each sentence of their Javadoc.
 *
 * @since 0.2.0
 */
@DisplayName("Origins of users")
public abstract class UserOriginsContract extends PortContract {
    private static final Instant UNTIL = NOW.plusSeconds(120);
    private static final Optional<SecretHash> ADDRESS = Optional.of(SecretHash.of("alice"));

    private UserOrigins origins;
    private int made;

    /** For subclasses. */
    protected UserOriginsContract() {}

    /**
     * Origins to test. Asked for once a test; may be the same each time.
     *
     * @return none yet
     */
    protected abstract UserOrigins newOrigins();

    @BeforeEach
    void open() {
        origins = newOrigins();
    }

    @Test
    @DisplayName("know nothing of a key or a user before")
    void empty() {
        assertThat(origins.find(key("1"))).isEmpty();
        assertThat(origins.isOnProvidersWord("user_1")).isFalse();
        assertThat(origins.isReserved(ADDRESS.orElseThrow())).isFalse();
        assertThat(origins.record("nobody's", "user_1")).isFalse();
        assertThat(origins.isOnProvidersWord("user_1")).isFalse();
        assertThat(origins.forgetAllKeys(10)).isZero();
    }

    @Test
    @DisplayName("reserve a key, then yield its user, who rests on a provider's word")
    void reservedThenRecorded() {
        assertThat(origins.reserve(key("1"), "r1", ADDRESS, NOW, UNTIL)).isTrue();
        assertThat(origins.find(key("1"))).contains(new BeingMade(UNTIL));
        assertThat(origins.isReserved(ADDRESS.orElseThrow())).isTrue();
        assertThat(origins.find(key("2"))).isEmpty();

        assertThat(origins.record("r1", "user_1")).isTrue();
        assertThat(origins.find(key("1"))).contains(new Yields("user_1"));
        assertThat(origins.isOnProvidersWord("user_1")).isTrue();
        assertThat(origins.isOnProvidersWord("user_2")).isFalse();
        assertThat(origins.isReserved(ADDRESS.orElseThrow())).isFalse();
    }

    @Test
    @DisplayName("keep the ids of users as they are, and compare them exactly")
    void keepIds() {
        for (String id : lookalikes(255)) {
            makes(id, id);
            assertThat(origins.find(key(id))).contains(new Yields(id));
        }
        for (String id : lookalikes(255)) {
            origins.forget(id);
            assertThat(origins.isOnProvidersWord(id)).isFalse();
            assertThat(origins.find(key(id))).isEmpty();
        }
        makes("s", "s");
        assertThat(origins.isOnProvidersWord("S")).isFalse();
        assertThat(origins.isOnProvidersWord("s ")).isFalse();
    }

    @Test
    @DisplayName("reserve nothing that is reserved or yields a user, and leave that as it was")
    void reservedOnce() {
        reserve("1", "r1");
        assertThat(origins.reserve(key("1"), "r2", Optional.empty(), NOW, UNTIL.plusSeconds(1)))
                .isFalse();
        assertThat(origins.record("r2", "user_2")).isFalse();
        assertThat(origins.find(key("1"))).contains(new BeingMade(UNTIL));
        assertThat(origins.record("r1", "user_1")).isTrue();

        assertThat(origins.reserve(key("1"), "r3", Optional.empty(), UNTIL.plusSeconds(1), UNTIL.plusSeconds(9)))
                .isFalse();
        assertThat(origins.find(key("1"))).contains(new Yields("user_1"));
    }

    @Test
    @DisplayName("let a reservation be taken over exactly when it has lapsed, and refuse its maker then")
    void takenOverOnceLapsed() {
        reserve("1", "r1");
        assertThat(origins.reserve(key("1"), "r2", ADDRESS, UNTIL.minus(TICK), UNTIL.plusSeconds(9)))
                .isFalse();
        assertThat(origins.reserve(key("1"), "r2", ADDRESS, UNTIL, UNTIL.plusSeconds(9)))
                .isTrue();

        assertThat(origins.record("r1", "user_1")).isFalse();
        assertThat(origins.isOnProvidersWord("user_1")).isFalse();
        origins.release("r1");
        assertThat(origins.find(key("1"))).contains(new BeingMade(UNTIL.plusSeconds(9)));
        assertThat(origins.record("r2", "user_2")).isTrue();
    }

    @Test
    @DisplayName("release a reservation, and neither somebody else's nor what was recorded")
    void released() {
        reserve("1", "r1");
        reserve("2", "r2");

        origins.release("r1");
        origins.release("nobody's");

        assertThat(origins.find(key("1"))).isEmpty();
        assertThat(origins.isReserved(ADDRESS.orElseThrow())).as("by the other").isTrue();
        assertThat(origins.record("r1", "user_1")).isFalse();
        assertThat(origins.record("r2", "user_2")).isTrue();
        origins.release("r2");
        assertThat(origins.find(key("2"))).contains(new Yields("user_2"));
        assertThat(origins.isOnProvidersWord("user_2")).isTrue();
        reserve("1", "r3");
    }

    @Test
    @DisplayName("T58: cancel every reservation for an address, and no other, nor what was recorded")
    void cancelled() {
        makes("0", "user_0");
        reserve("1", "r1");
        reserve("2", "r2");
        assertThat(origins.reserve(key("3"), "r3", Optional.of(SecretHash.of("bob")), NOW, UNTIL))
                .isTrue();
        assertThat(origins.reserve(key("4"), "r4", Optional.empty(), NOW, UNTIL))
                .isTrue();

        origins.cancel(ADDRESS.orElseThrow());

        assertThat(origins.isReserved(ADDRESS.orElseThrow())).isFalse();
        assertThat(origins.record("r1", "user_1")).isFalse();
        assertThat(origins.record("r2", "user_2")).isFalse();
        assertThat(origins.record("r3", "user_3")).isTrue();
        assertThat(origins.record("r4", "user_4")).isTrue();
        assertThat(origins.find(key("0"))).contains(new Yields("user_0"));
        reserve("1", "r5");
    }

    @Test
    @DisplayName("T58: forget the keys of a user, who still rests on a provider's word, and of nobody else")
    void forgetKeys() {
        makes("1", "user_1");
        makes("2", "user_2");

        origins.forgetKeys("user_1");
        origins.forgetKeys("nobody");

        assertThat(origins.find(key("1"))).isEmpty();
        assertThat(origins.isOnProvidersWord("user_1")).isTrue();
        assertThat(origins.find(key("2"))).contains(new Yields("user_2"));
        makes("1", "user_3");
        assertThat(origins.find(key("1"))).contains(new Yields("user_3"));
        origins.forgetKeys("user_1");
        assertThat(origins.find(key("1"))).contains(new Yields("user_3"));
    }

    @Test
    @DisplayName("T58: forget both facts about a user, and about nobody else")
    void forget() {
        makes("1", "user_1");
        makes("2", "user_2");
        makes("3", "user_3");
        origins.forgetKeys("user_3");

        origins.forget("user_1");
        origins.forget("user_3");
        origins.forget("nobody");

        assertThat(origins.find(key("1"))).isEmpty();
        assertThat(origins.isOnProvidersWord("user_1")).isFalse();
        assertThat(origins.isOnProvidersWord("user_3")).isFalse();
        assertThat(origins.find(key("2"))).contains(new Yields("user_2"));
        assertThat(origins.isOnProvidersWord("user_2")).isTrue();
    }

    @Test
    @DisplayName("forget the keys of all users in batches, and no reservation")
    void forgetAllKeys() {
        for (int i = 0; i < 25; i++) {
            makes("u" + i, "user_" + i);
        }
        reserve("r", "reserved");

        assertThat(origins.forgetAllKeys(10)).isEqualTo(10);
        assertThat(purgeAll(() -> origins.forgetAllKeys(10))).isEqualTo(15);

        for (int i = 0; i < 25; i++) {
            assertThat(origins.find(key("u" + i))).isEmpty();
            assertThat(origins.isOnProvidersWord("user_" + i)).isTrue();
        }
        assertThat(origins.record("reserved", "user_r")).isTrue();
    }

    @Test
    @DisplayName("T57: reserve one key for one of 64 concurrent calls")
    void oneReservationAtOnce() {
        List<Boolean> outcomes =
                Race.runEach(number -> () -> origins.reserve(key("1"), "r" + number, ADDRESS, NOW, UNTIL));

        assertThat(outcomes).filteredOn(reserved -> reserved).hasSize(1);
        assertThat(origins.record("r" + outcomes.indexOf(true), "user_1")).isTrue();
    }

    @Test
    @DisplayName("T57: let one of 64 concurrent calls take a lapsed reservation over")
    void oneTakeOverAtOnce() {
        reserve("1", "r");

        List<Boolean> outcomes = Race.runEach(
                number -> () -> origins.reserve(key("1"), "r" + number, ADDRESS, UNTIL, UNTIL.plusSeconds(9)));

        assertThat(outcomes).filteredOn(reserved -> reserved).hasSize(1);
        assertThat(origins.record("r" + outcomes.indexOf(true), "user_1")).isTrue();
        assertThat(origins.record("r", "user_2")).isFalse();
    }

    @Test
    @DisplayName("T58: either record a reservation or cancel it, when both happen at once")
    void recordedOrCancelled() {
        for (int round = 0; round < 20; round++) {
            String name = "u" + round;
            reserve(name, name);

            List<Boolean> outcomes = Race.runEach(number -> () -> {
                if (number == Race.THREADS / 2) {
                    return origins.record(name, name);
                }
                origins.cancel(ADDRESS.orElseThrow());
                return false;
            });

            boolean recorded = outcomes.contains(true);
            assertThat(origins.isOnProvidersWord(name)).isEqualTo(recorded);
            assertThat(origins.find(key(name)).isPresent()).isEqualTo(recorded);
        }
    }

    @Test
    @DisplayName(
            "throw PortUnavailableException from every method while the backend is away, and are what they were when"
                    + " it is back")
    void outageOfTheBackend() {
        Outage outage = outageOrSkip();
        makes("1", "user_1");

        during(outage, () -> {
            assertUnavailable(() -> origins.find(key("1")));
            assertUnavailable(() -> origins.reserve(key("2"), "r2", ADDRESS, NOW, UNTIL));
            assertUnavailable(() -> origins.record("none", "user_2"));
            assertUnavailable(() -> origins.release("none"));
            assertUnavailable(() -> origins.cancel(SecretHash.of("nobody")));
            assertUnavailable(() -> origins.isReserved(SecretHash.of("nobody")));
            assertUnavailable(() -> origins.isOnProvidersWord("user_1"));
            assertUnavailable(() -> origins.forgetKeys("nobody"));
            assertUnavailable(() -> origins.forget("nobody"));
        });

        assertThat(origins.find(key("1"))).contains(new Yields("user_1"));
        assertThat(origins.isOnProvidersWord("user_1")).isTrue();
        makes("3", "user_3");
    }

    private void reserve(String name, String reservation) {
        assertThat(origins.reserve(key(name), reservation, ADDRESS, NOW, UNTIL)).isTrue();
    }

    private void makes(String name, String userId) {
        String reservation = "made_" + ++made;
        assertThat(origins.reserve(key(name), reservation, ADDRESS, NOW, UNTIL)).isTrue();
        assertThat(origins.record(reservation, userId)).isTrue();
    }

    private static SecretHash key(String name) {
        return SecretHash.of("key " + name);
    }
}
