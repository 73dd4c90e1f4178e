package dev.agentauth.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.SecretHash;
import dev.agentauth.spi.AccessToken;
import dev.agentauth.spi.TokenStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What every {@link TokenStore} owes, each sentence of its Javadoc.
 *
 * @since 0.2.0
 */
@DisplayName("A token store")
public abstract class TokenStoreContract extends PortContract {
    private static final Instant NOW = TestRegistrations.NOW;
    private static final Instant EXPIRES = NOW.plus(Duration.ofHours(1));

    private TokenStore store;

    /** For subclasses. */
    protected TokenStoreContract() {}

    /**
     * A store to test. Asked for once a test; may be the same each time.
     *
     * @return an empty one
     */
    protected abstract TokenStore newStore();

    @BeforeEach
    void open() {
        store = newStore();
    }

    @Test
    @DisplayName("finds what was inserted, exactly, and nothing else")
    void findsWhatWasInserted() {
        AccessToken token = new AccessToken(
                hash("1"), "reg_1", 1L << 40, Set.of("api.read", "api.write"), EXPIRES.plusNanos(123_456_000));
        insert(token);

        assertThat(store.find(hash("1"))).contains(token);
        assertThat(store.find(hash("2"))).isEmpty();
    }

    @Test
    @DisplayName("keeps a token without a ceiling apart from one that may do nothing")
    void keepsTheCeiling() {
        insert(new AccessToken(hash("none"), "reg_1", 0, null, EXPIRES));
        insert(new AccessToken(hash("empty"), "reg_1", 0, Set.of(), EXPIRES));

        assertThat(store.find(hash("none")))
                .get()
                .extracting(AccessToken::ceiling)
                .isNull();
        assertThat(store.find(hash("empty")))
                .get()
                .extracting(AccessToken::ceiling)
                .isEqualTo(Set.of());
    }

    @Test
    @DisplayName("keeps every scope of a ceiling, and their case")
    void keepsEveryScope() {
        Set<String> scopes = IntStream.range(0, 100)
                .boxed()
                .flatMap(i -> Stream.of("urn:example:scope/" + i, "URN:example:scope/" + i, "!#[]^~" + i))
                .collect(Collectors.toSet());
        insert(new AccessToken(hash("1"), "reg_1", 0, scopes, EXPIRES));

        assertThat(store.find(hash("1"))).get().extracting(AccessToken::ceiling).isEqualTo(scopes);
    }

    @Test
    @DisplayName(
            "keeps the epoch beyond 32 bits and the expiry to the microsecond, from the year 1970 to the year 9998")
    void keepsEpochAndExpiry() {
        List<AccessToken> tokens = List.of(
                new AccessToken(hash("early"), "reg_1", Long.MAX_VALUE, null, EARLY),
                new AccessToken(hash("micros"), "reg_1", 1L << 31, null, EXPIRES.plusNanos(123_456_000)),
                new AccessToken(hash("far"), "reg_1", 1L << 32, null, FAR));
        tokens.forEach(this::insert);

        assertThat(tokens)
                .allSatisfy(token -> assertThat(store.find(token.hash())).contains(token));
        assertThat(store.purgeExpired(FAR.minus(TICK), 10)).isEqualTo(2);
        assertThat(store.purgeExpired(FAR, 10)).isEqualTo(1);
    }

    @Test
    @DisplayName("keeps hashes apart that differ in a single bit of any part")
    void keepsHashesApart() {
        SecretHash hash = SecretHash.of("at_1");
        insert(new AccessToken(hash, "reg_1", 0, null, EXPIRES));

        for (int bit = 0; bit < 256; bit++) {
            byte[] bytes = hash.bytes();
            bytes[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThat(store.find(SecretHash.ofBytes(bytes))).as("bit %d", bit).isEmpty();
        }
        assertThat(store.find(hash)).isPresent();
    }

    @Test
    @DisplayName("does not find a token once it was deleted, and minds no other")
    void deletes() {
        insert(token("1"));
        insert(token("2"));

        store.delete(hash("1"));

        assertThat(store.find(hash("1"))).isEmpty();
        assertThat(store.find(hash("2"))).contains(token("2"));
    }

    @Test
    @DisplayName("does nothing when a token is deleted that is not there")
    void deletesNothing() {
        insert(token("1"));
        store.delete(hash("2"));
        store.delete(hash("1"));
        store.delete(hash("1"));

        assertThat(store.find(hash("1"))).isEmpty();
        assertThat(store.find(hash("2"))).isEmpty();
    }

    @Test
    @DisplayName("purges a token exactly when it expires and finds it until then, expired or not")
    void purgesExactlyAtExpiry() {
        insert(token("1"));

        assertThat(store.purgeExpired(EXPIRES.minus(TICK), 10)).isZero();
        assertThat(store.find(hash("1"))).isPresent();
        assertThat(store.purgeExpired(EXPIRES, 10)).isEqualTo(1);
        assertThat(store.find(hash("1"))).isEmpty();
        assertThat(store.purgeExpired(EXPIRES, 10)).isZero();
    }

    @Test
    @DisplayName("purges in the minute of the expiry, and later, whatever expired before")
    void purgesWhateverExpired() {
        for (int i = 0; i < 300; i++) {
            insert(new AccessToken(hash("t" + i), "reg_1", 0, null, NOW.plusSeconds(i)));
        }

        assertThat(store.purgeExpired(NOW.plusSeconds(149), 1000)).isEqualTo(150);
        assertThat(store.purgeExpired(NOW.plusSeconds(150), 1000)).isEqualTo(1);
        assertThat(store.purgeExpired(NOW.plusSeconds(10_000), 1000)).isEqualTo(149);
        assertThat(store.find(hash("t299"))).isEmpty();
    }

    @Test
    @DisplayName("has nothing left to purge when it removed fewer than the limit")
    void purgesInBatches() {
        for (int i = 0; i < 25; i++) {
            insert(token("t" + i));
        }
        insert(new AccessToken(hash("kept"), "reg_1", 0, null, EXPIRES.plus(TICK)));

        assertThat(purgeAll(() -> store.purgeExpired(EXPIRES, 10))).isEqualTo(25);
        for (int i = 0; i < 25; i++) {
            assertThat(store.find(hash("t" + i))).isEmpty();
        }
        assertThat(store.find(hash("kept"))).isPresent();
    }

    @Test
    @DisplayName("counts no token that was deleted before")
    void doesNotPurgeTheDeleted() {
        insert(token("1"));
        store.delete(hash("1"));

        assertThat(store.purgeExpired(EXPIRES, 10)).isZero();
    }

    @Test
    @DisplayName("shows every insert and every delete to whoever looks afterwards, while 64 threads write and purge")
    void showsEveryWriteAtOnce() {
        AtomicInteger numbers = new AtomicInteger();

        Race.run(() -> {
            int number = numbers.incrementAndGet();
            for (int i = 0; i < 20; i++) {
                String name = number + "_" + i;
                insert(token(name));
                assertThat(store.find(hash(name))).isPresent();
                if (i % 10 == 0) {
                    assertThat(store.purgeExpired(NOW, 1000)).isZero();
                }
                store.delete(hash(name));
                assertThat(store.find(hash(name))).isEmpty();
            }
            return true;
        });

        assertThat(store.purgeExpired(EXPIRES, 100_000)).isZero();
    }

    @Test
    @DisplayName("removes each expired token in exactly one of 64 concurrent purges")
    void purgesEachOnce() {
        for (int i = 0; i < 500; i++) {
            insert(token("t" + i));
        }

        List<Integer> removed = Race.run(() -> purgeAll(() -> store.purgeExpired(EXPIRES, 10)));
        int left = purgeAll(() -> store.purgeExpired(EXPIRES, 10));

        assertThat(removed.stream().mapToInt(Integer::intValue).sum() + left).isEqualTo(500);
    }

    @Test
    @DisplayName("purges exactly what is expired, in batches, while 48 threads insert, find and delete")
    void purgesDuringTraffic() {
        for (int i = 0; i < 200; i++) {
            insert(token("old" + i));
        }

        List<Integer> removed = Race.runEach(number -> () -> {
            if (number % 4 == 0) {
                return purgeAll(() -> store.purgeExpired(EXPIRES, 10));
            }
            for (int i = 0; i < 5; i++) {
                SecretHash hash = hash(number + "_" + i);
                insert(new AccessToken(hash, "reg_1", 0, null, EXPIRES.plus(TICK)));
                assertThat(store.find(hash)).isPresent();
            }
            store.delete(hash(number + "_0"));
            return 0;
        });
        int left = purgeAll(() -> store.purgeExpired(EXPIRES, 10));

        assertThat(removed.stream().mapToInt(Integer::intValue).sum() + left).isEqualTo(200);
        for (int number = 0; number < Race.THREADS; number++) {
            for (int i = 0; i < 5; i++) {
                assertThat(store.find(hash(number + "_" + i)).isPresent()).isEqualTo(number % 4 != 0 && i > 0);
            }
        }
    }

    // the limit

    @Test
    @DisplayName("keeps the newest tokens of a registration up to the limit, and at most a tenth more")
    void f22_keepsTheNewest() {
        for (int i = 0; i < 350; i++) {
            store.insert(token("t" + i), NOW.plusSeconds(i / 50), 100);
        }

        assertThat(IntStream.range(250, 350)).allMatch(i -> isThere("t" + i));
        assertThat(IntStream.range(0, 350).filter(i -> isThere("t" + i)).count())
                .isBetween(100L, 110L);

        store.insert(ofAnother("first"), NOW, 1);
        store.insert(ofAnother("second"), NOW, 1);
        assertThat(store.find(hash("first"))).isEmpty();
        assertThat(store.find(hash("second"))).isPresent();
    }

    @Test
    @DisplayName("counts the tokens of each registration apart")
    void f22_countsRegistrationsApart() {
        for (int i = 0; i < 10; i++) {
            store.insert(ofAnother("kept" + i), NOW, 10);
        }
        for (int i = 0; i < 30; i++) {
            store.insert(token("t" + i), NOW.plusSeconds(i), 10);
        }

        assertThat(IntStream.range(0, 10)).allMatch(i -> isThere("kept" + i));
        assertThat(IntStream.range(20, 30)).allMatch(i -> isThere("t" + i));
    }

    @Test
    @DisplayName("counts no deleted token towards the limit")
    void f22_countsNoDeletedToken() {
        for (int i = 0; i < 120; i++) {
            if (i >= 60) {
                store.delete(hash("t" + (i - 40)));
            }
            store.insert(token("t" + i), NOW.plusSeconds(i), 60);
        }

        assertThat(IntStream.range(0, 20)).allMatch(i -> isThere("t" + i));
        assertThat(IntStream.range(80, 120)).allMatch(i -> isThere("t" + i));
    }

    @Test
    @DisplayName("comes back to the limit after 64 threads have added tokens to one registration")
    void f22_comesBackToTheLimit() {
        List<Integer> numbers = Race.runEach(number -> () -> {
            for (int i = 0; i < 5; i++) {
                store.insert(token(number + "_" + i), NOW, 20);
            }
            return number;
        });
        for (int i = 0; i < 20; i++) {
            store.insert(token("last" + i), NOW.plus(TICK.multipliedBy(10_000 + i)), 20);
        }

        assertThat(IntStream.range(0, 20)).allMatch(i -> isThere("last" + i));
        assertThat(numbers.stream()
                        .flatMap(number -> IntStream.range(0, 5).mapToObj(i -> number + "_" + i))
                        .filter(this::isThere)
                        .count())
                .isBetween(0L, 2L);
    }

    private boolean isThere(String name) {
        return store.find(hash(name)).isPresent();
    }

    private static AccessToken ofAnother(String name) {
        return new AccessToken(hash(name), "reg_2", 0, null, EXPIRES);
    }

    // outages

    @Test
    @DisplayName("throws PortUnavailableException from every method while the backend is away, and has what it had when"
            + " it is back")
    void outageOfTheBackend() {
        Outage outage = outageOrSkip();
        insert(token("kept"));
        insert(token("deleted"));
        AccessToken written = new AccessToken(hash("new"), "reg_1", 7, Set.of("api.read"), EXPIRES.plus(TICK));

        during(outage, () -> {
            assertUnavailable(() -> store.find(hash("kept")));
            assertUnavailable(() -> store.find(hash("none")));
            assertUnavailable(() -> insert(written));
            assertUnavailable(() -> store.delete(hash("deleted")));
            assertUnavailable(() -> store.purgeExpired(NOW, 10));
        });

        assertThat(store.find(hash("kept"))).contains(token("kept"));
        assertThat(store.find(hash("deleted"))).isIn(Optional.of(token("deleted")), Optional.empty());
        assertThat(store.find(hash("new"))).isIn(Optional.of(written), Optional.empty());
        if (store.find(hash("new")).isEmpty()) {
            insert(written);
        }
        assertThat(store.find(hash("new"))).as("works again").contains(written);
        store.delete(hash("deleted"));
        assertThat(store.find(hash("deleted"))).isEmpty();
        assertThat(store.purgeExpired(EXPIRES, 10)).isEqualTo(1);
    }

    @Test
    @DisplayName("leaves each expired token where it was or gone for good when a purge threw")
    void purgeDuringAnOutage() {
        Outage outage = outageOrSkip();
        insert(token("1"));

        during(outage, () -> assertUnavailable(() -> store.purgeExpired(EXPIRES, 10)));

        boolean left = store.find(hash("1")).isPresent();
        assertThat(store.purgeExpired(EXPIRES, 10)).isEqualTo(left ? 1 : 0);
        assertThat(store.find(hash("1"))).isEmpty();
    }

    /** Far from the limit. */
    private void insert(AccessToken token) {
        store.insert(token, NOW, 100_000);
    }

    private static AccessToken token(String name) {
        return new AccessToken(hash(name), "reg_1", 0, null, EXPIRES);
    }

    private static SecretHash hash(String name) {
        return SecretHash.of("at_" + name);
    }
}
