package dev.agentauth.jdbc;

import static dev.agentauth.jdbc.F11_MigrationTest.assertThatTheStoresWork;
import static dev.agentauth.jdbc.F11_MigrationTest.execute;
import static dev.agentauth.jdbc.F11_MigrationTest.migrate;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.agentauth.testkit.Race;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Replicas that start together on an empty database, and one that starts after another's migration broke off. */
class F31_FirstStartTest {

    static List<TestDatabase> databases() {
        return F11_MigrationTest.databases().toList();
    }

    @ParameterizedTest
    @MethodSource("databases")
    void replicasThatStartTogetherAllGetTheTables(TestDatabase database) {
        for (int i = 0; i < 5; i++) {
            try (HikariDataSource empty = database.emptyDatabase()) {
                List<Boolean> started = Race.run(() -> {
                    migrate(empty);
                    return true;
                });

                assertThat(started).isNotEmpty().containsOnly(true);
                assertThatTheStoresWork(empty);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    void migrationThatBrokeOffAnywhereIsFinishedByTheNextStart(TestDatabase database) throws SQLException {
        List<String> tables = List.of(
                "agent_auth_service",
                "agent_auth_access_token",
                "agent_auth_replay",
                "agent_auth_logout_mark",
                "agent_auth_registration");
        for (int missing = 1; missing <= tables.size(); missing++) {
            try (HikariDataSource empty = database.emptyDatabase()) {
                migrate(empty);
                execute(empty, "DELETE FROM agent_auth_schema");
                for (String table : tables.subList(0, missing)) {
                    execute(empty, "DROP TABLE " + table);
                }

                migrate(empty);
                assertThatTheStoresWork(empty);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    void migrationThatBrokeOffBeforeItsIndexesIsFinishedByTheNextStart(TestDatabase database) throws SQLException {
        if (database == MariaDb.database()) {
            // Its tables come with their indexes, in one statement.
            return;
        }
        try (HikariDataSource empty = database.emptyDatabase()) {
            migrate(empty);
            execute(empty, "DROP INDEX agent_auth_registration_live", "DELETE FROM agent_auth_schema");

            migrate(empty);
            execute(empty, "DROP INDEX agent_auth_registration_live");
        }
    }
}
