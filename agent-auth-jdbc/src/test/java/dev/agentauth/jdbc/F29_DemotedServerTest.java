package dev.agentauth.jdbc;

import static dev.agentauth.jdbc.F11_MigrationTest.execute;
import static dev.agentauth.testkit.TestRegistrations.NOW;
import static dev.agentauth.testkit.TestRegistrations.anonymous;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.agentauth.SecretHash;
import dev.agentauth.registration.EndReason;
import dev.agentauth.registration.Registration;
import dev.agentauth.spi.AccessToken;
import dev.agentauth.spi.PortUnavailableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** A server that takes no writes any more, but can be reached and answers reads with what was so. */
class F29_DemotedServerTest {
    private static final int POOL = 4;
    private static final SecretHash TOKEN = SecretHash.of("at_1");

    @Test
    void afterTheFirstRefusedWriteNobodyReadsFromTheDemotedServerAndAllIsWellWithoutARestart() throws SQLException {
        try (HikariDataSource newPrimary = Postgres.database().emptyDatabase();
                HikariDataSource pool = Postgres.database().pool(config -> {
                    config.setJdbcUrl(newPrimary.getJdbcUrl());
                    config.setMaximumPoolSize(POOL);
                    config.setMinimumIdle(POOL);
                })) {
            JdbcStores.migrate(newPrimary);
            JdbcStores elsewhere = JdbcStores.of(newPrimary, TestDatabase.ISSUER);
            elsewhere.registrations().insert(anonymous("reg_1"), NOW);
            elsewhere.tokens().insert(new AccessToken(TOKEN, "reg_1", 0, null, NOW.plusSeconds(60)), NOW, 1000);
            JdbcStores here = JdbcStores.of(pool, TestDatabase.ISSUER);
            demoteAllConnections(pool);
            elsewhere.tokens().delete(TOKEN);
            assertThat(here.tokens().find(TOKEN)).as("what is to be prevented").isPresent();

            assertThat(withinAFewTries(() -> here.registrations().insert(anonymous("reg_2"), NOW)))
                    .isTrue();

            assertThat(elsewhere.registrations().findById("reg_2")).isPresent();
            for (int i = 0; i < 10 * POOL; i++) {
                assertThat(here.tokens().find(TOKEN)).isEmpty();
            }
            for (int i = 0; i < 10 * POOL; i++) {
                assertThat(here.registrations().insert(anonymous("reg_later_" + i), NOW))
                        .isTrue();
            }
        }
    }

    /** Each of them ends a few of a pool's old connections. */
    private static <T> T withinAFewTries(Supplier<T> call) {
        for (int tries = 1; ; tries++) {
            try {
                return call.get();
            } catch (PortUnavailableException e) {
                if (tries == POOL) {
                    throw e;
                }
            }
        }
    }

    /** As after a failover by name: those that are open lead to a server that is behind, and new ones to the new primary. */
    private static void demoteAllConnections(HikariDataSource pool) throws SQLException {
        execute(
                pool,
                "CREATE SCHEMA demoted",
                "CREATE TABLE demoted.agent_auth_access_token AS SELECT * FROM agent_auth_access_token",
                "CREATE TABLE demoted.agent_auth_registration AS SELECT * FROM agent_auth_registration",
                "CREATE TABLE demoted.agent_auth_service AS SELECT * FROM agent_auth_service");
        List<Connection> open = new ArrayList<>();
        for (int i = 0; i < POOL; i++) {
            Connection connection = pool.getConnection();
            open.add(connection);
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET search_path = demoted");
                statement.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY");
            }
        }
        for (Connection connection : open) {
            connection.close();
        }
    }

    @Test
    void connectionIsAskedOnceAfterADoubtAndNeverWithoutOne() throws SQLException {
        try (HikariDataSource database = Postgres.database().emptyDatabase();
                HikariDataSource pool = Postgres.database().pool(config -> {
                    config.setJdbcUrl(database.getJdbcUrl());
                    config.setMaximumPoolSize(1);
                })) {
            JdbcStores.migrate(database);
            WatchedDataSource watched = new WatchedDataSource(pool);
            JdbcStores stores = JdbcStores.of(watched.dataSource(), TestDatabase.ISSUER);
            execute(pool, "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY");
            watched.sent();
            stores.registrations().findById("reg_1");
            assertThat(watched.sent()).hasSize(1);

            stores.registrations().insert(anonymous("reg_1"), NOW);
            assertThat(watched.sent())
                    .extracting(sql -> sql.substring(0, 6))
                    .as("refused, asked on another connection, accepted")
                    .containsExactly("INSERT", "SELECT", "INSERT");

            stores.registrations().findById("reg_1");
            stores.registrations().insert(anonymous("reg_2"), NOW);
            assertThat(watched.sent()).extracting(sql -> sql.substring(0, 6)).containsExactly("SELECT", "INSERT");
        }
    }

    @Test
    void databaseThatTakesNoWritesIsAnOutageForReadsTooUntilItDoes() throws SQLException {
        try (HikariDataSource owner = Postgres.database().emptyDatabase();
                HikariDataSource pool = Postgres.database().pool(config -> {
                    config.setJdbcUrl(owner.getJdbcUrl());
                    config.setMaximumPoolSize(1);
                })) {
            JdbcStores.migrate(owner);
            JdbcStores stores = JdbcStores.of(pool, TestDatabase.ISSUER);
            Registration first = anonymous("reg_1");
            stores.registrations().insert(first, NOW);
            String name = owner.getJdbcUrl().replaceFirst(".*/(fresh[0-9]+).*", "$1");
            execute(owner, "ALTER DATABASE " + name + " SET default_transaction_read_only = on");
            pool.getHikariPoolMXBean().softEvictConnections();

            assertOutage(() -> stores.registrations().insert(anonymous("reg_2"), NOW));
            assertOutage(() -> stores.registrations().replace(first, first.revoke(EndReason.OPERATOR, NOW)));
            assertOutage(() -> stores.registrations().purge(NOW.plusSeconds(1_000_000), NOW, 10));
            assertOutage(() -> stores.registrations().findById("reg_1"));
            assertOutage(() -> stores.tokens().find(TOKEN));

            execute(owner, "SET default_transaction_read_only = off", "ALTER DATABASE " + name + " RESET ALL");
            assertThat(withinAFewTries(() -> stores.registrations().findById("reg_1")))
                    .isPresent();
            assertThat(stores.registrations().replace(first, first.revoke(EndReason.OPERATOR, NOW)))
                    .isPresent();
        }
    }

    @Test
    void mariaDbThatTakesNoWritesIsAnOutageForReadsTooUntilItDoes() throws SQLException {
        TestDatabase database = MariaDb.database();
        database.empty();
        execute(
                database.dataSource(),
                "CREATE OR REPLACE USER service@localhost",
                "GRANT SELECT, INSERT, UPDATE, DELETE ON agentauth.* TO service@localhost");
        try (HikariDataSource pool = database.pool(config -> config.setUsername("service"))) {
            JdbcStores stores = JdbcStores.of(pool, TestDatabase.ISSUER);
            stores.registrations().insert(anonymous("reg_1"), NOW);
            execute(database.dataSource(), "SET GLOBAL read_only = 1");

            assertThat(stores.registrations().findById("reg_1"))
                    .as("nobody has doubted yet")
                    .isPresent();
            assertOutage(() -> stores.registrations().insert(anonymous("reg_2"), NOW));
            assertOutage(() -> stores.registrations().findById("reg_1"));

            execute(database.dataSource(), "SET GLOBAL read_only = 0");
            assertThat(stores.registrations().insert(anonymous("reg_2"), NOW)).isTrue();
            assertThat(stores.registrations().findById("reg_1")).isPresent();
        } finally {
            execute(database.dataSource(), "SET GLOBAL read_only = 0", "DROP USER service@localhost");
        }
    }

    private static void assertOutage(Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOf(PortUnavailableException.class)
                .hasMessageContaining("takes no writes");
    }
}
