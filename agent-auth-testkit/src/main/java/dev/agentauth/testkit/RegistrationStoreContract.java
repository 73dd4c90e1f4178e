package dev.agentauth.testkit;

import static dev.agentauth.testkit.TestRegistrations.ALICE;
import static dev.agentauth.testkit.TestRegistrations.CLAIM_EXPIRES;
import static dev.agentauth.testkit.TestRegistrations.NOW;
import static dev.agentauth.testkit.TestRegistrations.REFRESH_EXPIRES;
import static dev.agentauth.testkit.TestRegistrations.anonymous;
import static dev.agentauth.testkit.TestRegistrations.attempt;
import static dev.agentauth.testkit.TestRegistrations.attemptToken;
import static dev.agentauth.testkit.TestRegistrations.claimToken;
import static dev.agentauth.testkit.TestRegistrations.claimed;
import static dev.agentauth.testkit.TestRegistrations.codeFor;
import static dev.agentauth.testkit.TestRegistrations.email;
import static dev.agentauth.testkit.TestRegistrations.guessedWrong;
import static dev.agentauth.testkit.TestRegistrations.identity;
import static dev.agentauth.testkit.TestRegistrations.next;
import static dev.agentauth.testkit.TestRegistrations.owned;
import static dev.agentauth.testkit.TestRegistrations.ownedByTyping;
import static dev.agentauth.testkit.TestRegistrations.pending;
import static dev.agentauth.testkit.TestRegistrations.provider;
import static dev.agentauth.testkit.TestRegistrations.refreshFamily;
import static dev.agentauth.testkit.TestRegistrations.refreshToken;
import static dev.agentauth.testkit.TestRegistrations.refreshable;
import static dev.agentauth.testkit.TestRegistrations.refreshed;
import static dev.agentauth.testkit.TestRegistrations.revealed;
import static dev.agentauth.testkit.TestRegistrations.stepUp;
import static dev.agentauth.testkit.TestRegistrations.withCode;
import static dev.agentauth.testkit.TestRegistrations.withTyped;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.SecretHash;
import dev.agentauth.registration.Asked;
import dev.agentauth.registration.Attempt;
import dev.agentauth.registration.Claim;
import dev.agentauth.registration.Completion;
import dev.agentauth.registration.Delivery;
import dev.agentauth.registration.End;
import dev.agentauth.registration.EndReason;
import dev.agentauth.registration.OneTimeCode;
import dev.agentauth.registration.Ownership;
import dev.agentauth.registration.PollPace;
import dev.agentauth.registration.ProviderIdentity;
import dev.agentauth.registration.ProviderLink;
import dev.agentauth.registration.Refresh;
import dev.agentauth.registration.RefreshFamily;
import dev.agentauth.registration.Registration;
import dev.agentauth.registration.RegistrationKind;
import dev.agentauth.registration.TypedCode;
import dev.agentauth.registration.Way;
import dev.agentauth.spi.PortUnavailableException;
import dev.agentauth.spi.RegistrationStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What every {@link RegistrationStore} owes, each sentence of its Javadoc.
 *
 * @since 0.2.0
 */
@DisplayName("A registration store")
public abstract class RegistrationStoreContract extends PortContract {
    private static final Instant LAST_YEAR = Instant.parse("9999-12-31T23:59:59.999999Z");
    private static final Instant NEVER = NOW.minus(Duration.ofDays(1000));
    private static final Instant ALWAYS = NOW.plus(Duration.ofDays(1000));

    private RegistrationStore store;

    /** For subclasses. */
    protected RegistrationStoreContract() {}

    /**
     * A store to test. Asked for once a test; may be the same each time.
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
        assertThat(store.findByProvider(identity("tenant", "s"))).containsExactly(stepUp);
        assertThat(store.findByProviderInAnyTenant(identity("s"))).containsExactly(stepUp);
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
        assertThat(store.findByProvider(identity("tenant", "S"))).isEmpty();
    }

    @Test
    @DisplayName("keeps every fact exactly")
    void keepsEveryFact() {
        Registration revoked = claimed("reg_revoked", "user_1").raiseEpoch().revoke(EndReason.OPERATOR, NOW);
        Registration notMailed = pending("reg_pending");
        Registration mailed = notMailed.mailed("cla_reg_pending", Delivery.ACCEPTED);
        List<Registration> full = full("reg_full", NOW.plusNanos(123_456_000));
        Registration refreshable = refreshable("reg_fresh", "user_1");
        Registration refreshed = refreshed(refreshable, "first", "second", NOW);
        for (Registration registration : List.of(revoked, notMailed, withCode("reg_code"), refreshable)) {
            store.insert(registration, NOW);
        }
        full.forEach(registration -> store.insert(registration, NOW));

        assertThat(store.replace(notMailed, mailed)).contains(mailed.withVersion(1));
        assertThat(store.findById("reg_pending")).contains(mailed.withVersion(1));
        assertThat(store.findById("reg_fresh")).contains(refreshable);
        assertThat(store.replace(refreshable, refreshed)).contains(refreshed.withVersion(1));
        assertThat(store.findById("reg_fresh")).contains(refreshed.withVersion(1));
        assertThat(store.findById("reg_revoked")).contains(revoked);
        assertThat(store.findById("reg_code")).contains(withCode("reg_code"));
        assertThat(full)
                .allSatisfy(registration ->
                        assertThat(store.findById(registration.id())).contains(registration));
    }

    @Test
    @DisplayName("keeps every instant to the microsecond, from the year 1970 to the year 9998")
    void keepsInstants() {
        for (Instant instant : List.of(EARLY, NOW.plusNanos(999_999_000), FAR.minusSeconds(1))) {
            for (Registration full : full("reg_" + instant.getEpochSecond(), instant)) {
                store.insert(full, NOW);

                assertThat(store.findById(full.id())).contains(full);
            }
        }
    }

    @Test
    @DisplayName("keeps counters beyond 32 bits, all recipients and all refusals")
    void keepsCountersAndRefusals() {
        Registration first = anonymous("reg_1");
        Set<SecretHash> recipients = IntStream.range(0, 5)
                .mapToObj(i -> SecretHash.of("recipient " + i))
                .collect(Collectors.toSet());
        Set<SecretHash> refusals = IntStream.range(0, 20)
                .mapToObj(i -> SecretHash.of("refusal " + i))
                .collect(Collectors.toSet());
        Registration refused = new Registration(
                "reg_1",
                RegistrationKind.ANONYMOUS,
                NOW,
                0,
                Long.MAX_VALUE - 1,
                null,
                new Claim(claimToken("reg_1"), CLAIM_EXPIRES, null, 19, recipients, refusals),
                null,
                null,
                null);
        store.insert(first, NOW);

        assertThat(store.replace(first, refused)).contains(refused.withVersion(1));
        assertThat(store.findById("reg_1")).contains(refused.withVersion(1));
    }

    @Test
    @DisplayName(
            "keeps users and recipients of 255 characters exactly: case, blanks, Unicode forms, the last character")
    void keepsUsersAndRecipientsExactly() {
        List<String> different = lookalikes(255);
        for (int i = 0; i < different.size(); i++) {
            store.insert(ownedBy("reg_" + i, different.get(i), different.get(i)), NOW);
        }
        for (int i = 0; i < different.size(); i++) {
            assertThat(store.findByUser(different.get(i)))
                    .as(different.get(i))
                    .containsExactly(ownedBy("reg_" + i, different.get(i), different.get(i)));
        }
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
        assertThat(store.findByProviderInAnyTenant(identity("s"))).containsExactly(first);
    }

    @Test
    @DisplayName("compares all parts of an identity exactly: case, blanks, Unicode forms, the 1,000th character")
    void comparesIdentitiesExactly() {
        List<ProviderIdentity> different = new ArrayList<>(List.of(identity("", "sub")));
        for (String text : lookalikes(1000)) {
            different.add(new ProviderIdentity(text, "tenant", "sub", "aud"));
            different.add(new ProviderIdentity("iss", text, "sub", "aud"));
            different.add(new ProviderIdentity("iss", "tenant", text, "aud"));
            different.add(new ProviderIdentity("iss", "tenant", "sub", text));
        }
        for (int i = 0; i < different.size(); i++) {
            assertThat(store.insert(provider("reg_" + i, different.get(i), "user"), NOW))
                    .as("%s", different.get(i))
                    .isTrue();
        }
        for (int i = 0; i < different.size(); i++) {
            ProviderIdentity identity = different.get(i);
            assertThat(store.insert(provider("again_" + i, identity, "user"), NOW))
                    .as("%s again", identity)
                    .isFalse();
            assertThat(store.findByProvider(identity))
                    .as("by %s", identity)
                    .containsExactly(provider("reg_" + i, identity, "user"));
        }
    }

    @Test
    @DisplayName("keeps the identity without a tenant apart from that of a tenant without a name")
    void keepsNoTenantApart() {
        assertThat(store.insert(provider("reg_1", identity(null, "s"), "user"), NOW))
                .isTrue();
        assertThat(store.insert(provider("reg_2", identity("", "s"), "user"), NOW))
                .isTrue();
        assertThat(store.insert(provider("reg_3", identity(null, "s"), "user"), NOW))
                .isFalse();
        assertThat(store.findByProvider(identity("", "s")))
                .containsExactly(provider("reg_2", identity("", "s"), "user"));
        assertThat(store.findByProvider(identity(null, "s")))
                .containsExactly(provider("reg_1", identity(null, "s"), "user"));
    }

    @Test
    @DisplayName("lets registrations of other kinds carry the same identity beside a live one")
    void otherKindsMayCarryTheIdentity() {
        store.insert(provider("reg_1", identity("s"), "user_1"), NOW);
        Registration anonymous = carrying("reg_2", identity("s"));

        assertThat(store.insert(anonymous, NOW)).isTrue();
        assertThat(store.insert(carrying("reg_3", identity("s")), NOW)).isTrue();
        assertThat(store.findByProviderInAnyTenant(identity("s"))).hasSize(3).contains(anonymous);
        assertThat(store.insert(provider("reg_4", identity("s"), "user_1"), NOW))
                .as("still one of kind provider")
                .isFalse();
    }

    @Test
    @DisplayName("finds by identity and subject what came to carry it later, beside the one of kind provider")
    void identityThatComesLater() {
        store.insert(provider("reg_1", identity("t", "s"), "user_1"), NOW);
        Registration anonymous = anonymous("reg_2");
        store.insert(anonymous, NOW);
        Registration carrying = new Registration(
                anonymous.id(),
                anonymous.kind(),
                anonymous.createdAt(),
                anonymous.version(),
                1,
                new Ownership("user_1", NOW),
                anonymous.claim(),
                ProviderLink.of(identity("t", "s"), NOW),
                null,
                null);

        Registration stored = store.replace(anonymous, carrying).orElseThrow();

        assertThat(store.findByProvider(identity("t", "s"))).hasSize(2).contains(stored);
        assertThat(store.findByProviderInAnyTenant(identity("s"))).hasSize(2).contains(stored);
        assertThat(store.findByUser("user_1")).hasSize(2).contains(stored);
        assertThat(store.findByClaimToken(
                        Objects.requireNonNull(anonymous.claim()).tokenHash()))
                .contains(stored);
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
        store.replace(first, first.revoke(EndReason.OPERATOR, NOW));
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
        assertThat(store.findByProviderInAnyTenant(identity("s")))
                .extracting(Registration::id)
                .containsExactlyInAnyOrder("reg_1", "reg_2");
    }

    @Test
    @DisplayName("never frees the identity of a claimed registration by time")
    void claimedOnesDoNotExpire() {
        Registration stepUp = stepUp("reg_1", identity("s"), "user_1");
        store.insert(stepUp, NOW);
        store.replace(stepUp, owned(TestRegistrations.revealed(stepUp), "user_1", NOW));

        assertThat(store.insert(provider("reg_2", identity("s"), "user_1"), ALWAYS))
                .isFalse();
    }

    @Test
    @DisplayName("lets exactly one of 64 concurrent inserts for one identity through")
    void oneOfManyInserts() {
        for (int round = 0; round < 3; round++) {
            ProviderIdentity identity = identity("s" + round);
            String prefix = "reg_" + round + "_";
            AtomicInteger ids = new AtomicInteger();

            List<Boolean> inserted =
                    Race.run(() -> store.insert(provider(prefix + ids.incrementAndGet(), identity, "user_1"), NOW));

            assertThat(inserted).filteredOn(won -> won).hasSize(1);
            assertThat(store.findByProviderInAnyTenant(identity("s" + round))).hasSize(1);
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
        assertThat(store.findByProviderInAnyTenant(identity("s"))).hasSize(2);
    }

    // an identity that was given away

    @Test
    @DisplayName(
            "raises the version of the expired registration whose identity it gives away, and changes nothing else")
    void givingAwayRaisesTheVersion() {
        Registration old = stepUp("reg_old", identity("s"), "user_1");
        store.insert(old, NOW);
        Registration other = provider("reg_new", identity("s"), "user_1");

        store.insert(other, CLAIM_EXPIRES);

        assertFoundByEveryKey(old.withVersion(1));
        assertFoundByEveryKey(other);
    }

    @Test
    @DisplayName("refuses a claim in flight of an expired registration whose identity was given away meanwhile")
    void givingAwayBeatsAReplaceInFlight() {
        Registration old = claimableToTheEnd("reg_old", identity("s"));
        store.insert(old, NOW);
        store.insert(provider("reg_new", identity("s"), "user_1"), CLAIM_EXPIRES);

        assertThat(store.replace(old, claimedAtTheEnd(old))).isEmpty();
        assertThat(store.replace(old, old.raiseEpoch())).as("stale is stale").isEmpty();
        assertFoundByEveryKey(old.withVersion(1));
    }

    @Test
    @DisplayName("refuses an owner for one whose identity was given away, even to a replica that read it afterwards")
    void givenAwayStaysGivenAway() {
        store.insert(claimableToTheEnd("reg_old", identity("s")), NOW);
        Registration other = provider("reg_new", identity("s"), "user_1");
        store.insert(other, CLAIM_EXPIRES);
        Registration old = store.findById("reg_old").orElseThrow();

        assertThat(store.replace(old, claimedAtTheEnd(old))).isEmpty();
        assertFoundByEveryKey(old);
        assertFoundByEveryKey(other);
    }

    @Test
    @DisplayName("lets one whose identity was given away change in any other way, but have no owner")
    void givenAwayCanChange() {
        store.insert(claimableToTheEnd("reg_old", identity("s")), NOW);
        store.insert(provider("reg_new", identity("s"), "user_1"), CLAIM_EXPIRES);

        Registration raised = replaced("reg_old", Registration::raiseEpoch);
        assertFoundByEveryKey(raised);
        assertThat(store.replace(raised, claimedAtTheEnd(raised))).isEmpty();
        assertThat(store.insert(provider("reg_3", identity("s"), "user_1"), CLAIM_EXPIRES))
                .as("the identity is still the other one's")
                .isFalse();
        assertFoundByEveryKey(
                replaced("reg_old", registration -> registration.revoke(EndReason.OPERATOR, CLAIM_EXPIRES)));
        assertThat(store.insert(provider("reg_3", identity("s"), "user_1"), CLAIM_EXPIRES))
                .as("nor does its revocation free it")
                .isFalse();
        replaced("reg_new", registration -> registration.revoke(EndReason.OPERATOR, CLAIM_EXPIRES));
        assertThat(store.insert(provider("reg_3", identity("s"), "user_1"), CLAIM_EXPIRES))
                .isTrue();
    }

    @Test
    @DisplayName("keeps the identity with its new holder when the expired one is purged")
    void purgingTheExpiredOneFreesNothing() {
        store.insert(stepUp("reg_old", identity("s"), "user_1"), NOW);
        store.insert(provider("reg_new", identity("s"), "user_1"), CLAIM_EXPIRES);

        assertThat(store.purge(CLAIM_EXPIRES, NEVER, 10))
                .containsExactly(stepUp("reg_old", identity("s"), "user_1").withVersion(1));
        assertThat(store.insert(provider("reg_3", identity("s"), "user_1"), ALWAYS))
                .isFalse();
    }

    @Test
    @DisplayName("never has two live ones when 32 threads claim the old one while 32 insert at its expiry")
    void claimAndGivingAwayDoNotBothHappen() {
        for (int round = 0; round < 5; round++) {
            ProviderIdentity identity = identity("s" + round);
            String prefix = "reg_" + round + "_";
            Registration old = claimableToTheEnd(prefix + "old", identity);
            store.insert(old, NOW);

            List<Boolean> won = Race.runEach(number -> () -> number % 2 == 0
                    ? store.replace(old, claimedAtTheEnd(old)).isPresent()
                    : store.insert(provider(prefix + number, identity, "user_1"), CLAIM_EXPIRES));

            assertThat(won).filteredOn(winner -> winner).hasSize(1);
            assertThat(store.findByProvider(identity))
                    .filteredOn(registration -> registration.isLive(CLAIM_EXPIRES))
                    .hasSize(1);
        }
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
        Registration first = stepUp("reg_1", identity("s"), "user_1");
        store.insert(first, NOW);
        Registration second = store.replace(first, first.raiseEpoch()).orElseThrow();

        assertThat(store.replace(first, first.revoke(EndReason.OPERATOR, NOW))).isEmpty();
        assertThat(store.replace(first, renewed(first, "new"))).isEmpty();
        assertThat(store.replace(first.withVersion(2), first.revoke(EndReason.OPERATOR, NOW)))
                .isEmpty();

        assertFoundByEveryKey(second);
        assertThat(store.findByClaimToken(claimToken("new"))).isEmpty();
        assertThat(store.findByAttemptToken(attemptToken("new"))).isEmpty();
    }

    @Test
    @DisplayName("changes nothing for a registration that is not there")
    void refusesUnknownRegistrations() {
        Registration unknown = pending("reg_1");

        assertThat(store.replace(unknown, unknown.raiseEpoch())).isEmpty();
        assertFoundByNoKey(unknown);
    }

    @Test
    @DisplayName("goes by the version alone, not by what else the caller believes to be stored")
    void goesByTheVersion() {
        Registration first = anonymous("reg_1");
        store.insert(first, NOW);

        assertThat(store.replace(first.raiseEpoch(), first.revoke(EndReason.OPERATOR, NOW)))
                .isPresent();
    }

    @Test
    @DisplayName("lets exactly one of 64 concurrent replaces of one version through")
    void oneOfManyReplaces() {
        for (int round = 0; round < 3; round++) {
            Registration first = anonymous("reg_" + round);
            store.insert(first, NOW);

            List<Optional<Registration>> replaced = Race.run(() -> store.replace(first, first.raiseEpoch()));

            assertThat(replaced).filteredOn(Optional::isPresent).hasSize(1);
            assertThat(store.findById("reg_" + round))
                    .contains(first.raiseEpoch().withVersion(1));
        }
    }

    @Test
    @DisplayName(
            "T77: lets exactly one of 64 concurrent owners through who type a code or have one read back, and keeps"
                    + " how")
    void typingRacesReadingBack() {
        for (int round = 0; round < 3; round++) {
            Registration both = revealed(withTyped("reg_" + round));
            store.insert(both, NOW);
            List<Registration> owned = List.of(owned(both, "user_1", NOW), ownedByTyping(both, "user_2", NOW));

            List<Optional<Registration>> replaced =
                    Race.runEach(number -> () -> store.replace(both, owned.get(number % 2)));

            assertThat(replaced).filteredOn(Optional::isPresent).hasSize(1);
            assertThat(owned.stream().map(owner -> owner.withVersion(1)))
                    .contains(store.findById("reg_" + round).orElseThrow());
        }
    }

    @Test
    @DisplayName("loses no update of 64 threads that read, change and replace until it holds")
    void losesNoUpdate() {
        store.insert(anonymous("reg_1"), NOW);

        Race.run(() -> {
            for (int i = 0; i < 3; i++) {
                raiseEpochUntilItHolds("reg_1");
            }
            return true;
        });

        assertThat(store.findById("reg_1")).get().satisfies(registration -> {
            assertThat(registration.epoch()).isEqualTo(3L * Race.THREADS);
            assertThat(registration.version()).isEqualTo(3L * Race.THREADS);
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
        Registration second = store.replace(first, next(first.startAttempt(attempt("new"), NOW)))
                .orElseThrow();

        assertThat(store.findByAttemptToken(attemptToken("reg_1"))).isEmpty();
        assertThat(store.findByAttemptToken(attemptToken("new"))).contains(second);
    }

    @Test
    @DisplayName("finds by the owner once somebody owns it")
    void followsTheOwner() {
        Registration first = withCode("reg_1");
        store.insert(first, NOW);
        assertThat(store.findByUser("user_1")).isEmpty();

        Registration second = store.replace(first, owned(first, "user_1", NOW)).orElseThrow();

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
        assertThat(store.findByProviderInAnyTenant(identity("s"))).isEmpty();
        assertThat(store.findByClaimToken(claimToken("reg_1"))).isEmpty();
        assertThat(store.findByAttemptToken(attemptToken("reg_1"))).isEmpty();
    }

    @Test
    @DisplayName(
            "finds all that a user owns and every step-up that waits for the user, whatever the status, oldest first")
    void findsByUserOldestFirst() {
        Registration middle = created(provider("reg_a", identity("a"), "user_1"), 20);
        Registration newest = created(claimed("reg_b", "user_1").revoke(EndReason.OPERATOR, NOW), 30);
        Registration oldest = created(stepUp("reg_c", identity("c"), "user_1"), 10);
        for (Registration registration : List.of(middle, newest, oldest, email("reg_d"))) {
            store.insert(registration, NOW);
        }

        assertThat(store.findByUser("user_1")).containsExactly(oldest, middle, newest);
    }

    @Test
    @DisplayName("finds by the recipient what waits for that address, expired ones too, oldest first, and nothing else")
    void findsUnclaimedByRecipient() {
        Registration waiting = created(pending("reg_a"), 20);
        String address = TestRegistrations.ALICE;
        Registration older = created(withCode("reg_b"), 10);
        Registration revoked = pending("reg_c").revoke(EndReason.OPERATOR, NOW);
        Registration unasked = anonymous("reg_d");
        Registration stepUp = created(stepUp("reg_e", identity("s"), "user_1"), 30);
        for (Registration registration : List.of(waiting, older, revoked, unasked, stepUp)) {
            store.insert(registration, NOW);
        }
        List<Registration> expected = List.of(older, waiting, stepUp);

        assertThat(store.findUnclaimedByRecipient(address)).containsExactlyElementsOf(expected);
        assertThat(store.findUnclaimedByRecipient(address.toUpperCase(Locale.ROOT)))
                .isEmpty();
        assertThat(store.findUnclaimedByRecipient(address + " ")).isEmpty();
        assertThat(store.findUnclaimedByRecipient("")).isEmpty();

        assertThat(store.replace(older, owned(older, "user_1", NOW))).isPresent();
        assertThat(store.replace(waiting, waiting.erase(NOW))).isPresent();
        assertThat(store.findUnclaimedByRecipient(address))
                .doesNotContain(older)
                .allMatch(left -> left.id().equals("reg_e"));
        store.revokeAll(NOW);
        assertThat(store.findUnclaimedByRecipient(address)).isEmpty();
    }

    @Test
    @DisplayName(
            "lists what was made before an instant, newest first, so that pages miss nothing and show nothing twice")
    void findsMadeBefore() {
        Set<Registration> stored = new HashSet<>();
        for (int i = 0; i < 9; i++) {
            // Three of one instant each.
            Registration registration = created(i % 2 == 0 ? claimed("reg_" + i, "user_1") : email("reg_" + i), i / 3);
            store.insert(registration, NOW);
            stored.add(registration);
        }
        Registration revoked = created(claimed("reg_x", "user_2").revoke(EndReason.OPERATOR, NOW), 5);
        store.insert(revoked, NOW);
        stored.add(revoked);

        List<Registration> all = store.findMadeBefore(LAST_YEAR, "", 11);

        assertThat(all).containsExactlyInAnyOrderElementsOf(stored).first().isEqualTo(revoked);
        assertThat(all)
                .isSortedAccordingTo(
                        Comparator.comparing(Registration::createdAt).reversed());
        assertThat(store.findMadeBefore(revoked.createdAt(), "", 11)).isEqualTo(all.subList(1, 10));
        assertThat(store.findMadeBefore(all.get(9).createdAt(), "", 1)).isEmpty();
        for (int length = 1; length <= 10; length++) {
            List<Registration> turned = new ArrayList<>();
            List<Registration> page = store.findMadeBefore(LAST_YEAR, "", length);
            while (!page.isEmpty()) {
                assertThat(page).hasSizeLessThanOrEqualTo(length);
                turned.addAll(page);
                assertThat(turned).doesNotHaveDuplicates();
                Registration last = page.get(page.size() - 1);
                page = store.findMadeBefore(last.createdAt(), last.id(), length);
            }
            assertThat(turned).as("pages of %s", length).isEqualTo(all);
        }
    }

    @Test
    @DisplayName("finds by a provider's identity, and by its subject: every tenant's identity and the one without")
    void findsByProvider() {
        Registration none = created(provider("reg_none", identity(null, "s"), "user_1"), 30);
        Registration one = created(provider("reg_one", identity("t1", "s"), "user_1"), 20);
        Registration two = created(provider("reg_two", identity("t2", "s"), "user_2"), 10);
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

        assertThat(store.findByProviderInAnyTenant(identity("s"))).containsExactly(two, one, none, otherKind);
        assertThat(store.findByProviderInAnyTenant(identity("t1", "s")))
                .as("whatever tenant is named")
                .containsExactly(two, one, none, otherKind);
        assertThat(store.findByProvider(identity(null, "s"))).containsExactly(none);
        assertThat(store.findByProvider(identity("t1", "s"))).containsExactly(one, otherKind);
        assertThat(store.findByProvider(identity("t2", "s"))).containsExactly(two);
        assertThat(store.findByProvider(identity("T1", "s"))).isEmpty();
        assertThat(store.findByProvider(identity("", "s"))).isEmpty();
        assertThat(store.findByProviderInAnyTenant(
                        new ProviderIdentity("https://other.example.net", null, "s", "https://auth.example.com")))
                .containsExactly(otherIssuer);
    }

    @Test
    @DisplayName("shows every kind of write by every key, also to whoever has looked before")
    void showsEveryKindOfWrite() {
        Registration first = claimableToTheEnd("reg_1", identity("t", "s"));
        store.insert(first, NOW);
        assertFoundByEveryKey(first);

        assertFoundByEveryKey(replaced("reg_1", Registration::raiseEpoch));
        assertFoundByEveryKey(replaced("reg_1", registration -> registration.presented(NOW.plusSeconds(1))));
        assertFoundByEveryKey(replaced("reg_1", registration -> guessedWrong(registration, NOW)));
        assertFoundByEveryKey(replaced("reg_1", RegistrationStoreContract::claimedAtTheEnd));
        revokeAll(NOW.plusSeconds(2));
        Registration revoked = store.findById("reg_1").orElseThrow();
        assertThat(revoked.revokedAt()).isEqualTo(NOW.plusSeconds(2));
        assertFoundByEveryKey(revoked);

        store.purge(NEVER, NOW.plusSeconds(2), 10);
        assertFoundByNoKey(revoked);
    }

    @Test
    @DisplayName("does not find by provider what is revoked, one by one or all at once; expired ones it does")
    void findsNoRevokedOnesByProvider() {
        for (int i = 0; i < 3; i++) {
            store.insert(provider("reg_" + i, identity("s"), "user_1"), NOW);
            replaced("reg_" + i, registration -> registration.revoke(EndReason.PROVIDER, NOW));
        }
        assertThat(store.insert(provider("reg_born", identity("s"), "user_1").revoke(EndReason.PROVIDER, NOW), NOW))
                .isTrue();
        assertThat(store.findByProvider(identity("s"))).isEmpty();
        assertThat(store.findByProviderInAnyTenant(identity("s"))).isEmpty();

        Registration expired = stepUp("reg_expired", identity("s"), "user_1");
        store.insert(expired, NOW);
        store.insert(provider("reg_live", identity("s"), "user_1"), CLAIM_EXPIRES);
        assertThat(store.findByProvider(identity("s")))
                .extracting(Registration::id)
                .containsExactlyInAnyOrder("reg_expired", "reg_live");

        store.revokeAll(CLAIM_EXPIRES);

        assertThat(store.findByProvider(identity("s"))).isEmpty();
        assertThat(store.findByProviderInAnyTenant(identity("s"))).isEmpty();
        assertThat(store.findById("reg_live")).isPresent();
    }

    @Test
    @DisplayName("does not mind what a caller does to a list that it was handed")
    void isNotChangedThroughLists() {
        Registration kept = stepUp("reg_1", identity("s"), "user_1");
        store.insert(kept, NOW);
        store.insert(anonymous("reg_2"), NOW);

        tryToClear(store.findByUser("user_1"));
        tryToClear(store.findByProvider(identity("s")));
        tryToClear(store.findByProviderInAnyTenant(identity("s")));

        assertFoundByEveryKey(kept);
        assertThat(store.findById("reg_2")).isPresent();
    }

    @Test
    @DisplayName("hands out snapshots: a later write does not change what was found")
    void handsOutSnapshots() {
        Registration first = stepUp("reg_1", identity("s"), "user_1");
        store.insert(first, NOW);
        Registration byId = store.findById("reg_1").orElseThrow();
        List<Registration> byUser = store.findByUser("user_1");
        List<Registration> byProvider = store.findByProviderInAnyTenant(identity("s"));

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
            for (int i = 0; i < 5; i++) {
                String name = id + "_" + i;
                current = store.replace(current, renewed(current, name)).orElseThrow();
                assertThat(store.findById(id)).contains(current);
                assertThat(store.findByClaimToken(claimToken(name))).contains(current);
                assertThat(store.findByAttemptToken(attemptToken(name))).contains(current);
                assertThat(store.findByUser("user_shared")).contains(current);
                assertThat(store.findByProviderInAnyTenant(identity(id))).containsExactly(current);
            }
            return true;
        });

        assertThat(store.findByUser("user_shared")).hasSize(Race.THREADS);
    }

    @Test
    @DisplayName("finds a registration at every moment under the keys that it keeps, under none that it has lost")
    void neverLosesAKeyForAMoment() {
        store.insert(stepUp("reg_1", identity("s"), "user_1"), NOW);
        CountDownLatch reading = new CountDownLatch(7);
        AtomicBoolean writing = new AtomicBoolean(true);

        List<Callable<Boolean>> racers = new ArrayList<>(Collections.nCopies(7, () -> {
            do {
                reading.countDown();
                assertThat(store.findById("reg_1")).isPresent();
                assertThat(store.findByClaimToken(claimToken("reg_1"))).isPresent();
                assertThat(store.findByUser("user_1")).hasSize(1);
                assertThat(store.findByProviderInAnyTenant(identity("s"))).hasSize(1);
                store.findByAttemptToken(attemptToken("even"))
                        .ifPresent(found -> assertThat(found.claim())
                                .extracting(claim ->
                                        Objects.requireNonNull(claim.attempt()).tokenHash())
                                .isEqualTo(attemptToken("even")));
            } while (writing.get());
            return true;
        }));
        racers.add(() -> {
            try {
                reading.await();
                for (int i = 0; i < 100; i++) {
                    String name = i % 2 == 0 ? "even" : "odd";
                    replaced(
                            "reg_1",
                            current ->
                                    next(current.startAttempt(attempt(name, new Asked.OneUser("user_1", ALICE)), NOW)));
                }
            } finally {
                writing.set(false);
            }
            return true;
        });
        Race.run(racers);
    }

    // revokeAll

    @Test
    @DisplayName("revokes every registration that is not revoked, and says how many")
    void revokesAll() {
        Registration revokedBefore = anonymous("reg_1").revoke(EndReason.OPERATOR, NOW.minusSeconds(60));
        store.insert(revokedBefore, NOW);
        store.insert(email("reg_2"), NOW);
        store.insert(provider("reg_3", identity("s"), "user_1"), NOW);

        assertThat(revokeAll(NOW)).isEqualTo(2);
        assertThat(store.findById("reg_1")).contains(revokedBefore);
        assertThat(store.findById("reg_2"))
                .contains(email("reg_2").revoke(EndReason.OPERATOR, NOW).withVersion(1));
        assertThat(store.findById("reg_3"))
                .get()
                .extracting(Registration::revokedAt)
                .isEqualTo(NOW);
        assertThat(revokeAll(NOW)).isZero();
        assertThat(store.insert(provider("reg_4", identity("s"), "user_1"), NOW))
                .isTrue();
    }

    @Test
    @DisplayName("T64: lets no replace in flight undo a revocation of all")
    void revocationOfAllBeatsAReplaceInFlight() {
        Registration read = withCode("reg_1");
        store.insert(read, NOW);

        revokeAll(NOW);

        assertThat(store.replace(read, owned(read, "user_1", NOW))).isEmpty();
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
                return revokeAll(NOW) == Race.THREADS;
            }
            for (int i = 0; i < 10; i++) {
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

    @Test
    @DisplayName("revokes all at once, before it is written down: by whatever key they are read, they have ended")
    void f28_revocationOfAllTakesEffectAtOnce() {
        Registration stepUp = claimableToTheEnd("reg_1", identity("t", "s"));
        Registration owned = provider("reg_2", identity("s2"), "user_2");
        Registration mailed = pending("reg_3");
        Registration erased = provider("reg_4", identity("s4"), "user_4").erase(NOW.minusSeconds(60));
        List<Registration> all = List.of(stepUp, owned, mailed, erased);
        all.forEach(registration -> store.insert(registration, NOW));
        List<Registration> ended =
                all.stream().map(RegistrationStoreContract::endedByOperator).toList();

        int written = store.revokeAll(NOW);

        assertEnded(ended);
        while (written < 3) {
            int more = store.writeRevocations(1);
            assertThat(more).isEqualTo(1);
            written += more;
            assertEnded(ended);
        }
        assertThat(store.writeRevocations(10)).isZero();
        assertEnded(ended);
    }

    private void assertEnded(List<Registration> ended) {
        ended.forEach(this::assertFoundByEveryKey);
        assertThat(store.findUnclaimedByRecipient(ALICE)).isEmpty();
        assertThat(store.findMadeBefore(FAR, "", 10)).containsExactlyInAnyOrderElementsOf(ended);
    }

    private static Registration endedByOperator(Registration registration) {
        return registration.revokedAt() == null
                ? registration.revoke(EndReason.OPERATOR, NOW).withVersion(1)
                : registration;
    }

    @Test
    @DisplayName("leaves alone what is inserted after a revocation of all, also where that is still to be written down")
    void f28_revocationOfAllLeavesWhatComesAfterwards() {
        store.insert(provider("reg_1", identity("s"), "user_1"), NOW);
        store.insert(anonymous("reg_2"), NOW);
        int unused = store.revokeAll(NOW);

        Registration next = provider("reg_3", identity("s"), "user_1");
        assertThat(store.insert(next, NOW)).as("the identity is free").isTrue();
        assertThat(store.findById("reg_3")).contains(next);
        int written = writeRevocations();
        Registration changed = replaced("reg_3", Registration::raiseEpoch);
        assertThat(writeRevocations()).isZero();

        assertThat(written).isLessThanOrEqualTo(2);
        assertThat(store.findById("reg_3")).contains(changed);
        assertThat(store.insert(provider("reg_4", identity("s"), "user_1"), NOW))
                .isFalse();
        assertThat(store.findById("reg_1"))
                .get()
                .extracting(Registration::revokedAt)
                .isEqualTo(NOW);
    }

    @Test
    @DisplayName("T64: takes only changes of what was read after a revocation of all, and loses none of them")
    void f28_replacesWhatARevocationOfAllHasEnded() {
        Registration before = provider("reg_1", identity("s"), "user_1");
        store.insert(before, NOW);
        int unused = store.revokeAll(NOW);
        Registration read = store.findById("reg_1").orElseThrow();

        assertThat(store.replace(before, before.raiseEpoch())).isEmpty();
        assertThat(store.replace(before, before.revoke(EndReason.PERSON, NOW.plusSeconds(1))))
                .isEmpty();
        Registration erased =
                store.replace(read, read.erase(NOW.plusSeconds(1))).orElseThrow();
        assertThat(erased).isEqualTo(read.erase(NOW.plusSeconds(1)).withVersion(2));
        assertThat(store.replace(read, read.raiseEpoch())).isEmpty();
        int more = writeRevocations();

        assertThat(more).isZero();
        assertThat(store.findById("reg_1")).contains(erased);
    }

    @Test
    @DisplayName("purges nothing as unclaimed that a revocation of all has ended, and all of it as revoked")
    void f28_purgesWhatARevocationOfAllHasEnded() {
        store.insert(pending("reg_1"), NOW);
        store.insert(provider("reg_2", identity("s"), "user_1"), NOW);
        int unused = store.revokeAll(FAR.minusSeconds(1));

        assertThat(store.purge(FAR, FAR.minusSeconds(2), 10)).isEmpty();
        int written = writeRevocations();
        assertThat(store.purge(FAR, FAR.minusSeconds(2), 10)).isEmpty();
        assertThat(store.purge(NEVER, FAR.minusSeconds(1), 10))
                .as("written down: %s", written)
                .hasSize(2)
                .allMatch(registration -> registration.revokedAt() != null);
    }

    @Test
    @DisplayName("writes each revocation down in exactly one of 64 concurrent calls")
    void f28_writesEachRevocationOnce() {
        for (int i = 0; i < 200; i++) {
            store.insert(anonymous("reg_" + i), NOW);
        }

        int written = store.revokeAll(NOW);
        written += Race.run(this::writeRevocations).stream()
                .mapToInt(Integer::intValue)
                .sum();
        written += writeRevocations();

        assertThat(written).isEqualTo(200);
    }

    /** All that a mark says, as the library does it. */
    private int revokeAll(Instant now) {
        return store.revokeAll(now) + writeRevocations();
    }

    private int writeRevocations() {
        int all = 0;
        int written;
        do {
            written = store.writeRevocations(10);
            assertThat(written).isBetween(0, 10);
            all += written;
        } while (written > 0);
        return all;
    }

    // refresh tokens

    @Test
    @DisplayName(
            "T71: gives each of 16 concurrent uses of one refresh token a successor of its own, and keeps them all")
    void keepsEveryRefreshTokenThatIsOut() {
        store.insert(refreshable("reg_1", "user_1"), NOW);

        List<SecretHash> successors = Race.run(RefreshFamily.MAX_OUT, number -> {
            String successor = "successor " + number;
            Instant now = NOW.plusSeconds(number % 2 == 0 ? 60 : 0);
            untilItHolds("reg_1", current -> refreshed(current, "first", successor, now));
            return refreshToken(successor);
        });

        assertThat(familyOf("reg_1").out()).containsExactlyInAnyOrderElementsOf(successors);
    }

    @Test
    @DisplayName("T73: lets no use of a refresh token undo what ends it: not in flight, and not in a race")
    void refreshTokensEnd() {
        List<UnaryOperator<Registration>> ends = List.of(
                registration -> registration.revokeRefreshing(refreshFamily(registration.id()), NOW),
                Registration::raiseEpoch,
                registration -> registration.revoke(EndReason.OPERATOR, NOW),
                registration -> registration.erase(NOW));
        for (int i = 0; i < ends.size(); i++) {
            UnaryOperator<Registration> end = ends.get(i);
            Registration read = refreshable("reg_flight" + i, "user_1");
            store.insert(read, NOW);
            assertThat(store.replace(read, end.apply(read))).isPresent();

            assertThat(store.replace(read, refreshed(read, "first", "second", NOW)))
                    .isEmpty();
            assertDead(read.id());

            String id = "reg_race" + i;
            store.insert(refreshable(id, "user_1"), NOW);
            Race.run(16, number -> {
                if (number == 0) {
                    untilItHolds(id, end);
                } else {
                    useRefreshTokensWhileTheyLive(id, number);
                }
                return true;
            });
            assertDead(id);
        }
        Registration read = refreshable("reg_all", "user_1");
        store.insert(read, NOW);
        revokeAll(NOW);
        assertThat(store.replace(read, refreshed(read, "first", "second", NOW))).isEmpty();
        assertDead("reg_all");
    }

    private void useRefreshTokensWhileTheyLive(String id, int number) {
        for (int i = 0; i < 100; i++) {
            Registration current = store.findById(id).orElseThrow();
            RefreshFamily family = current.refresh();
            if (family == null) {
                return;
            }
            SecretHash shown = family.out().iterator().next();
            SecretHash successor = refreshToken(number + " " + i);
            Refresh refresh = current.refresh(family.nameHash(), shown, successor, REFRESH_EXPIRES, NOW);
            if (!(refresh instanceof Refresh.Succeeded succeeded)) {
                return;
            }
            store.replace(current, succeeded.next());
        }
    }

    private RefreshFamily familyOf(String id) {
        return Objects.requireNonNull(store.findById(id).orElseThrow().refresh());
    }

    private void assertDead(String id) {
        Registration registration = store.findById(id).orElseThrow();
        RefreshFamily family = registration.refresh();
        Set<SecretHash> out = family == null ? Set.of(refreshToken("first")) : family.out();
        for (SecretHash token : out) {
            assertThat(registration.refresh(
                            refreshFamily(id), token, refreshToken("late"), REFRESH_EXPIRES.plusSeconds(60), NOW))
                    .as(id)
                    .isInstanceOf(Refresh.NoEffect.class);
        }
    }

    private void untilItHolds(String id, UnaryOperator<Registration> change) {
        for (int i = 0; i < 10_000; i++) {
            Registration current = store.findById(id).orElseThrow();
            if (store.replace(current, change.apply(current)).isPresent()) {
                return;
            }
        }
        throw new AssertionError("no change got through");
    }

    // purge

    @Test
    @DisplayName("T74: leaves alone whose refresh tokens live, however long ago it was claimed, until they have ended")
    void purgeLeavesWhatIsRefreshed() {
        Registration first = refreshable("reg_1", "user_1");
        store.insert(first, NOW);
        assertThat(store.purge(ALWAYS, REFRESH_EXPIRES.minus(TICK), 10)).isEmpty();
        Registration used =
                replaced("reg_1", current -> refreshed(current, "first", "second", REFRESH_EXPIRES.minusSeconds(1)));
        Instant end = REFRESH_EXPIRES.minusSeconds(1).plus(Duration.between(NOW, REFRESH_EXPIRES));

        assertThat(store.purge(ALWAYS, end.minus(TICK), 10)).isEmpty();
        assertThat(store.purge(NEVER, end, 10)).containsExactly(used);

        store.insert(refreshable("reg_2", "user_1"), NOW);
        Registration over =
                replaced("reg_2", current -> current.revokeRefreshing(refreshFamily("reg_2"), NOW.plusSeconds(60)));
        assertThat(store.purge(ALWAYS, NOW.plusSeconds(60).minus(TICK), 10)).isEmpty();
        assertThat(store.purge(NEVER, NOW.plusSeconds(60), 10)).containsExactly(over);
    }

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
        Registration revoked = anonymous("reg_2").revoke(EndReason.OPERATOR, NOW.plusSeconds(30));
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
        store.replace(code, owned(code, "user_1", NOW.plusSeconds(60)));
        Registration unclaimed = anonymous("reg_2");
        store.insert(unclaimed, NOW);
        store.replace(unclaimed, unclaimed.revoke(EndReason.OPERATOR, NOW.plusSeconds(60)));

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
        assertThat(store.findByProviderInAnyTenant(identity("s"))).isEmpty();
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
    @DisplayName("purges unclaimed and settled ones under one limit")
    void purgesBothSortsUnderOneLimit() {
        for (int i = 0; i < 7; i++) {
            store.insert(anonymous("reg_unclaimed" + i), NOW);
            store.insert(claimed("reg_claimed" + i, "user_1"), NOW);
        }

        assertThat(store.purge(CLAIM_EXPIRES, NOW, 10)).hasSize(10);
        assertThat(store.purge(CLAIM_EXPIRES, NOW, 10)).hasSize(4);
        assertThat(store.findByUser("user_1")).isEmpty();
    }

    @Test
    @DisplayName("returns what it purged as it was last")
    void returnsTheNewestValue() {
        store.insert(stepUp("reg_1", identity("s"), "user_1"), NOW);
        Registration newest = replaced("reg_1", registration -> registration.revoke(EndReason.OPERATOR, NOW));

        assertThat(store.purge(NEVER, NOW, 10)).containsExactly(newest);
    }

    @Test
    @DisplayName("purges exactly what is expired, in batches, while 48 threads insert, look up and replace")
    void purgesDuringTraffic() {
        List<String> expired = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            expired.add("reg_old" + i);
            store.insert(anonymous("reg_old" + i), NOW);
        }
        List<String> purged = Collections.synchronizedList(new ArrayList<>());

        Race.runEach(number -> () -> {
            if (number % 4 == 0) {
                purgeAll(() -> purgeTen(purged));
                return true;
            }
            for (int i = 0; i < 3; i++) {
                String id = "reg_" + number + "_" + i;
                Registration fresh =
                        Registration.anonymous(id, Claim.open(claimToken(id), CLAIM_EXPIRES.plus(TICK)), NOW);
                assertThat(store.insert(fresh, NOW)).isTrue();
                Registration raised = store.replace(fresh, fresh.raiseEpoch()).orElseThrow();
                assertThat(store.findByClaimToken(claimToken(id))).contains(raised);
            }
            return true;
        });
        purgeAll(() -> purgeTen(purged));

        assertThat(purged).containsExactlyInAnyOrderElementsOf(expired);
        for (int i = 0; i < 3 * Race.THREADS; i++) {
            if (i / 3 % 4 != 0) {
                assertThat(store.findById("reg_" + i / 3 + "_" + i % 3)).isPresent();
            }
        }
    }

    @Test
    @DisplayName("returns each purged registration from exactly one of 64 concurrent calls")
    void purgesEachOnce() {
        for (int i = 0; i < 300; i++) {
            store.insert(anonymous("reg_" + i), NOW);
        }

        List<String> purged = Collections.synchronizedList(new ArrayList<>());
        Race.run(() -> purgeAll(() -> purgeTen(purged)));
        purgeAll(() -> purgeTen(purged));

        assertThat(purged).hasSize(300).doesNotHaveDuplicates();
    }

    @Test
    @DisplayName("leaves alone what somebody claims at the same moment, or it is gone: never both")
    void purgeAndClaimDoNotBothHappen() {
        Set<String> purged = ConcurrentHashMap.newKeySet();
        Set<String> claimed = ConcurrentHashMap.newKeySet();
        for (int round = 0; round < 5; round++) {
            List<Registration> codes = new ArrayList<>();
            for (int i = 0; i < 4 * Race.THREADS; i++) {
                Registration code = withCode("reg_" + round + "_" + i);
                store.insert(code, NOW);
                codes.add(code);
            }

            Race.runEach(number -> () -> {
                for (int i = number; i < codes.size(); i += Race.THREADS) {
                    Registration code = codes.get(i);
                    if (number % 2 == 0) {
                        store.purge(CLAIM_EXPIRES, NEVER, 2).forEach(registration -> purged.add(registration.id()));
                    } else if (store.replace(code, owned(code, "user_1", NOW)).isPresent()) {
                        claimed.add(code.id());
                    }
                }
                return true;
            });
        }

        assertThat(claimed).isNotEmpty();
        assertThat(purged).isNotEmpty().doesNotContainAnyElementsOf(claimed);
        assertThat(claimed).allSatisfy(id -> assertThat(store.findById(id)).isPresent());
        assertThat(purged).allSatisfy(id -> assertThat(store.findById(id)).isEmpty());
    }

    // outages

    @Test
    @DisplayName("throws PortUnavailableException from every look-up while the backend is away, and answers as before"
            + " when it is back")
    void lookUpsDuringAnOutage() {
        Outage outage = outageOrSkip();
        Registration kept = stepUp("reg_1", identity("s"), "user_1");
        store.insert(kept, NOW);

        during(outage, () -> {
            assertUnavailable(() -> store.findById("reg_1"));
            assertUnavailable(() -> store.findById("reg_none"));
            assertUnavailable(() -> store.findByClaimToken(claimToken("reg_1")));
            assertUnavailable(() -> store.findByAttemptToken(attemptToken("reg_1")));
            assertUnavailable(() -> store.findUnclaimedByRecipient("nobody@example.com"));
            assertUnavailable(() -> store.findByUser("user_1"));
            assertUnavailable(() -> store.findMadeBefore(LAST_YEAR, "", 1));
            assertUnavailable(() -> store.findByProvider(identity("s")));
            assertUnavailable(() -> store.findByProviderInAnyTenant(identity("s")));
        });

        assertFoundByEveryKey(kept);
    }

    @Test
    @DisplayName("leaves an insert that threw PortUnavailableException done as a whole or not at all")
    void insertDuringAnOutage() {
        Outage outage = outageOrSkip();
        Registration old = stepUp("reg_old", identity("s"), "user_1");
        Registration other = stepUp("reg_new", identity("s"), "user_2");
        store.insert(old, NOW);

        during(outage, () -> assertUnavailable(() -> store.insert(other, CLAIM_EXPIRES)));

        if (store.findById("reg_new").isEmpty()) {
            assertFoundByNoKey(other);
            assertFoundByEveryKey(old);
            assertThat(store.insert(other, CLAIM_EXPIRES)).as("works again").isTrue();
        }
        assertFoundByEveryKey(other);
        assertFoundByEveryKey(old.withVersion(1));
    }

    @Test
    @DisplayName("leaves a replace that threw PortUnavailableException done as a whole or not at all")
    void replaceDuringAnOutage() {
        Outage outage = outageOrSkip();
        Registration before = stepUp("reg_1", identity("s"), "user_1");
        store.insert(before, NOW);
        Registration after = renewed(before, "new");

        during(outage, () -> assertUnavailable(() -> store.replace(before, after)));

        if (store.findById("reg_1").orElseThrow().version() == 0) {
            assertFoundByEveryKey(before);
            assertThat(store.replace(before, after)).as("works again").contains(after.withVersion(1));
        }
        assertFoundByEveryKey(after.withVersion(1));
        assertThat(store.findByClaimToken(claimToken("reg_1"))).isEmpty();
        assertThat(store.findByAttemptToken(attemptToken("reg_1"))).isEmpty();
    }

    @Test
    @DisplayName("leaves each registration whole when revoking all, or a purge, threw PortUnavailableException")
    void revokeAllAndPurgeDuringAnOutage() {
        Outage outage = outageOrSkip();
        Registration pending = stepUp("reg_1", identity("s"), "user_1");
        Registration expired = stepUp("reg_2", identity("s2"), "user_2");
        store.insert(pending, NOW);
        store.insert(expired, NOW);

        during(outage, () -> assertUnavailable(() -> store.revokeAll(NOW)));
        for (Registration registration : List.of(pending, expired)) {
            Registration stored = store.findById(registration.id()).orElseThrow();
            assertThat(stored)
                    .isIn(
                            registration,
                            registration.revoke(EndReason.OPERATOR, NOW).withVersion(1));
            assertFoundByEveryKey(stored);
        }
        revokeAll(NOW);
        assertThat(store.findByUser("user_1"))
                .containsExactly(pending.revoke(EndReason.OPERATOR, NOW).withVersion(1));

        during(outage, () -> assertUnavailable(() -> store.purge(NEVER, NOW, 10)));
        for (Registration registration : List.of(pending, expired)) {
            store.findById(registration.id())
                    .ifPresentOrElse(this::assertFoundByEveryKey, () -> assertFoundByNoKey(registration));
        }
        store.purge(NEVER, NOW, 10);
        assertFoundByNoKey(pending);
        assertFoundByNoKey(expired);
    }

    @Test
    @DisplayName("leaves every registration whole when the backend goes away in the midst of 64 threads that write")
    void outageInTheMidstOfWriters() {
        Outage outage = outageOrSkip();
        for (int i = 0; i < Race.THREADS; i++) {
            store.insert(stepUp("reg_" + i, identity("s" + i), "user_" + i), NOW);
        }
        CountDownLatch writing = new CountDownLatch(Race.THREADS);
        AtomicBoolean away = new AtomicBoolean();
        List<List<Registration>> beforeAndAfter;
        try {
            beforeAndAfter = Race.runEach(number -> () -> {
                if (number == 0) {
                    writing.await();
                    outage.begin();
                    away.set(true);
                    return List.of();
                }
                Registration current = stepUp("reg_" + number, identity("s" + number), "user_" + number);
                for (int i = 0; ; i++) {
                    String name = number + "_" + i;
                    boolean mustThrow = away.get();
                    Registration next = number % 2 == 0
                            ? renewed(current, name)
                            : stepUp("reg_" + name, identity("s" + name), "user_" + name);
                    try {
                        if (number % 2 == 0) {
                            current = store.replace(current, next).orElseThrow();
                        } else {
                            assertThat(store.insert(next, NOW)).isTrue();
                        }
                    } catch (PortUnavailableException e) {
                        return List.of(current, next);
                    }
                    assertThat(mustThrow).as("wrote while the backend was away").isFalse();
                    writing.countDown();
                }
            });
        } finally {
            outage.end();
        }

        for (List<Registration> values : beforeAndAfter.subList(1, Race.THREADS)) {
            Registration before = values.get(0);
            Registration after = values.get(1);
            boolean isDone = store.findByClaimToken(
                            Objects.requireNonNull(after.claim()).tokenHash())
                    .isPresent();
            if (before.id().equals(after.id())) {
                assertFoundByEveryKey(isDone ? after.withVersion(before.version() + 1) : before);
            } else if (isDone) {
                assertFoundByEveryKey(after);
            } else {
                assertFoundByNoKey(after);
            }
        }
    }

    /** By every key that it has, the newest value is found, and it alone of that id. */
    private void assertFoundByEveryKey(Registration expected) {
        assertThat(store.findById(expected.id())).contains(expected);
        Claim claim = expected.claim();
        if (claim != null) {
            assertThat(store.findByClaimToken(claim.tokenHash())).contains(expected);
            if (claim.attempt() != null) {
                assertThat(store.findByAttemptToken(claim.attempt().tokenHash()))
                        .contains(expected);
            }
        }
        assertThat(inLists(expected))
                .allSatisfy(found -> assertThat(found)
                        .filteredOn(registration -> registration.id().equals(expected.id()))
                        .containsExactly(expected));
    }

    private void assertFoundByNoKey(Registration gone) {
        assertThat(store.findById(gone.id())).isEmpty();
        Claim claim = gone.claim();
        if (claim != null) {
            assertThat(store.findByClaimToken(claim.tokenHash())).isEmpty();
            if (claim.attempt() != null) {
                assertThat(store.findByAttemptToken(claim.attempt().tokenHash()))
                        .isEmpty();
            }
        }
        assertThat(inLists(gone))
                .allSatisfy(
                        found -> assertThat(found).extracting(Registration::id).doesNotContain(gone.id()));
    }

    /** What is found by its user and by its identity, with and without the tenant. */
    private List<List<Registration>> inLists(Registration registration) {
        List<List<Registration>> found = new ArrayList<>();
        String user = registration.userBehind();
        if (user != null) {
            found.add(store.findByUser(user));
        }
        if (registration.provider() != null && registration.revokedAt() == null) {
            ProviderIdentity identity = registration.provider().identity();
            found.add(store.findByProvider(identity));
            found.add(store.findByProviderInAnyTenant(
                    new ProviderIdentity(identity.issuer(), null, identity.subject(), identity.audience())));
        }
        return found;
    }

    /** Reads, changes and writes, which nobody is in the way of. */
    private Registration replaced(String id, UnaryOperator<Registration> change) {
        Registration current = store.findById(id).orElseThrow();
        Registration next = change.apply(current);
        Optional<Registration> written = store.replace(current, next);
        assertThat(written).contains(next.withVersion(current.version() + 1));
        return written.orElseThrow();
    }

    private void raiseEpochUntilItHolds(String id) {
        for (int i = 0; i < 10_000; i++) {
            Registration current = store.findById(id).orElseThrow();
            if (store.replace(current, current.raiseEpoch()).isPresent()) {
                return;
            }
        }
        throw new AssertionError("lost 10,000 times against writers who cannot have written as often");
    }

    private int purgeTen(List<String> purged) {
        List<Registration> batch = store.purge(CLAIM_EXPIRES, NEVER, 10);
        batch.forEach(registration -> purged.add(registration.id()));
        return batch.size();
    }

    private static void tryToClear(List<?> list) {
        try {
            list.clear();
        } catch (UnsupportedOperationException e) {
            assertThat(list).as("refuses").isNotEmpty();
        }
    }

    /** A step-up whose code is good until the very expiry of its claim. */
    private static Registration claimableToTheEnd(String id, ProviderIdentity identity) {
        Registration stepUp = stepUp(id, identity, "user_1");
        return next(stepUp.revealCode(codeFor(stepUp, CLAIM_EXPIRES), NOW));
    }

    private static Registration claimedAtTheEnd(Registration claimable) {
        return owned(claimable, "user_1", CLAIM_EXPIRES.minus(TICK));
    }

    /** With another claim token and another attempt, both of that name. */
    private static Registration renewed(Registration registration, String name) {
        return next(next(registration.renewClaimToken(claimToken(name), NOW))
                .startAttempt(
                        attempt(
                                name,
                                Objects.requireNonNull(registration.attempt()).asked()),
                        NOW));
    }

    private static Registration ownedBy(String id, String userId, String address) {
        Claim claim = new Claim(
                claimToken(id), CLAIM_EXPIRES, attempt(id, new Asked.Mailbox(address)), 0, Set.of(), Set.of());
        return new Registration(
                id, RegistrationKind.EMAIL, NOW, 0, 0, new Ownership(userId, NOW), claim, null, null, null);
    }

    /** With every fact that there is, all of them different: of an attempt by mail, and of two by sign-in. */
    private static List<Registration> full(String id, Instant instant) {
        return List.of(
                full(id, instant, Way.MAILED_LINK, new Asked.OneUser("asked " + id, "j\u00f6rg@example.com")),
                full(id + "_s", instant, Way.SIGN_IN, new Asked.Mailbox("j\u00f6rg@example.com")),
                full(id + "_a", instant, Way.SIGN_IN, new Asked.Anybody()));
    }

    private static Registration full(String id, Instant instant, Way way, Asked asked) {
        List<Instant> instants =
                Stream.iterate(instant, last -> last.plus(TICK)).limit(13).toList();
        boolean mailed = way == Way.MAILED_LINK;
        Attempt attempt = new Attempt(
                "cla_" + id,
                attemptToken(id),
                way,
                asked,
                instants.get(1),
                instants.get(2),
                mailed ? Delivery.ACCEPTED : Delivery.NOT_MAILED,
                new OneTimeCode(
                        SecretHash.of("code " + id),
                        instants.get(0),
                        3,
                        mailed ? null : "revealed by " + id,
                        new OneTimeCode.Shown(instants.get(12), "seed " + id)),
                new TypedCode(SecretHash.of("typed " + id), 2),
                new PollPace(instants.get(9), Duration.ofSeconds(35), mailed));
        Claim claim = new Claim(
                claimToken(id),
                instants.get(3),
                attempt,
                7,
                Set.of(SecretHash.of("asked")),
                Set.of(SecretHash.of("no")));
        return new Registration(
                id,
                RegistrationKind.PROVIDER,
                instants.get(4),
                0,
                1L << 40,
                new Ownership(
                        "user " + id,
                        instants.get(5),
                        mailed ? Completion.TYPED : Completion.READ_BACK,
                        "J\u00f6rg\u2019s \ud83e\udd16"),
                claim,
                new ProviderLink(identity("tenant", "sub " + id), instants.get(6), instants.get(7)),
                new RefreshFamily(
                        SecretHash.of("family " + id),
                        Set.of(SecretHash.of("one " + id), SecretHash.of("two " + id)),
                        SecretHash.of("spent " + id),
                        instants.get(10),
                        instants.get(11),
                        (1L << 40) - 1),
                new End(instants.get(8), EndReason.OWN_PROOF));
    }

    private static Registration created(Registration registration, int seconds) {
        return new Registration(
                registration.id(),
                registration.kind(),
                NOW.minusSeconds(1000).plusSeconds(seconds),
                registration.version(),
                registration.epoch(),
                registration.ownership(),
                registration.claim(),
                registration.provider(),
                registration.refresh(),
                registration.end());
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
                anonymous.ownership(),
                anonymous.claim(),
                ProviderLink.of(identity, NOW),
                null,
                null);
    }
}
