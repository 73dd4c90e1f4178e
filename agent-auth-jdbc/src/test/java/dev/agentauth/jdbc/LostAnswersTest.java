package dev.agentauth.jdbc;

import static dev.agentauth.testkit.TestRegistrations.NOW;
import static dev.agentauth.testkit.TestRegistrations.anonymous;
import static dev.agentauth.testkit.TestRegistrations.claimToken;
import static dev.agentauth.testkit.TestRegistrations.identity;
import static dev.agentauth.testkit.TestRegistrations.provider;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentauth.SecretHash;
import dev.agentauth.registration.EndReason;
import dev.agentauth.registration.Registration;
import dev.agentauth.spi.AccessToken;
import dev.agentauth.spi.Contact;
import dev.agentauth.spi.JwtKind;
import dev.agentauth.spi.PortUnavailableException;
import dev.agentauth.spi.RegistrationStore;
import dev.agentauth.spi.ReplayStore;
import dev.agentauth.spi.User;
import dev.agentauth.spi.UserOrigins;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A connection breaks before a statement arrives, or after it was run and before its answer arrives. */
class LostAnswersTest {
    private final WatchedDataSource database =
            new WatchedDataSource(H2.database().dataSource());
    private final TestDatabase untouched = H2.database();
    private JdbcStores stores;
    private RegistrationStore registrations;

    @BeforeEach
    void open() {
        untouched.empty();
        stores = JdbcStores.of(database.dataSource(), TestDatabase.ISSUER);
        registrations = stores.registrations();
    }

    @Test
    void readIsRepeatedOnAnotherConnection() {
        registrations.insert(anonymous("reg_1"), NOW);

        database.breakBefore("SELECT");
        assertThat(registrations.findById("reg_1")).isPresent();
        database.breakAfter("SELECT");
        assertThat(registrations.findByClaimToken(claimToken("reg_1"))).isPresent();
    }

    @Test
    void insertWhoseAnswerWasLostIsKnownToHaveHappened() {
        database.breakAfter("INSERT");

        assertThat(registrations.insert(provider("reg_1", identity("s"), "user_1"), NOW))
                .isTrue();
        assertThat(registrations.findById("reg_1")).isPresent();
    }

    @Test
    void insertThatNeverArrivedIsAnOutage() {
        database.breakBefore("INSERT");

        assertThatThrownBy(() -> registrations.insert(anonymous("reg_1"), NOW))
                .isInstanceOf(PortUnavailableException.class);
        assertThat(registrations.findById("reg_1")).isEmpty();
    }

    @Test
    void insertOfATakenIdentityStaysRefusedThoughAnAnswerIsLostOnTheWay() {
        registrations.insert(provider("reg_1", identity("s"), "user_1"), NOW);
        database.breakAfter("UPDATE");

        assertThat(registrations.insert(provider("reg_2", identity("s"), "user_1"), NOW))
                .isFalse();
        assertThat(registrations.findByProviderInAnyTenant(identity("s"))).hasSize(1);
    }

    @Test
    void replaceWhoseAnswerWasLostIsKnownToHaveHappened() {
        Registration first = inserted("reg_1");
        database.breakAfter("UPDATE");

        assertThat(registrations.replace(first, first.raiseEpoch()))
                .contains(first.raiseEpoch().withVersion(1));
    }

    @Test
    void replaceThatNeverArrivedIsAnOutage() {
        Registration first = inserted("reg_1");
        database.breakBefore("UPDATE");

        assertThatThrownBy(() -> registrations.replace(first, first.raiseEpoch()))
                .isInstanceOf(PortUnavailableException.class);
        assertThat(registrations.findById("reg_1")).contains(first);
    }

    @Test
    void staleReplaceWhoseAnswerWasLostIsKnownToHaveLostAgainstAnEqualOne() {
        Registration first = inserted("reg_1");
        registrations.replace(first, first.revoke(EndReason.OPERATOR, NOW));
        database.breakAfter("UPDATE");

        assertThat(registrations.replace(first, first.revoke(EndReason.OPERATOR, NOW)))
                .as("the same change by somebody else, at the same instant")
                .isEmpty();
    }

    @Test
    void replaceIsAnOutageIfWhatItWroteMayHaveBeenOverwritten() {
        Registration first = inserted("reg_1");
        Registration second = registrations.replace(first, first.raiseEpoch()).orElseThrow();
        registrations.replace(second, second.raiseEpoch());
        database.breakAfter("UPDATE");

        assertThatThrownBy(() -> registrations.replace(first, first.raiseEpoch()))
                .isInstanceOf(PortUnavailableException.class);
    }

    @Test
    void replaceIsAnOutageIfNobodyCanSayWhatCameOfIt() {
        Registration first = inserted("reg_1");
        database.breakAfter("UPDATE");
        database.breakBefore("SELECT", 2);

        assertThatThrownBy(() -> registrations.replace(first, first.raiseEpoch()))
                .isInstanceOf(PortUnavailableException.class);
        assertThat(registrations.findById("reg_1"))
                .as("it had got through")
                .contains(first.raiseEpoch().withVersion(1));
    }

    @Test
    void presentedJwtIsKnownToBeTheFirstThoughTheAnswerWasLost() {
        ReplayStore replay = stores.replay();
        database.breakAfter("INSERT");

        assertThat(record(replay)).isTrue();
        assertThat(record(replay)).isFalse();
    }

    @Test
    void presentedJwtIsRefusedIfNobodyCanSayWhetherItWasTheFirst() {
        ReplayStore replay = stores.replay();
        database.breakBefore("INSERT");

        assertThatThrownBy(() -> record(replay)).isInstanceOf(PortUnavailableException.class);
        assertThat(record(replay)).as("it never arrived").isTrue();
    }

    @Test
    void repeatedJwtIsKnownToBeRepeatedThoughTheAnswerWasLost() {
        ReplayStore replay = stores.replay();
        record(replay);
        database.breakBefore("INSERT");

        assertThat(record(replay)).isFalse();
    }

    @Test
    void whatMayBeDoneTwiceIsDoneAgain() {
        SecretHash hash = SecretHash.of("at_1");
        stores.tokens().insert(new AccessToken(hash, "reg_1", 0, null, NOW), NOW, 1000);
        database.breakBefore("DELETE");
        stores.tokens().delete(hash);
        database.breakBefore("MERGE");
        stores.logoutMarks().raise(identity(null, "s"), NOW, NOW.plusSeconds(60));

        assertThat(stores.tokens().find(hash)).isEmpty();
        assertThat(stores.logoutMarks().newest(identity("s"))).contains(NOW);
    }

    @Test
    void userWhoseMakingWasNotAnsweredIsFoundAndNotMadeTwice() {
        JdbcUserDirectory users = JdbcUserDirectory.of(database.dataSource());
        database.breakAfter("INSERT");

        User made = users.create(Contact.of("alice@example.com", null)).orElseThrow();

        assertThat(users.findByVerifiedEmail("alice@example.com"))
                .get()
                .extracting(user -> user.id())
                .isEqualTo(made.id());
    }

    @Test
    void originThatWasWrittenButNotAnsweredIsKnown() {
        UserOrigins origins = stores.userOrigins();
        SecretHash key = SecretHash.of("key");
        database.breakAfter("INSERT");
        assertThat(origins.reserve(key, "r1", Optional.empty(), NOW, NOW.plusSeconds(60)))
                .isTrue();
        database.breakAfter("UPDATE");
        assertThat(origins.record("r1", "user_1")).isTrue();
        assertThat(origins.find(key)).contains(new UserOrigins.Yields("user_1"));

        database.breakBefore("INSERT");
        assertThatThrownBy(
                        () -> origins.reserve(SecretHash.of("other"), "r2", Optional.empty(), NOW, NOW.plusSeconds(60)))
                .isInstanceOf(PortUnavailableException.class);
        assertThat(origins.find(SecretHash.of("other"))).isEmpty();
    }

    @Test
    void purgeThatBrokeLosesNothingThatItDidNotReturn() {
        inserted("reg_1");
        database.breakBefore("DELETE");

        assertThatThrownBy(() -> registrations.purge(NOW.plusSeconds(1_000_000), NOW, 10))
                .isInstanceOf(PortUnavailableException.class);
        assertThat(registrations.purge(NOW.plusSeconds(1_000_000), NOW, 10)).hasSize(1);
    }

    private Registration inserted(String id) {
        Registration registration = anonymous(id);
        registrations.insert(registration, NOW);
        return registration;
    }

    private static boolean record(ReplayStore replay) {
        return replay.recordFirst(JwtKind.ID_JAG, "https://agents.example.net", "jti", NOW, NOW.plusSeconds(60));
    }
}
