package dev.agentauth.memory;

import static dev.agentauth.testkit.TestRegistrations.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.SecretHash;
import dev.agentauth.registration.Asked;
import dev.agentauth.registration.Attempt;
import dev.agentauth.registration.Claim;
import dev.agentauth.registration.Delivery;
import dev.agentauth.registration.ProviderIdentity;
import dev.agentauth.registration.ProviderLink;
import dev.agentauth.registration.Registration;
import dev.agentauth.spi.AccessToken;
import dev.agentauth.spi.JwtKind;
import dev.agentauth.testkit.TestRegistrations;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** T01: after the purge nothing is found, and nothing that was put in is held any more, not even as a key. */
class FlatMemoryTest {
    private static final int MANY = 100_000;
    private static final Instant EXPIRES = NOW.plus(Duration.ofHours(1));
    private static final Instant LONG_AFTER = NOW.plus(Duration.ofDays(1000));

    private final List<WeakReference<Object>> put = new ArrayList<>();

    @Test
    void registrationsLeaveNothingBehind() {
        InMemoryRegistrationStore store = new InMemoryRegistrationStore();
        for (int i = 0; i < MANY; i++) {
            store.insert(registration(i), NOW);
        }
        assertThat(store.findByUser("user_7")).hasSize(1);

        int purged = 0;
        int batch;
        do {
            batch = store.purge(LONG_AFTER, LONG_AFTER, 500).size();
            purged += batch;
        } while (batch == 500);

        assertThat(purged).isEqualTo(MANY);
        assertThat(store.findById("reg_7")).isEmpty();
        assertThat(store.findByUser("user_7")).isEmpty();
        assertThat(store.findByClaimToken(SecretHash.of("clm_7"))).isEmpty();
        assertThat(store.findByAttemptToken(SecretHash.of("cvt_7"))).isEmpty();
        assertThat(store.findByProviderInAnyTenant(
                        new ProviderIdentity("https://agents.example.net", null, "sub_7", "aud")))
                .isEmpty();
        assertThat(store.purge(LONG_AFTER, LONG_AFTER, 500)).isEmpty();
        assertNothingIsHeld();
        assertThat(store.insert(registration(7), NOW)).isTrue();
    }

    @Test
    void t01_aMillionRegistrationsLeaveTheHeapAsItWas() {
        InMemoryRegistrationStore store = new InMemoryRegistrationStore();
        flood(store, 0);
        long after100Thousand = usedHeap();

        for (int round = 1; round < 10; round++) {
            flood(store, round);
        }

        assertThat(usedHeap() - after100Thousand)
                .as("bytes, of which a registration takes 500")
                .isLessThan(5_000_000);
    }

    /** A hundred thousand strangers, and the purge of the day after. */
    private static void flood(InMemoryRegistrationStore store, int round) {
        for (int i = 0; i < MANY; i++) {
            assertThat(store.insert(TestRegistrations.anonymous("reg_" + round + "_" + i), NOW))
                    .isTrue();
        }
        int purged = 0;
        while (purged < MANY) {
            int batch = store.purge(LONG_AFTER, LONG_AFTER, 500).size();
            assertThat(batch).isEqualTo(500);
            purged += batch;
        }
        assertThat(store.purge(LONG_AFTER, LONG_AFTER, 500)).isEmpty();
    }

    private static long usedHeap() {
        Runtime runtime = Runtime.getRuntime();
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }

    @Test
    void registrationsWhoseIdentityWasGivenAwayLeaveNothingBehind() {
        InMemoryRegistrationStore store = new InMemoryRegistrationStore();
        for (int i = 0; i < 1000; i++) {
            store.insert(registration(i), NOW);
        }
        for (int i = 0; i < 1000; i++) {
            Registration next = TestRegistrations.provider(
                    "next_" + i,
                    Objects.requireNonNull(registration(i).provider()).identity(),
                    "user");
            assertThat(store.insert(next, EXPIRES)).isTrue();
        }

        assertThat(store.purge(LONG_AFTER, LONG_AFTER, 5000)).hasSize(2000);
        assertNothingIsHeld();
    }

    @Test
    void tokensThatExpireLeaveNothingBehind() {
        InMemoryTokenStore store = new InMemoryTokenStore();
        insertTokens(store);

        assertThat(store.purgeExpired(LONG_AFTER, 1)).isEqualTo(MANY);
        assertThat(store.find(SecretHash.of("at_7"))).isEmpty();
        assertNothingIsHeld();
    }

    @Test
    void tokensThatAreRevokedLeaveNothingBehindAtOnce() {
        InMemoryTokenStore store = new InMemoryTokenStore();
        insertTokens(store);
        for (int i = 0; i < MANY; i++) {
            store.delete(SecretHash.of("at_" + i));
        }

        assertNothingIsHeld();
        assertThat(store.purgeExpired(LONG_AFTER, 1)).isZero();
    }

    @Test
    void f22_tokensOverTheLimitLeaveNothingBehindAtOnce() {
        InMemoryTokenStore store = new InMemoryTokenStore();
        for (int i = 0; i < MANY; i++) {
            Set<String> ceiling = watched(Set.of("scope_" + i));
            store.insert(new AccessToken(SecretHash.of("at_" + i), "reg_1", 0, ceiling, EXPIRES), NOW, 10);
        }
        for (int i = MANY - 10; i < MANY; i++) {
            store.insert(new AccessToken(SecretHash.of("at_" + i + "_next"), "reg_1", 0, null, EXPIRES), NOW, 10);
        }

        assertNothingIsHeld();
        assertThat(store.purgeExpired(LONG_AFTER, 1)).isEqualTo(10);
    }

    @Test
    void replayRecordsLeaveNothingBehind() {
        InMemoryReplayStore store = new InMemoryReplayStore();
        for (int i = 0; i < MANY; i++) {
            store.recordFirst(JwtKind.ID_JAG, "https://agents.example.net", "jti_" + i, NOW, instant(i));
        }

        assertThat(store.purgeExpired(LONG_AFTER, 1)).isEqualTo(MANY);
        assertThat(store.seen(JwtKind.ID_JAG, "https://agents.example.net", "jti_7", NOW))
                .isFalse();
        assertThat(store.purgeExpired(LONG_AFTER, 1)).isZero();
        assertNothingIsHeld();
    }

    @Test
    void logoutMarksLeaveNothingBehind() {
        InMemoryLogoutMarks marks = new InMemoryLogoutMarks();
        for (int i = 0; i < MANY; i++) {
            ProviderIdentity subject = new ProviderIdentity("https://agents.example.net", null, "sub_" + i, "aud");
            marks.raise(subject, instant(i), instant(i));
        }

        assertThat(marks.purgeExpired(LONG_AFTER, 1)).isEqualTo(MANY);
        assertThat(marks.newest(new ProviderIdentity("https://agents.example.net", null, "sub_7", "aud")))
                .isEmpty();
        assertNothingIsHeld();
    }

    @Test
    void whatIsStillNeededStays() {
        InMemoryTokenStore store = new InMemoryTokenStore();
        insertTokens(store);

        assertThat(store.purgeExpired(NOW, 1)).isZero();
        System.gc();
        assertThat(put).noneMatch(reference -> reference.get() == null);
        assertThat(store.find(SecretHash.of("at_7"))).isPresent();
    }

    private void insertTokens(InMemoryTokenStore store) {
        for (int i = 0; i < MANY; i++) {
            String registrationId = watched("reg_" + i);
            store.insert(
                    new AccessToken(SecretHash.of("at_" + i), registrationId, 0, null, EXPIRES.plusMillis(1 + i)),
                    NOW,
                    1000);
        }
    }

    private Registration registration(int number) {
        SecretHash claimToken = watched(SecretHash.of("clm_" + number));
        SecretHash attemptToken = watched(SecretHash.of("cvt_" + number));
        String userId = watched("user_" + number);
        Attempt attempt = Attempt.asking(
                "cla_" + number, attemptToken, new Asked.OneUser(userId, "alice@example.com"), NOW, EXPIRES);
        Claim claim = Claim.open(claimToken, EXPIRES);
        ProviderIdentity identity =
                new ProviderIdentity("https://agents.example.net", null, watched("sub_" + number), "aud");
        Registration stepUp = Registration.stepUp(watched("reg_" + number), ProviderLink.of(identity, NOW), claim, NOW);
        return stepUp.startAttempt(attempt, NOW).orElseThrow().mailed(attempt.id(), Delivery.ACCEPTED);
    }

    /** Spread over an hour, to fill more than one queue. */
    private Instant instant(int number) {
        return watched(EXPIRES.plusMillis(1 + number * 37L));
    }

    private <T> T watched(T value) {
        if (put.size() < 20_000) {
            put.add(new WeakReference<>(value));
        }
        return value;
    }

    /** A collector may take more than one round for old objects. */
    private void assertNothingIsHeld() {
        assertThat(put).isNotEmpty();
        for (int round = 0; round < 10 && held() > 0; round++) {
            System.gc();
        }
        assertThat(held()).isZero();
    }

    private long held() {
        return put.stream().filter(reference -> reference.get() != null).count();
    }
}
