package dev.agentauth.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.SecretHash;
import dev.agentauth.memory.InMemoryRegistrationStore;
import dev.agentauth.registration.Registration;
import dev.agentauth.spi.AccessToken;
import dev.agentauth.spi.AccessTokenStore;
import dev.agentauth.spi.AccessTokenStore.WithRegistration;
import dev.agentauth.spi.RegistrationStore;
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

/** What every {@link AccessTokenStore} owes, each sentence of its Javadoc. */
@DisplayName("An access token store")
public abstract class AccessTokenStoreContract extends PortContract {
    private static final Instant NOW = TestRegistrations.NOW;
    private static final Instant EXPIRES = NOW.plus(Duration.ofHours(1));

    private AccessTokenStore store;
    private RegistrationStore inMemory;

    /** For subclasses. */
    protected AccessTokenStoreContract() {}

    /**
     * A store to test. Asked for once a test; may be the same each time.
     *
     * @return an empty one
     */
    protected abstract AccessTokenStore newStore();

    /**
     * The registrations that the tokens of {@link #newStore} act for, for a store that looks both up at once. Asked for
     * after that.
     *
     * @return an empty store, the same one all through a test; in memory unless overridden
     */
    protected RegistrationStore registrations() {
        return inMemory;
    }

    @BeforeEach
    void open() {
        store = newStore();
        inMemory = new InMemoryRegistrationStore();
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
    @DisplayName("keeps every scope of a ceiling, and their case")
    void keepsEveryScope() {
        Set<String> scopes = IntStream.range(0, 100)
                .boxed()
                .flatMap(i -> Stream.of("urn:example:scope/" + i, "URN:example:scope/" + i, "!#[]^~" + i))
                .collect(Collectors.toSet());
        store.insert(new AccessToken(hash("1"), "reg_1", 0, scopes, EXPIRES));

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
        tokens.forEach(store::insert);

        assertThat(tokens)
                .allSatisfy(token -> assertThat(store.find(token.hash())).contains(token));
        assertThat(store.purgeExpired(FAR.minus(TICK), 10)).isEqualTo(2);
        assertThat(store.purgeExpired(FAR, 10)).isEqualTo(1);
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
    @DisplayName("purges a token exactly when it expires and finds it until then, expired or not")
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

        assertThat(purgeAll(() -> store.purgeExpired(EXPIRES, 10))).isEqualTo(25);
        for (int i = 0; i < 25; i++) {
            assertThat(store.find(hash("t" + i))).isEmpty();
        }
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
            for (int i = 0; i < 20; i++) {
                String name = number + "_" + i;
                store.insert(token(name));
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
            store.insert(token("t" + i));
        }

        List<Integer> removed = Race.run(() -> purgeAll(() -> store.purgeExpired(EXPIRES, 10)));
        int left = purgeAll(() -> store.purgeExpired(EXPIRES, 10));

        assertThat(removed.stream().mapToInt(Integer::intValue).sum() + left).isEqualTo(500);
    }

    @Test
    @DisplayName("purges exactly what is expired, in batches, while 48 threads insert, find and delete")
    void purgesDuringTraffic() {
        for (int i = 0; i < 200; i++) {
            store.insert(token("old" + i));
        }

        List<Integer> removed = Race.runEach(number -> () -> {
            if (number % 4 == 0) {
                return purgeAll(() -> store.purgeExpired(EXPIRES, 10));
            }
            for (int i = 0; i < 5; i++) {
                SecretHash hash = hash(number + "_" + i);
                store.insert(new AccessToken(hash, "reg_1", 0, null, EXPIRES.plus(TICK)));
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

    // together with the registration

    @Test
    @DisplayName("finds a token together with its registration, whatever the status of either")
    void findsBoth() {
        Registration revoked = TestRegistrations.claimed("reg_1", "user_1").revoke(NOW);
        Registration stepUp = TestRegistrations.stepUp("reg_2", TestRegistrations.identity("t", "s"), "user_1");
        registrations().insert(revoked, NOW);
        registrations().insert(stepUp, NOW);
        AccessToken narrowed = new AccessToken(hash("2"), "reg_2", 3, Set.of("api.read"), NOW.minusSeconds(1));
        store.insert(token("1"));
        store.insert(narrowed);

        assertThat(both("1")).contains(new WithRegistration(token("1"), revoked));
        assertThat(both("2")).contains(new WithRegistration(narrowed, stepUp));
    }

    @Test
    @DisplayName("finds neither if the token or the registration is not there")
    void findsNeither() {
        Registration registration = TestRegistrations.anonymous("reg_1");
        registrations().insert(registration, NOW);
        store.insert(token("1"));
        store.insert(new AccessToken(hash("orphan"), "reg_2", 0, null, EXPIRES));
        store.insert(new AccessToken(hash("case"), "REG_1", 0, null, EXPIRES));

        assertThat(both("none")).isEmpty();
        assertThat(both("orphan")).isEmpty();
        assertThat(both("case")).isEmpty();
        assertThat(both("1")).isPresent();
    }

    @Test
    @DisplayName("finds the newest value of the registration, also after having found an older one")
    void findsTheNewestRegistration() {
        Registration first = TestRegistrations.withCode("reg_1");
        registrations().insert(first, NOW);
        store.insert(token("1"));
        assertThat(both("1")).contains(new WithRegistration(token("1"), first));

        Registration claimed = registrations()
                .replace(first, TestRegistrations.next(first.claim("user_1", NOW)))
                .orElseThrow();
        assertThat(both("1")).contains(new WithRegistration(token("1"), claimed));

        registrations().revokeAll(NOW.plusSeconds(1));
        assertThat(both("1"))
                .get()
                .extracting(found -> found.registration().revokedAt())
                .isEqualTo(NOW.plusSeconds(1));

        registrations().purge(NOW, NOW.plusSeconds(1), 10);
        assertThat(both("1")).isEmpty();
    }

    @Test
    @DisplayName("does not find both once the token was deleted or purged")
    void findsNoDeletedToken() {
        registrations().insert(TestRegistrations.anonymous("reg_1"), NOW);
        store.insert(token("deleted"));
        store.insert(token("purged"));
        assertThat(both("deleted")).isPresent();
        assertThat(both("purged")).isPresent();

        store.delete(hash("deleted"));
        assertThat(both("deleted")).isEmpty();
        assertThat(both("purged")).isPresent();

        store.purgeExpired(EXPIRES, 10);
        assertThat(both("purged")).isEmpty();
    }

    @Test
    @DisplayName("asks the registrations that it is given, were they decorated or another store")
    void asksTheRegistrationsThatItIsGiven() {
        Registration registration = TestRegistrations.anonymous("reg_1");
        registrations().insert(registration, NOW);
        store.insert(token("1"));
        RegistrationStore decorated = new DelegatingRegistrationStore(registrations()) {
            @Override
            public Optional<Registration> findById(String id) {
                return super.findById(id).map(Registration::raiseEpoch);
            }
        };

        assertThat(store.findWithRegistration(hash("1"), decorated))
                .contains(new WithRegistration(token("1"), registration.raiseEpoch()));
        assertThat(store.findWithRegistration(hash("1"), new InMemoryRegistrationStore()))
                .isEmpty();
    }

    @Test
    @DisplayName("does the same work whether or not there is such a token")
    void doesTheSameWork() {
        registrations().insert(TestRegistrations.anonymous("reg_1"), NOW);
        store.insert(token("1"));
        AtomicInteger asked = new AtomicInteger();
        RegistrationStore counting = new DelegatingRegistrationStore(registrations()) {
            @Override
            public Optional<Registration> findById(String id) {
                asked.incrementAndGet();
                return super.findById(id);
            }
        };

        assertThat(store.findWithRegistration(hash("1"), counting)).isPresent();
        int forOneThatIsThere = asked.getAndSet(0);
        assertThat(store.findWithRegistration(hash("none"), counting)).isEmpty();

        assertThat(asked).hasValue(forOneThatIsThere);
    }

    @Test
    @DisplayName("finds both while 64 threads replace registrations and delete tokens, and sees each write at once")
    void findsBothInARace() {
        Race.runEach(number -> () -> {
            String name = "race" + number;
            Registration current = TestRegistrations.anonymous("reg_" + name);
            registrations().insert(current, NOW);
            AccessToken token = new AccessToken(hash(name), current.id(), 0, null, EXPIRES);
            store.insert(token);
            for (int i = 0; i < 5; i++) {
                current = registrations().replace(current, current.raiseEpoch()).orElseThrow();
                assertThat(both(name)).contains(new WithRegistration(token, current));
            }
            store.delete(hash(name));
            assertThat(both(name)).isEmpty();
            return true;
        });
    }

    // outages

    @Test
    @DisplayName(
            "throws StoreUnavailableException from every method while the backend is away, and has what it had when"
                    + " it is back")
    void outageOfTheBackend() {
        Outage outage = outageOrSkip();
        registrations().insert(TestRegistrations.anonymous("reg_1"), NOW);
        store.insert(token("kept"));
        store.insert(token("deleted"));
        AccessToken written = new AccessToken(hash("new"), "reg_1", 7, Set.of("api.read"), EXPIRES.plus(TICK));

        during(outage, () -> {
            assertUnavailable(() -> store.find(hash("kept")));
            assertUnavailable(() -> store.find(hash("none")));
            assertUnavailable(() -> both("kept"));
            assertUnavailable(() -> store.insert(written));
            assertUnavailable(() -> store.delete(hash("deleted")));
            assertUnavailable(() -> store.purgeExpired(NOW, 10));
        });

        assertThat(store.find(hash("kept"))).contains(token("kept"));
        assertThat(both("kept")).isPresent();
        assertThat(store.find(hash("deleted"))).isIn(Optional.of(token("deleted")), Optional.empty());
        assertThat(store.find(hash("new"))).isIn(Optional.of(written), Optional.empty());
        if (store.find(hash("new")).isEmpty()) {
            store.insert(written);
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
        store.insert(token("1"));

        during(outage, () -> assertUnavailable(() -> store.purgeExpired(EXPIRES, 10)));

        boolean left = store.find(hash("1")).isPresent();
        assertThat(store.purgeExpired(EXPIRES, 10)).isEqualTo(left ? 1 : 0);
        assertThat(store.find(hash("1"))).isEmpty();
    }

    private Optional<WithRegistration> both(String name) {
        return store.findWithRegistration(hash(name), registrations());
    }

    private static AccessToken token(String name) {
        return new AccessToken(hash(name), "reg_1", 0, null, EXPIRES);
    }

    private static SecretHash hash(String name) {
        return SecretHash.of("at_" + name);
    }
}
