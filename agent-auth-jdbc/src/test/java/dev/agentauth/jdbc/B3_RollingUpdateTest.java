package dev.agentauth.jdbc;

import static dev.agentauth.testkit.TestRegistrations.ALICE;
import static dev.agentauth.testkit.TestRegistrations.NOW;
import static dev.agentauth.testkit.TestRegistrations.bySignIn;
import static dev.agentauth.testkit.TestRegistrations.ownedByTyping;
import static dev.agentauth.testkit.TestRegistrations.withTyped;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.registration.Asked;
import dev.agentauth.registration.Attempt;
import dev.agentauth.registration.Delivery;
import dev.agentauth.registration.Poll;
import dev.agentauth.registration.Registration;
import dev.agentauth.registration.Way;
import dev.agentauth.spi.RegistrationStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A release that does not know some columns leaves them as they are: they count only for the attempt that they are of. */
class B3_RollingUpdateTest {

    static Stream<TestDatabase> databases() {
        return F11_MigrationTest.databases();
    }

    @ParameterizedTest
    @MethodSource("databases")
    void whatIsOfAnotherAttemptDoesNotCount(TestDatabase database) throws SQLException {
        RegistrationStore store = storeOf(database);
        Registration polled = ((Poll.Pending) withTyped("reg_1").poll(NOW)).next();
        store.insert(polled, NOW);

        execute(database, "attempt_id = 'cla_older'");

        Attempt attempt = store.findById("reg_1").orElseThrow().attempt();
        assertThat(attempt.id()).isEqualTo("cla_older");
        assertThat(attempt.typed()).isNull();
        assertThat(attempt.pace()).isNull();
    }

    @ParameterizedTest
    @MethodSource("databases")
    void anAttemptThatAnOlderReleaseMailedAfterOneBySignInIsMailed(TestDatabase database) throws SQLException {
        RegistrationStore store = storeOf(database);
        store.insert(bySignIn("reg_1", new Asked.Anybody()), NOW);

        execute(database, "attempt_id = 'cla_older', attempt_delivery = 'ACCEPTED', attempt_address = '" + ALICE + "'");

        Attempt attempt = store.findById("reg_1").orElseThrow().attempt();
        assertThat(attempt.way()).isEqualTo(Way.MAILED_LINK);
        assertThat(attempt.delivery()).isEqualTo(Delivery.ACCEPTED);
        assertThat(attempt.asked()).isEqualTo(new Asked.Mailbox(ALICE));
    }

    @ParameterizedTest
    @MethodSource("databases")
    void whatAnOlderReleaseWroteHasNoneOfIt(TestDatabase database) throws SQLException {
        RegistrationStore store = storeOf(database);
        store.insert(ownedByTyping(withTyped("reg_1"), "user_1", NOW), NOW);

        execute(
                database,
                "detail_attempt_id = NULL, attempt_way = NULL, typed_hash = NULL, typed_wrong_guesses = NULL,"
                        + " claim_completion = NULL");

        Registration read = store.findById("reg_1").orElseThrow();
        assertThat(read.attempt().way()).isEqualTo(Way.MAILED_LINK);
        assertThat(read.ownership().completion()).isNull();
        assertThat(read.poll(NOW)).as("not collected by polling").isEqualTo(new Poll.Over());
    }

    private static RegistrationStore storeOf(TestDatabase database) {
        database.empty();
        return JdbcStores.of(database.dataSource(), TestDatabase.ISSUER).registrations();
    }

    private static void execute(TestDatabase database, String assignments) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(
                            "UPDATE agent_auth_registration SET " + assignments + " WHERE id = 'reg_1'"))
                    .isEqualTo(1);
        }
    }
}
