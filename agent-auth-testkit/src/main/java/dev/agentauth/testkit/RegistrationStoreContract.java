package dev.agentauth.testkit;

import static dev.agentauth.testkit.TestRegistrations.ALICE;
import static dev.agentauth.testkit.TestRegistrations.BOB;
import static dev.agentauth.testkit.TestRegistrations.CLAIM_EXPIRES;
import static dev.agentauth.testkit.TestRegistrations.NOW;
import static dev.agentauth.testkit.TestRegistrations.anonymous;
import static dev.agentauth.testkit.TestRegistrations.attempt;
import static dev.agentauth.testkit.TestRegistrations.attemptToken;
import static dev.agentauth.testkit.TestRegistrations.claimToken;
import static dev.agentauth.testkit.TestRegistrations.claimed;
import static dev.agentauth.testkit.TestRegistrations.email;
import static dev.agentauth.testkit.TestRegistrations.identity;
import static dev.agentauth.testkit.TestRegistrations.next;
import static dev.agentauth.testkit.TestRegistrations.pending;
import static dev.agentauth.testkit.TestRegistrations.provider;
import static dev.agentauth.testkit.TestRegistrations.stepUp;
import static dev.agentauth.testkit.TestRegistrations.subject;
import static dev.agentauth.testkit.TestRegistrations.withCode;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.registration.ProviderIdentity;
import dev.agentauth.registration.ProviderLink;
import dev.agentauth.registration.ProviderSubject;
import dev.agentauth.registration.Registration;
import dev.agentauth.registration.RegistrationKind;
import dev.agentauth.spi.RegistrationStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every {@link RegistrationStore} owes, each sentence of its Javadoc. */
@DisplayName("A registration store")
public abstract class RegistrationStoreContract {
    private static final Duration TICK = Duration.ofNanos(1000);
    private static final Instant NEVER = NOW.minus(Duration.ofDays(1000));
    private static final Instant ALWAYS = NOW.plus(Duration.ofDays(1000));

    private RegistrationStore store;

    /** For subclasses. */
    protected RegistrationStoreContract() {}

    /**
     * A store to test.
     *
     * @return an empty one
     */
    protected abstract RegistrationStore newStore();

    @BeforeEach
    void open() {
        store = newStore();
    }

    // insert

    @Test
    @DisplayName("finds what was inserted by every key that it has, with version 0")
    void findsByEveryKey() {
        Registration stepUp = stepUp("reg_1", identity("tenant", "s"), "user_1");

        assertThat(store.insert(stepUp.withVersion(9), NOW)).isTrue();

        assertThat(store.findById("reg_1")).contains(stepUp.withVersion(0));
        assertThat(store.findByClaimToken(claimToken("reg_1"))).contains(stepUp);
        assertThat(store.findByAttemptToken(attemptToken("reg_1"))).contains(stepUp);
        assertThat(store.findByUser("user_1")).containsExactly(stepUp);
        assertThat(store.findByProvider(subject("tenant", "s"))).containsExactly(stepUp);
    }

    @Test
    @DisplayName("finds nothing by keys that nobody has")
    void findsNothingElse() {
        store.insert(stepUp("reg_1", identity("tenant", "s"), "user_1"), NOW);

        assertThat(store.findById("reg_2")).isEmpty();
        assertThat(store.findById("REG_1")).isEmpty();
        assertThat(store.findById("reg_1 ")).isEmpty();
        assertThat(store.findByClaimToken(attemptToken("reg_1"))).isEmpty();
        assertThat(store.findByAttemptToken(claimToken("reg_1"))).isEmpty();
        assertThat(store.findByUser("user_2")).isEmpty();
        assertThat(store.findByUser("USER_1")).isEmpty();
        assertThat(store.findByUser("user_1 ")).isEmpty();
        assertThat(store.findByProvider(subject("tenant", "S"))).isEmpty();
    }

    @Test
    @DisplayName("keeps every fact exactly")
    void keepsEveryFact() {
        Instant micros = NOW.plus(Duration.ofNanos(123_456_000));
        String subject = "s\u00e4\u4e16\ud83d\ude00 '\"\\%_".repeat(60);
        Registration full = new Registration(
                "reg_full",
                RegistrationKind.PROVIDER,
                micros,
                0,
                1L << 40,
                "user '\u00e9",
                micros.plusMillis(1),
                next(next(withCode("reg_full").reject(NOW)).startAttempt(BOB, attempt("reg_full"), NOW))
                        .mailAccepted("cla_reg_full")
                        .claim(),
                new ProviderLink(identity("t\u00e9nant ", subject), micros.minusSeconds(5), micros.plusSeconds(5)),
                "user '\u00e9",
                null);
        Registration revoked = claimed("reg_revoked", "user_1").raiseEpoch().revoke(micros);

        store.insert(full, NOW);
        store.insert(revoked, NOW);
        store.insert(withCode("reg_code"), NOW);

        assertThat(store.findById("reg_full")).contains(full);
        assertThat(store.findById("reg_revoked")).contains(revoked);
        assertThat(store.findById("reg_code")).contains(withCode("reg_code"));
    }

    @Test
    @DisplayName("refuses a second live registration of kind provider for one identity and changes nothing then")
    void refusesASecondLiveOne() {
        Registration first = provider("reg_1", identity("s"), "user_1");
        store.insert(first, NOW);

        assertThat(store.insert(provider("reg_2", identity("s"), "user_2"), NOW))
                .isFalse();
        assertThat(store.insert(stepUp("reg_3", identity("s"), "user_2"), NOW)).isFalse();

        assertThat(store.findById("reg_2")).isEmpty();
        assertThat(store.findById("reg_3")).isEmpty();
        assertThat(store.findByClaimToken(claimToken("reg_3"))).isEmpty();
        assertThat(store.findByAttemptToken(attemptToken("reg_3"))).isEmpty();
        assertThat(store.findByUser("user_2")).isEmpty();
        assertThat(store.findByProvider(subject(null, "s"))).containsExactly(first);
    }

    @Test
    @DisplayName("compares all four parts of an identity exactly")
    void comparesIdentitiesExactly() {
        List<ProviderIdentity> different = List.of(
                identity("s"),
                identity("", "s"),
                identity("t", "s"),
                identity("T", "s"),
                identity("t ", "s"),
                identity("t", "S"),
                identity("t", "s "),
                identity("t", "\u00e9"),
                identity("t", "e\u0301"),
                identity("t", "\u00df"),
                identity("t", "ss"),
                new ProviderIdentity("https://agents.example.net/", "t", "s", "https://auth.example.com"),
                new ProviderIdentity("https://agents.example.net", "t", "s", "https://auth.example.com/"));
        for (int i = 0; i < different.size(); i++) {
            assertThat(store.insert(provider("reg_" + i, different.get(i), "user"), NOW))
                    .as("%s", different.get(i))
                    .isTrue();
        }
        for (int i = 0; i < different.size(); i++) {
            assertThat(store.insert(provider("again_" + i, different.get(i), "user"), NOW))
                    .as("%s again", different.get(i))
                    .isFalse();
        }
    }

    @Test
    @DisplayName("lets registrations of other kinds carry the same identity beside a live one")
    void otherKindsMayCarryTheIdentity() {
        store.insert(provider("reg_1", identity("s"), "user_1"), NOW);
        Registration anonymous = carrying("reg_2", identity("s"));

        assertThat(store.insert(anonymous, NOW)).isTrue();
        assertThat(store.insert(carrying("reg_3", identity("s")), NOW)).isTrue();
        assertThat(store.findByProvider(subject(null, "s"))).hasSize(3).contains(anonymous);
        assertThat(store.insert(provider("reg_4", identity("s"), "user_1"), NOW))
                .as("still one of kind provider")
                .isFalse();
    }

    @Test
    @DisplayName("is not kept from inserting by an identity that only another kind carries")
    void anotherKindDoesNotOccupyTheIdentity() {
        store.insert(carrying("reg_1", identity("s")), NOW);

        assertThat(store.insert(provider("reg_2", identity("s"), "user_1"), NOW))
                .isTrue();
    }

    @Test
    @DisplayName("frees an identity by revocation and by erasure")
    void revocationFreesTheIdentity() {
        Registration first = provider("reg_1", identity("s"), "user_1");
        store.insert(first, NOW);
        store.replace(first, first.revoke(NOW));
        Registration second = provider("reg_2", identity("s"), "user_1");

        assertThat(store.insert(second, NOW)).isTrue();
        store.replace(second, second.erase(NOW));
        assertThat(store.insert(provider("reg_3", identity("s"), "user_1"), NOW))
                .isTrue();
        assertThat(store.findById("reg_1"))
                .get()
                .extracting(Registration::revokedAt)
                .isEqualTo(NOW);
    }

    @Test
    @DisplayName("frees an identity exactly when the claim behind it expires, and keeps the expired registration")
    void expiryFreesTheIdentity() {
        Registration first = stepUp("reg_1", identity("s"), "user_1");
        store.insert(first, NOW);

        assertThat(store.insert(stepUp("reg_2", identity("s"), "user_1"), CLAIM_EXPIRES.minus(TICK)))
                .isFalse();
        assertThat(store.insert(stepUp("reg_2", identity("s"), "user_1"), CLAIM_EXPIRES))
                .isTrue();
        assertThat(store.findByClaimToken(claimToken("reg_1")))
                .get()
                .extracting(Registration::id)
                .isEqualTo("reg_1");
        assertThat(store.findByProvider(subject(null, "s")))
                .extracting(Registration::id)
                .containsExactlyInAnyOrder("reg_1", "reg_2");
    }

    @Test
    @DisplayName("never frees the identity of a claimed registration by time")
    void claimedOnesDoNotExpire() {
        Registration stepUp = stepUp("reg_1", identity("s"), "user_1");
        store.insert(stepUp, NOW);
        store.replace(stepUp, next(TestRegistrations.revealed(stepUp).claim("user_1", NOW)));

        assertThat(store.insert(provider("reg_2", identity("s"), "user_1"), ALWAYS))
                .isFalse();
    }

    @Test
    @DisplayName("lets exactly one of 64 concurrent inserts for one identity through")
    void oneOfManyInserts() {
        for (int round = 0; round < 5; round++) {
            ProviderIdentity identity = identity("s" + round);
            String prefix = "reg_" + round + "_";
            AtomicInteger ids = new AtomicInteger();

            List<Boolean> inserted =
                    Race.run(() -> store.insert(provider(prefix + ids.incrementAndGet(), identity, "user_1"), NOW));

            assertThat(inserted).filteredOn(won -> won).hasSize(1);
            assertThat(store.findByProvider(subject(null, "s" + round))).hasSize(1);
        }
    }

    @Test
    @DisplayName("lets exactly one of 64 concurrent inserts into an identity through that has just expired")
    void oneOfManyInsertsAfterExpiry() {
        store.insert(stepUp("reg_old", identity("s"), "user_1"), NOW);
        AtomicInteger ids = new AtomicInteger();

        List<Boolean> inserted = Race.run(
                () -> store.insert(provider("reg_" + ids.incrementAndGet(), identity("s"), "user_1"), CLAIM_EXPIRES));

        assertThat(inserted).filteredOn(won -> won).hasSize(1);
        assertThat(store.findByProvider(subject(null, "s"))).hasSize(2);
    }

    // replace

    @Test
    @DisplayName("replaces the version that was read and raises it by one")
    void replacesAndRaisesTheVersion() {
        Registration first = anonymous("reg_1");
        store.insert(first, NOW);

        Optional<Registration> second = store.replace(first, first.raiseEpoch().withVersion(77));
        Optional<Registration> third =
                store.replace(second.orElseThrow(), second.orElseThrow().raiseEpoch());

        assertThat(second).contains(first.raiseEpoch().withVersion(1));
        assertThat(third)
                .contains(first.raiseEpoch().raiseEpoch().withVersion(2))
                .isEqualTo(store.findById("reg_1"));
    }

    @Test
    @DisplayName("changes nothing for a stale version")
    void refusesStaleVersions() {
        Registration first = anonymous("reg_1");
        store.insert(first, NOW);
        Registration second = store.replace(first, first.raiseEpoch()).orElseThrow();

        assertThat(store.replace(first, first.revoke(NOW))).isEmpty();
        assertThat(store.replace(first.withVersion(2), first.revoke(NOW))).isEmpty();
        assertThat(store.findById("reg_1")).contains(second);
    }

    @Test
    @DisplayName("changes nothing for a registration that is not there")
    void refusesUnknownRegistrations() {
        Registration unknown = pending("reg_1");

        assertThat(store.replace(unknown, unknown.raiseEpoch())).isEmpty();
        assertThat(store.findById("reg_1")).isEmpty();
        assertThat(store.findByClaimToken(claimToken("reg_1"))).isEmpty();
    }

    @Test
    @DisplayName("goes by the version alone, not by what else the caller believes to be stored")
    void goesByTheVersion() {
        Registration first = anonymous("reg_1");
        store.insert(first, NOW);

        assertThat(store.replace(first.raiseEpoch(), first.revoke(NOW))).isPresent();
    }

    @Test
    @DisplayName("lets exactly one of 64 concurrent replaces of one version through")
    void oneOfManyReplaces() {
        for (int round = 0; round < 5; round++) {
            Registration first = anonymous("reg_" + round);
            store.insert(first, NOW);

            List<Optional<Registration>> replaced = Race.run(() -> store.replace(first, first.raiseEpoch()));

            assertThat(replaced).filteredOn(Optional::isPresent).hasSize(1);
            assertThat(store.findById("reg_" + round))
                    .contains(first.raiseEpoch().withVersion(1));
        }
    }

    @Test
    @DisplayName("loses no update of 64 threads that read, change and replace until it holds")
    void losesNoUpdate() {
        store.insert(anonymous("reg_1"), NOW);

        Race.run(() -> {
            for (int i = 0; i < 20; i++) {
                Optional<Registration> written;
                do {
                    Registration current = store.findById("reg_1").orElseThrow();
                    written = store.replace(current, current.raiseEpoch());
                } while (written.isEmpty());
            }
            return true;
        });

        assertThat(store.findById("reg_1")).get().satisfies(registration -> {
            assertThat(registration.epoch()).isEqualTo(20L * Race.THREADS);
            assertThat(registration.version()).isEqualTo(20L * Race.THREADS);
        });
    }

    // look-ups after a replace

    @Test
    @DisplayName("finds by the claim token in force and no longer by the one before")
    void followsTheClaimToken() {
        Registration first = pending("reg_1");
        store.insert(first, NOW);

        Registration second = store.replace(first, next(first.renewClaimToken(claimToken("new"), NOW)))
                .orElseThrow();

        assertThat(store.findByClaimToken(claimToken("reg_1"))).isEmpty();
        assertThat(store.findByClaimToken(claimToken("new"))).contains(second);
        assertThat(store.findByAttemptToken(attemptToken("reg_1"))).contains(second);
    }

    @Test
    @DisplayName("finds by the attempt token in force and no longer by the one before")
    void followsTheAttemptToken() {
        Registration first = pending("reg_1");
        store.insert(first, NOW);
        Registration second = store.replace(first, next(first.startAttempt(ALICE, attempt("new"), NOW)))
                .orElseThrow();

        assertThat(store.findByAttemptToken(attemptToken("reg_1"))).isEmpty();
        assertThat(store.findByAttemptToken(attemptToken("new"))).contains(second);

        store.replace(second, second.mailRefused("cla_new"));
        assertThat(store.findByAttemptToken(attemptToken("new"))).isEmpty();
    }

    @Test
    @DisplayName("finds by the owner once somebody owns it")
    void followsTheOwner() {
        Registration first = withCode("reg_1");
        store.insert(first, NOW);
        assertThat(store.findByUser("user_1")).isEmpty();

        Registration second =
                store.replace(first, next(first.claim("user_1", NOW))).orElseThrow();

        assertThat(store.findByUser("user_1")).containsExactly(second);
        assertThat(store.findByAttemptToken(attemptToken("reg_1")))
                .as("the link stays known")
                .contains(second);
    }

    @Test
    @DisplayName("finds an erased registration by its id alone")
    void erasedByIdAlone() {
        Registration first = stepUp("reg_1", identity("s"), "user_1");
        store.insert(first, NOW);

        Registration erased = store.replace(first, first.erase(NOW)).orElseThrow();

        assertThat(store.findById("reg_1")).contains(erased);
        assertThat(store.findByUser("user_1")).isEmpty();
        assertThat(store.findByProvider(subject(null, "s"))).isEmpty();
        assertThat(store.findByClaimToken(claimToken("reg_1"))).isEmpty();
        assertThat(store.findByAttemptToken(attemptToken("reg_1"))).isEmpty();
    }

    @Test
    @DisplayName(
            "finds all that a user owns and every step-up that waits for the user, whatever the status, oldest first")
    void findsByUserOldestFirst() {
        Registration middle = created(provider("reg_a", identity("a"), "user_1"), 20);
        Registration newest = created(claimed("reg_b", "user_1").revoke(NOW), 30);
        Registration oldest = created(stepUp("reg_c", identity("c"), "user_1"), 10);
        for (Registration registration : List.of(middle, newest, oldest, email("reg_d"))) {
            store.insert(registration, NOW);
        }

        assertThat(store.findByUser("user_1")).containsExactly(oldest, middle, newest);
    }

    @Test
    @DisplayName("finds by a provider's subject: one tenant's identity, or every tenant's and the one without")
    void findsByProvider() {
        Registration none = created(provider("reg_none", identity(null, "s"), "user_1"), 30);
        Registration one = created(provider("reg_one", identity("t1", "s"), "user_1"), 20);
        Registration two =
                created(provider("reg_two", identity("t2", "s"), "user_2").revoke(NOW), 10);
        Registration otherKind = created(carrying("reg_kind", identity("t1", "s")), 40);
        Registration otherSubject = provider("reg_s2", identity("t1", "s2"), "user_1");
        Registration otherIssuer = provider(
                "reg_iss",
                new ProviderIdentity("https://other.example.net", "t1", "s", "https://auth.example.com"),
                "user_1");
        Registration otherAudience = provider(
                "reg_aud",
                new ProviderIdentity("https://agents.example.net", "t1", "s", "https://other.example.com"),
                "user_1");
        for (Registration registration : List.of(none, one, two, otherKind, otherSubject, otherIssuer, otherAudience)) {
            assertThat(store.insert(registration, NOW)).isTrue();
        }

        assertThat(store.findByProvider(subject(null, "s"))).containsExactly(two, one, none, otherKind);
        assertThat(store.findByProvider(subject("t1", "s"))).containsExactly(one, otherKind);
        assertThat(store.findByProvider(subject("t2", "s"))).containsExactly(two);
        assertThat(store.findByProvider(subject("T1", "s"))).isEmpty();
        assertThat(store.findByProvider(subject("", "s"))).isEmpty();
        assertThat(store.findByProvider(
                        new ProviderSubject("https://other.example.net", null, "s", "https://auth.example.com")))
                .containsExactly(otherIssuer);
    }

    @Test
    @DisplayName("hands out snapshots: a later write does not change what was found")
    void handsOutSnapshots() {
        Registration first = stepUp("reg_1", identity("s"), "user_1");
        store.insert(first, NOW);
        Registration byId = store.findById("reg_1").orElseThrow();
        List<Registration> byUser = store.findByUser("user_1");
        List<Registration> byProvider = store.findByProvider(subject(null, "s"));

        store.replace(first, first.erase(NOW));
        store.insert(provider("reg_2", identity("s"), "user_1"), NOW);

        assertThat(byId).isEqualTo(first);
        assertThat(byUser).containsExactly(first);
        assertThat(byProvider).containsExactly(first);
    }

    @Test
    @DisplayName("shows every write to whoever looks afterwards, by whatever key, while 64 threads write")
    void showsEveryWriteAtOnce() {
        AtomicInteger numbers = new AtomicInteger();

        Race.run(() -> {
            int number = numbers.incrementAndGet();
            String id = "reg_" + number;
            Registration current = stepUp(id, identity(id), "user_shared");
            store.insert(current, NOW);
            for (int i = 0; i < 20; i++) {
                String name = id + "_" + i;
                Registration renewed = next(
                        next(current.renewClaimToken(claimToken(name), NOW)).startAttempt(ALICE, attempt(name), NOW));
                current = store.replace(current, renewed).orElseThrow();
                assertThat(store.findById(id)).contains(current);
                assertThat(store.findByClaimToken(claimToken(name))).contains(current);
                assertThat(store.findByAttemptToken(attemptToken(name))).contains(current);
                assertThat(store.findByUser("user_shared")).contains(current);
                assertThat(store.findByProvider(subject(null, id))).containsExactly(current);
            }
            return true;
        });

        assertThat(store.findByUser("user_shared")).hasSize(Race.THREADS);
    }

    @Test
    @DisplayName("finds a registration at every moment under a key that it keeps, and never under one that it has lost")
    void neverLosesAKeyForAMoment() {
        store.insert(stepUp("reg_1", identity("s"), "user_1"), NOW);
        AtomicBoolean writing = new AtomicBoolean(true);

        Race.runEach(number -> () -> {
            if (number > 0) {
                while (writing.get()) {
                    assertThat(store.findByClaimToken(claimToken("reg_1"))).isPresent();
                    assertThat(store.findByUser("user_1")).hasSize(1);
                    assertThat(store.findByProvider(subject(null, "s"))).hasSize(1);
                    Registration seen = store.findById("reg_1").orElseThrow();
                    assertThat(seen.claim()).isNotNull();
                    store.findByAttemptToken(attemptToken("even"))
                            .ifPresent(found -> assertThat(found.claim())
                                    .extracting(claim -> Objects.requireNonNull(claim.attempt())
                                            .tokenHash())
                                    .isEqualTo(attemptToken("even")));
                }
                return true;
            }
            try {
                for (int i = 0; i < 200; i++) {
                    Registration current = store.findById("reg_1").orElseThrow();
                    store.replace(
                            current, next(current.startAttempt(ALICE, attempt(i % 2 == 0 ? "even" : "odd"), NOW)));
                }
            } finally {
                writing.set(false);
            }
            return true;
        });
    }

    // revokeAll

    @Test
    @DisplayName("revokes every registration that is not revoked, and says how many")
    void revokesAll() {
        Registration revokedBefore = anonymous("reg_1").revoke(NOW.minusSeconds(60));
        store.insert(revokedBefore, NOW);
        store.insert(email("reg_2"), NOW);
        store.insert(provider("reg_3", identity("s"), "user_1"), NOW);

        assertThat(store.revokeAll(NOW)).isEqualTo(2);
        assertThat(store.findById("reg_1")).contains(revokedBefore);
        assertThat(store.findById("reg_2")).contains(email("reg_2").revoke(NOW).withVersion(1));
        assertThat(store.findById("reg_3"))
                .get()
                .extracting(Registration::revokedAt)
                .isEqualTo(NOW);
        assertThat(store.revokeAll(NOW)).isZero();
        assertThat(store.insert(provider("reg_4", identity("s"), "user_1"), NOW))
                .isTrue();
    }

    @Test
    @DisplayName("T64: lets no replace in flight undo a revocation of all")
    void revocationOfAllBeatsAReplaceInFlight() {
        Registration read = withCode("reg_1");
        store.insert(read, NOW);

        store.revokeAll(NOW);

        assertThat(store.replace(read, next(read.claim("user_1", NOW)))).isEmpty();
        assertThat(store.findById("reg_1")).get().satisfies(registration -> {
            assertThat(registration.revokedAt()).isEqualTo(NOW);
            assertThat(registration.userId()).isNull();
        });
    }

    @Test
    @DisplayName("T64: leaves nothing unrevoked that 64 threads were changing meanwhile")
    void revocationOfAllBeatsARaceOfReplaces() {
        for (int i = 0; i < Race.THREADS; i++) {
            store.insert(anonymous("reg_" + i), NOW);
        }

        Race.runEach(number -> () -> {
            if (number == 0) {
                return store.revokeAll(NOW) == Race.THREADS;
            }
            for (int i = 0; i < 50; i++) {
                Registration current = store.findById("reg_" + number).orElseThrow();
                store.replace(current, current.raiseEpoch());
            }
            return true;
        });

        for (int i = 0; i < Race.THREADS; i++) {
            assertThat(store.findById("reg_" + i))
                    .get()
                    .extracting(Registration::revokedAt)
                    .isEqualTo(NOW);
        }
    }

    // purge

    @Test
    @DisplayName("purges what nobody claimed exactly at its bound, and returns it")
    void purgesUnclaimedOnes() {
        store.insert(pending("reg_1"), NOW);

        assertThat(store.purge(CLAIM_EXPIRES.minus(TICK), ALWAYS, 10)).isEmpty();
        assertThat(store.findById("reg_1")).isPresent();
        assertThat(store.purge(CLAIM_EXPIRES, NEVER, 10)).containsExactly(pending("reg_1"));
        assertThat(store.findById("reg_1")).isEmpty();
    }

    @Test
    @DisplayName("purges claimed and revoked ones exactly at theirs")
    void purgesSettledOnes() {
        Registration presented = provider("reg_1", identity("s"), "user_1").presented(NOW.plusSeconds(60));
        Registration revoked = anonymous("reg_2").revoke(NOW.plusSeconds(30));
        Registration claimed = claimed("reg_3", "user_1");
        for (Registration registration : List.of(presented, revoked, claimed)) {
            store.insert(registration, NOW);
        }

        assertThat(store.purge(ALWAYS, NOW.minus(TICK), 10)).isEmpty();
        assertThat(store.purge(NEVER, NOW, 10)).containsExactly(claimed);
        assertThat(store.purge(NEVER, NOW.plusSeconds(30).minus(TICK), 10)).isEmpty();
        assertThat(store.purge(NEVER, NOW.plusSeconds(30), 10)).containsExactly(revoked);
        assertThat(store.purge(NEVER, NOW.plusSeconds(60).minus(TICK), 10)).isEmpty();
        assertThat(store.purge(NEVER, NOW.plusSeconds(60), 10)).containsExactly(presented);
    }

    @Test
    @DisplayName("goes by what a registration has become, not by what it was")
    void purgeGoesByTheNewestValue() {
        Registration code = withCode("reg_1");
        store.insert(code, NOW);
        store.replace(code, next(code.claim("user_1", NOW.plusSeconds(60))));
        Registration unclaimed = anonymous("reg_2");
        store.insert(unclaimed, NOW);
        store.replace(unclaimed, unclaimed.revoke(NOW.plusSeconds(60)));

        assertThat(store.purge(ALWAYS, NOW.plusSeconds(60).minus(TICK), 10)).isEmpty();
        assertThat(store.purge(NEVER, NOW.plusSeconds(60), 10))
                .extracting(Registration::id)
                .containsExactlyInAnyOrder("reg_1", "reg_2");
    }

    @Test
    @DisplayName("forgets a purged registration under every key and frees its identity")
    void purgedIsGone() {
        store.insert(stepUp("reg_1", identity("s"), "user_1"), NOW);

        assertThat(store.purge(ALWAYS, ALWAYS, 10)).hasSize(1);

        assertThat(store.findById("reg_1")).isEmpty();
        assertThat(store.findByClaimToken(claimToken("reg_1"))).isEmpty();
        assertThat(store.findByAttemptToken(attemptToken("reg_1"))).isEmpty();
        assertThat(store.findByUser("user_1")).isEmpty();
        assertThat(store.findByProvider(subject(null, "s"))).isEmpty();
        assertThat(store.replace(stepUp("reg_1", identity("s"), "user_1"), stepUp("reg_1", identity("s"), "user_1")))
                .isEmpty();
        assertThat(store.insert(stepUp("reg_2", identity("s"), "user_1"), NOW)).isTrue();
    }

    @Test
    @DisplayName("purges no more than the limit at once, and fewer only if nothing is left")
    void purgesInBatches() {
        for (int i = 0; i < 25; i++) {
            store.insert(anonymous("reg_" + i), NOW);
        }
        store.insert(claimed("reg_kept", "user_1"), NOW);

        assertThat(store.purge(CLAIM_EXPIRES, NEVER, 10)).hasSize(10);
        assertThat(store.purge(CLAIM_EXPIRES, NEVER, 10)).hasSize(10);
        assertThat(store.purge(CLAIM_EXPIRES, NEVER, 10)).hasSize(5);
        assertThat(store.purge(CLAIM_EXPIRES, NEVER, 10)).isEmpty();
        assertThat(store.findById("reg_kept")).isPresent();
    }

    @Test
    @DisplayName("returns each purged registration from exactly one of 64 concurrent calls")
    void purgesEachOnce() {
        for (int i = 0; i < 1000; i++) {
            store.insert(anonymous("reg_" + i), NOW);
        }

        List<String> purged = Collections.synchronizedList(new ArrayList<>());
        Race.run(() -> {
            List<Registration> batch;
            do {
                batch = store.purge(CLAIM_EXPIRES, NEVER, 10);
                batch.forEach(registration -> purged.add(registration.id()));
            } while (batch.size() == 10);
            return true;
        });
        store.purge(CLAIM_EXPIRES, NEVER, 1000).forEach(registration -> purged.add(registration.id()));

        assertThat(purged).hasSize(1000).doesNotHaveDuplicates();
    }

    @Test
    @DisplayName("leaves alone what somebody claims at the same moment, or it is gone: never both")
    void purgeAndClaimDoNotBothHappen() {
        for (int round = 0; round < 30; round++) {
            List<Registration> codes = new ArrayList<>();
            for (int i = 0; i < 20 * Race.THREADS; i++) {
                Registration code = withCode("reg_" + round + "_" + i);
                store.insert(code, NOW);
                codes.add(code);
            }
            Set<String> purged = ConcurrentHashMap.newKeySet();
            Set<String> claimed = ConcurrentHashMap.newKeySet();

            Race.runEach(number -> () -> {
                for (int i = number; i < codes.size(); i += Race.THREADS) {
                    Registration code = codes.get(i);
                    if (number % 2 == 0) {
                        store.purge(CLAIM_EXPIRES, NEVER, 5).forEach(registration -> purged.add(registration.id()));
                    } else if (store.replace(code, next(code.claim("user_1", NOW)))
                            .isPresent()) {
                        claimed.add(code.id());
                    }
                }
                return true;
            });

            assertThat(claimed).isNotEmpty();
            assertThat(purged).isNotEmpty().doesNotContainAnyElementsOf(claimed);
            assertThat(claimed).allSatisfy(id -> assertThat(store.findById(id)).isPresent());
            assertThat(purged).allSatisfy(id -> assertThat(store.findById(id)).isEmpty());
        }
    }

    private static Registration created(Registration registration, int seconds) {
        return new Registration(
                registration.id(),
                registration.kind(),
                NOW.minusSeconds(1000).plusSeconds(seconds),
                registration.version(),
                registration.epoch(),
                registration.userId(),
                registration.claimedAt(),
                registration.claim(),
                registration.provider(),
                registration.stepUpUserId(),
                registration.revokedAt());
    }

    /** An anonymous registration that carries a provider identity beside the one of kind provider. */
    private static Registration carrying(String id, ProviderIdentity identity) {
        Registration anonymous = claimed(id, "user_1");
        return new Registration(
                id,
                RegistrationKind.ANONYMOUS,
                NOW,
                0,
                0,
                anonymous.userId(),
                anonymous.claimedAt(),
                anonymous.claim(),
                ProviderLink.of(identity, NOW),
                null,
                null);
    }
}
