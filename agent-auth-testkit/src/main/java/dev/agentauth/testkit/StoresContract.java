package dev.agentauth.testkit;

import static dev.agentauth.testkit.TestRegistrations.owned;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.SecretHash;
import dev.agentauth.registration.EndReason;
import dev.agentauth.registration.Registration;
import dev.agentauth.spi.AccessToken;
import dev.agentauth.spi.JwtKind;
import dev.agentauth.spi.Stores;
import dev.agentauth.spi.Stores.TokenWithRegistration;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What every bundle of {@link Stores} owes beside what its parts do, each sentence of its Javadoc.
 *
 * @since 0.2.0
 */
@DisplayName("Stores")
public abstract class StoresContract extends PortContract {
    private static final Instant NOW = TestRegistrations.NOW;
    private static final Instant EXPIRES = NOW.plus(Duration.ofHours(1));
    private static final String ISSUER = "https://auth.example.com";
    private static final String OTHER_ISSUER = "https://other.example.com";

    private Stores stores;

    /** For subclasses. */
    protected StoresContract() {}

    /**
     * Stores to test. Asked for once a test.
     *
     * @param issuer the service that they are for
     * @return a bundle over an empty backend
     */
    protected abstract Stores newStores(String issuer);

    /**
     * Stores for another service on the backend of those that were asked for last, whose rows stay as they are. Where a
     * backend holds one service only, as memory does, a bundle beside them.
     *
     * @param issuer the other service
     * @return a bundle in which that service has nothing yet
     */
    protected abstract Stores newNeighbour(String issuer);

    @BeforeEach
    void open() {
        stores = newStores(ISSUER);
    }

    @Test
    @DisplayName("name their service, and have parts that stay the same")
    void nameTheirService() {
        assertThat(stores.issuer()).isEqualTo(ISSUER);
        assertThat(stores.registrations()).isNotNull().isSameAs(stores.registrations());
        assertThat(stores.tokens()).isNotNull().isSameAs(stores.tokens());
        assertThat(stores.replay()).isNotNull().isSameAs(stores.replay());
        assertThat(stores.logoutMarks()).isNotNull().isSameAs(stores.logoutMarks());
        assertThat(stores.userOrigins()).isNotNull().isSameAs(stores.userOrigins());
    }

    // a token together with its registration

    @Test
    @DisplayName("find a token together with its registration, whatever the status of either")
    void findsBoth() {
        Registration revoked = TestRegistrations.claimed("reg_1", "user_1").revoke(EndReason.OPERATOR, NOW);
        Registration stepUp = TestRegistrations.stepUp("reg_2", TestRegistrations.identity("t", "s"), "user_1");
        stores.registrations().insert(revoked, NOW);
        stores.registrations().insert(stepUp, NOW);
        AccessToken narrowed = new AccessToken(hash("2"), "reg_2", 3, Set.of("api.read"), NOW.minusSeconds(1));
        stores.tokens().insert(token("1"), NOW, 1000);
        stores.tokens().insert(narrowed, NOW, 1000);

        assertThat(both("1")).contains(new TokenWithRegistration(token("1"), revoked));
        assertThat(both("2")).contains(new TokenWithRegistration(narrowed, stepUp));
    }

    @Test
    @DisplayName("find neither if the token or the registration is not there")
    void findsNeither() {
        Registration registration = TestRegistrations.anonymous("reg_1");
        stores.registrations().insert(registration, NOW);
        stores.tokens().insert(token("1"), NOW, 1000);
        stores.tokens().insert(new AccessToken(hash("orphan"), "reg_2", 0, null, EXPIRES), NOW, 1000);
        stores.tokens().insert(new AccessToken(hash("case"), "REG_1", 0, null, EXPIRES), NOW, 1000);

        assertThat(both("none")).isEmpty();
        assertThat(both("orphan")).isEmpty();
        assertThat(both("case")).isEmpty();
        assertThat(both("1")).isPresent();
    }

    @Test
    @DisplayName("find the newest value of the registration, also after having found an older one")
    void findsTheNewestRegistration() {
        Registration first = TestRegistrations.withCode("reg_1");
        stores.registrations().insert(first, NOW);
        stores.tokens().insert(token("1"), NOW, 1000);
        assertThat(both("1")).contains(new TokenWithRegistration(token("1"), first));

        Registration claimed = stores.registrations()
                .replace(first, owned(first, "user_1", NOW))
                .orElseThrow();
        assertThat(both("1")).contains(new TokenWithRegistration(token("1"), claimed));

        stores.registrations().revokeAll(NOW.plusSeconds(1));
        assertThat(both("1"))
                .get()
                .extracting(found -> found.registration().revokedAt())
                .isEqualTo(NOW.plusSeconds(1));

        while (stores.registrations().writeRevocations(10) > 0) {
            // There are more.
        }
        stores.registrations().purge(NOW, NOW.plusSeconds(1), 10);
        assertThat(both("1")).isEmpty();
    }

    @Test
    @DisplayName("do not find both once the token was deleted or purged")
    void findsNoDeletedToken() {
        stores.registrations().insert(TestRegistrations.anonymous("reg_1"), NOW);
        stores.tokens().insert(token("deleted"), NOW, 1000);
        stores.tokens().insert(token("purged"), NOW, 1000);
        assertThat(both("deleted")).isPresent();
        assertThat(both("purged")).isPresent();

        stores.tokens().delete(hash("deleted"));
        assertThat(both("deleted")).isEmpty();
        assertThat(both("purged")).isPresent();

        stores.tokens().purgeExpired(EXPIRES, 10);
        assertThat(both("purged")).isEmpty();
    }

    @Test
    @DisplayName("find both while 64 threads replace registrations and delete tokens, and see each write at once")
    void findsBothInARace() {
        Race.runEach(number -> () -> {
            String name = "race" + number;
            Registration current = TestRegistrations.anonymous("reg_" + name);
            stores.registrations().insert(current, NOW);
            AccessToken token = new AccessToken(hash(name), current.id(), 0, null, EXPIRES);
            stores.tokens().insert(token, NOW, 1000);
            for (int i = 0; i < 5; i++) {
                current = stores.registrations()
                        .replace(current, current.raiseEpoch())
                        .orElseThrow();
                assertThat(both(name)).contains(new TokenWithRegistration(token, current));
            }
            stores.tokens().delete(hash(name));
            assertThat(both(name)).isEmpty();
            return true;
        });
    }

    @Test
    @DisplayName(
            "throw PortUnavailableException when asked for both while the backend is away, and find them afterwards")
    void outageOfTheBackend() {
        Outage outage = outageOrSkip();
        stores.registrations().insert(TestRegistrations.anonymous("reg_1"), NOW);
        stores.tokens().insert(token("1"), NOW, 1000);

        during(outage, () -> {
            assertUnavailable(() -> both("1"));
            assertUnavailable(() -> both("none"));
        });

        assertThat(both("1")).isPresent();
        assertThat(both("none")).isEmpty();
    }

    // whether writes get through

    @Test
    @DisplayName("let it be checked that they take writes, and show nothing of it")
    void checked() {
        for (int i = 0; i < 3; i++) {
            stores.checkWritable();
        }

        assertThat(stores.registrations().purge(PortContract.FAR, PortContract.FAR, 10))
                .isEmpty();
        assertThat(stores.tokens().purgeExpired(PortContract.FAR, 10)).isZero();
        assertThat(stores.replay().purgeExpired(PortContract.FAR, 10)).isZero();
        assertThat(stores.logoutMarks().purgeExpired(PortContract.FAR, 10)).isZero();
    }

    @Test
    @DisplayName(
            "throw PortUnavailableException when they are checked while the backend is away, and do not afterwards")
    void checkedDuringAnOutage() {
        Outage outage = outageOrSkip();

        during(outage, () -> assertUnavailable(() -> stores.checkWritable()));

        stores.checkWritable();
    }

    // two services

    @Test
    @DisplayName("show nothing of one service to another one on the same backend, and let it have the same keys")
    void showNothingToAnother() {
        Registration registration = TestRegistrations.stepUp("reg_1", TestRegistrations.identity("s"), "user_1");
        fill(stores, registration);
        Stores other = newNeighbour(OTHER_ISSUER);

        assertThat(other.issuer()).isEqualTo(OTHER_ISSUER);
        assertThat(other.registrations().findById("reg_1")).isEmpty();
        assertThat(other.registrations().findByClaimToken(TestRegistrations.claimToken("reg_1")))
                .isEmpty();
        assertThat(other.registrations().findByAttemptToken(TestRegistrations.attemptToken("reg_1")))
                .isEmpty();
        assertThat(other.registrations().findByUser("user_1")).isEmpty();
        assertThat(other.registrations().findUnclaimedByRecipient(TestRegistrations.ALICE))
                .isEmpty();
        assertThat(other.registrations().findByProvider(TestRegistrations.identity("s")))
                .isEmpty();
        assertThat(other.registrations().findByProviderInAnyTenant(TestRegistrations.identity("s")))
                .isEmpty();
        assertThat(other.registrations().findMadeBefore(PortContract.FAR, "", 10))
                .isEmpty();
        assertThat(other.tokens().find(hash("1"))).isEmpty();
        assertThat(other.findTokenWithRegistration(hash("1"))).isEmpty();
        assertThat(other.replay().seen(JwtKind.ID_JAG, ISSUER, "jti", NOW)).isFalse();
        assertThat(other.logoutMarks().newest(TestRegistrations.identity("s"))).isEmpty();

        fill(other, registration);
        other.tokens().delete(hash("1"));
        assertThat(other.registrations().replace(registration, registration.raiseEpoch()))
                .isPresent();
        assertThat(both("1")).contains(new TokenWithRegistration(token("1"), registration));
    }

    @Test
    @DisplayName("end, purge and forget nothing of another service on the same backend")
    void endNothingOfAnother() {
        Registration registration = TestRegistrations.claimed("reg_1", "user_1");
        fill(stores, registration);
        Stores other = newNeighbour(OTHER_ISSUER);

        assertThat(other.registrations().replace(registration, registration.raiseEpoch()))
                .isEmpty();
        assertThat(other.registrations().revokeAll(NOW)).isZero();
        assertThat(other.registrations().purge(PortContract.FAR, PortContract.FAR, 10))
                .isEmpty();
        other.tokens().delete(hash("1"));
        assertThat(other.tokens().purgeExpired(PortContract.FAR, 10)).isZero();
        assertThat(other.replay().purgeExpired(PortContract.FAR, 10)).isZero();
        assertThat(other.logoutMarks().purgeExpired(PortContract.FAR, 10)).isZero();

        assertThat(both("1")).contains(new TokenWithRegistration(token("1"), registration));
        assertThat(stores.replay().seen(JwtKind.ID_JAG, ISSUER, "jti", NOW)).isTrue();
        assertThat(stores.logoutMarks().newest(TestRegistrations.identity("s"))).contains(NOW);
    }

    private static void fill(Stores stores, Registration registration) {
        assertThat(stores.registrations().insert(registration, NOW)).isTrue();
        stores.tokens().insert(token("1"), NOW, 1000);
        assertThat(stores.replay().recordFirst(JwtKind.ID_JAG, ISSUER, "jti", NOW, EXPIRES))
                .isTrue();
        stores.logoutMarks().raise(TestRegistrations.identity("s"), NOW, EXPIRES);
    }

    private Optional<TokenWithRegistration> both(String name) {
        return stores.findTokenWithRegistration(hash(name));
    }

    private static AccessToken token(String name) {
        return new AccessToken(hash(name), "reg_1", 0, null, EXPIRES);
    }

    private static SecretHash hash(String name) {
        return SecretHash.of("at_" + name);
    }
}
