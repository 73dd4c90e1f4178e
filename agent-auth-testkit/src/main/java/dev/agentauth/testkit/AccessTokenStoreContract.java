package dev.agentauth.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.SecretHash;
import dev.agentauth.spi.AccessToken;
import dev.agentauth.spi.AccessTokenStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every {@link AccessTokenStore} owes, each sentence of its Javadoc. */
@DisplayName("An access token store")
public abstract class AccessTokenStoreContract {
    private static final Instant NOW = TestRegistrations.NOW;
    private static final Instant EXPIRES = NOW.plus(Duration.ofHours(1));
    private static final Duration TICK = Duration.ofNanos(1000);

    private AccessTokenStore store;

    /** For subclasses. */
    protected AccessTokenStoreContract() {}

    /**
     * A store to test.
     *
     * @return an empty one
     */
    protected abstract AccessTokenStore newStore();

    @BeforeEach
    void open() {
        store = newStore();
    }

    @Test
    @DisplayName("finds what was inserted, exactly, and nothing else")
    void findsWhatWasInserted() {
        AccessToken token = new AccessToken(
                hash("1"), "reg_1", 1L << 40, Set.of("api.read", "api.write"), EXPIRES.plusNanos(123_456_000));
        store.insert(token);

        assertThat(store.find(hash("1"))).contains(token);
        assertThat(store.find(hash("2"))).isEmpty();
    }

    @Test
    @DisplayName("keeps a token without a ceiling apart from one that may do nothing")
    void keepsTheCeiling() {
        store.insert(new AccessToken(hash("none"), "reg_1", 0, null, EXPIRES));
        store.insert(new AccessToken(hash("empty"), "reg_1", 0, Set.of(), EXPIRES));

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
    @DisplayName("keeps hashes apart that differ in a single bit of any part")
    void keepsHashesApart() {
        SecretHash hash = new SecretHash(1, 2, 3, 4);
        store.insert(new AccessToken(hash, "reg_1", 0, null, EXPIRES));

        assertThat(store.find(new SecretHash(0, 2, 3, 4))).isEmpty();
        assertThat(store.find(new SecretHash(1, 3, 3, 4))).isEmpty();
        assertThat(store.find(new SecretHash(1, 2, 2, 4))).isEmpty();
        assertThat(store.find(new SecretHash(1, 2, 3, 5))).isEmpty();
        assertThat(store.find(new SecretHash(1, 2, 3, Long.MIN_VALUE | 4))).isEmpty();
        assertThat(store.find(hash)).isPresent();
    }

    @Test
    @DisplayName("does not find a token once it was deleted, and minds no other")
    void deletes() {
        store.insert(token("1"));
        store.insert(token("2"));

        store.delete(hash("1"));

        assertThat(store.find(hash("1"))).isEmpty();
        assertThat(store.find(hash("2"))).contains(token("2"));
    }

    @Test
    @DisplayName("does nothing when a token is deleted that is not there")
    void deletesNothing() {
        store.insert(token("1"));
        store.delete(hash("2"));
        store.delete(hash("1"));
        store.delete(hash("1"));

        assertThat(store.find(hash("1"))).isEmpty();
        assertThat(store.find(hash("2"))).isEmpty();
    }

    @Test
    @DisplayName("purges a token exactly when it expires and finds it until then")
    void purgesExactlyAtExpiry() {
        store.insert(token("1"));

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
            store.insert(new AccessToken(hash("t" + i), "reg_1", 0, null, NOW.plusSeconds(i)));
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
            store.insert(token("t" + i));
        }
        store.insert(new AccessToken(hash("kept"), "reg_1", 0, null, EXPIRES.plus(TICK)));

        int removed;
        int total = 0;
        do {
            removed = store.purgeExpired(EXPIRES, 10);
            total += removed;
        } while (removed >= 10);

        assertThat(total).isEqualTo(25);
        assertThat(store.find(hash("kept"))).isPresent();
    }

    @Test
    @DisplayName("counts no token that was deleted before")
    void doesNotPurgeTheDeleted() {
        store.insert(token("1"));
        store.delete(hash("1"));

        assertThat(store.purgeExpired(EXPIRES, 10)).isZero();
    }

    @Test
    @DisplayName("shows every insert and every delete to whoever looks afterwards, while 64 threads write and purge")
    void showsEveryWriteAtOnce() {
        AtomicInteger numbers = new AtomicInteger();

        Race.run(() -> {
            int number = numbers.incrementAndGet();
            for (int i = 0; i < 200; i++) {
                String name = number + "_" + i;
                store.insert(token(name));
                assertThat(store.find(hash(name))).isPresent();
                if (i % 50 == 0) {
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
        for (int i = 0; i < 1000; i++) {
            store.insert(token("t" + i));
        }
        AtomicInteger total = new AtomicInteger();

        Race.run(() -> {
            int removed;
            do {
                removed = store.purgeExpired(EXPIRES, 10);
                total.addAndGet(removed);
            } while (removed >= 10);
            return true;
        });
        total.addAndGet(store.purgeExpired(EXPIRES, 1000));

        assertThat(total).hasValue(1000);
    }

    private static AccessToken token(String name) {
        return new AccessToken(hash(name), "reg_1", 0, null, EXPIRES);
    }

    private static SecretHash hash(String name) {
        return SecretHash.of("at_" + name);
    }
}
