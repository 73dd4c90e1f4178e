package dev.agentauth.jdbc;

import static dev.agentauth.testkit.TestRegistrations.CLAIM_EXPIRES;
import static dev.agentauth.testkit.TestRegistrations.NOW;
import static dev.agentauth.testkit.TestRegistrations.anonymous;
import static dev.agentauth.testkit.TestRegistrations.identity;
import static dev.agentauth.testkit.TestRegistrations.provider;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.agentauth.SecretHash;
import dev.agentauth.registration.EndReason;
import dev.agentauth.registration.Registration;
import dev.agentauth.spi.AccessToken;
import dev.agentauth.spi.RegistrationStore;
import dev.agentauth.testkit.Race;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TimeZone;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Connections as embedders configure them: at any isolation, in transactions by default, in any time zone. */
class ConnectionsTest {

    static Stream<Arguments> isolations() {
        return Stream.of(
                Arguments.of(Postgres.database(), "TRANSACTION_SERIALIZABLE"),
                Arguments.of(Postgres.database(), "TRANSACTION_REPEATABLE_READ"),
                Arguments.of(MariaDb.database(), "TRANSACTION_SERIALIZABLE"),
                Arguments.of(MariaDb.database(), "TRANSACTION_REPEATABLE_READ"),
                Arguments.of(H2.database(), "TRANSACTION_SERIALIZABLE"));
    }

    @ParameterizedTest
    @MethodSource("isolations")
    void racesHaveOneWinnerAtEveryIsolation(TestDatabase database, String isolation) {
        database.empty();
        try (HikariDataSource pool = database.pool(config -> config.setTransactionIsolation(isolation))) {
            RegistrationStore registrations =
                    JdbcStores.of(pool, TestDatabase.ISSUER).registrations();
            AtomicInteger ids = new AtomicInteger();

            List<Boolean> inserted = Race.run(
                    () -> registrations.insert(provider("reg_" + ids.incrementAndGet(), identity("s"), "user_1"), NOW));
            Registration winner =
                    registrations.findByProviderInAnyTenant(identity("s")).get(0);
            List<Optional<Registration>> replaced = Race.run(() -> registrations.replace(winner, winner.raiseEpoch()));

            assertThat(inserted).filteredOn(won -> won).hasSize(1);
            assertThat(replaced).filteredOn(Optional::isPresent).hasSize(1);
        }
    }

    @ParameterizedTest
    @MethodSource("isolations")
    void purgesShareTheWorkAtEveryIsolation(TestDatabase database, String isolation) {
        database.empty();
        try (HikariDataSource pool = database.pool(config -> config.setTransactionIsolation(isolation))) {
            JdbcStores stores = JdbcStores.of(pool, TestDatabase.ISSUER);
            for (int i = 0; i < 200; i++) {
                stores.registrations().insert(anonymous("reg_" + i), NOW);
                stores.tokens().insert(new AccessToken(SecretHash.of("at_" + i), "reg_" + i, 0, null, NOW), NOW, 1000);
            }
            List<String> purged = Collections.synchronizedList(new ArrayList<>());

            List<Integer> tokens = Race.run(() -> {
                stores.registrations()
                        .purge(CLAIM_EXPIRES, NOW, 10)
                        .forEach(registration -> purged.add(registration.id()));
                return stores.tokens().purgeExpired(NOW, 10);
            });

            assertThat(purged).hasSize(200).doesNotHaveDuplicates();
            assertThat(tokens.stream().mapToInt(Integer::intValue).sum()
                            + stores.tokens().purgeExpired(NOW, 1000))
                    .isEqualTo(200);
        }
    }

    @Test
    void writeIsCommittedThoughConnectionsComeInTransactions() {
        for (TestDatabase database : List.of(Postgres.database(), MariaDb.database(), H2.database())) {
            database.empty();
            try (HikariDataSource pool = database.pool(config -> config.setAutoCommit(false))) {
                RegistrationStore registrations =
                        JdbcStores.of(pool, TestDatabase.ISSUER).registrations();
                registrations.insert(anonymous("reg_1"), NOW);

                assertThat(JdbcStores.of(database.dataSource(), TestDatabase.ISSUER)
                                .registrations()
                                .findById("reg_1"))
                        .isPresent();
                assertThat(registrations.purge(CLAIM_EXPIRES, NOW, 10)).hasSize(1);
                assertThat(JdbcStores.of(database.dataSource(), TestDatabase.ISSUER)
                                .registrations()
                                .findById("reg_1"))
                        .isEmpty();
            }
        }
    }

    @Test
    void timesAreTheSameInEveryTimeZone() {
        Instant inTheGap = Instant.parse("2026-03-29T01:30:00.123456Z");
        Registration registration = anonymous("reg_1").revoke(EndReason.OPERATOR, inTheGap);
        TimeZone ours = TimeZone.getDefault();
        try {
            for (TestDatabase database : List.of(Postgres.database(), MariaDb.database(), H2.database())) {
                database.empty();
                TimeZone.setDefault(TimeZone.getTimeZone("Europe/Berlin"));
                try (HikariDataSource pool = database.pool(config -> {})) {
                    JdbcStores.of(pool, TestDatabase.ISSUER).registrations().insert(registration, NOW);
                }
                TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Apia"));
                try (HikariDataSource pool = database.pool(config -> {})) {
                    assertThat(JdbcStores.of(pool, TestDatabase.ISSUER)
                                    .registrations()
                                    .findById("reg_1"))
                            .contains(registration);
                }
            }
        } finally {
            TimeZone.setDefault(ours);
        }
    }

    @Test
    void purgeDoesNotWaitForARowThatSomebodyElseHolds() throws SQLException {
        TestDatabase database = Postgres.database();
        database.empty();
        DataSource dataSource = database.dataSource();
        JdbcStores stores = JdbcStores.of(dataSource, TestDatabase.ISSUER);
        for (int i = 0; i < 10; i++) {
            stores.tokens().insert(new AccessToken(SecretHash.of("at_" + i), "reg_1", 0, null, NOW), NOW, 1000);
        }
        try (Connection other = dataSource.getConnection()) {
            other.setAutoCommit(false);
            try (PreparedStatement lock =
                    other.prepareStatement("SELECT 1 FROM agent_auth_access_token WHERE token_hash = ? FOR UPDATE")) {
                lock.setBytes(1, SecretHash.of("at_3").bytes());
                lock.executeQuery().close();

                assertThat(stores.tokens().purgeExpired(NOW, 100)).isEqualTo(9);
            } finally {
                other.rollback();
                other.setAutoCommit(true);
            }
        }
        assertThat(stores.tokens().purgeExpired(NOW, 100)).isEqualTo(1);
    }

    @Test
    void connectionThatTheDatabaseHasEndedIsReplaced() throws SQLException {
        TestDatabase database = Postgres.database();
        database.empty();
        try (HikariDataSource pool =
                database.pool(config -> config.addDataSourceProperty("ApplicationName", "to be ended"))) {
            RegistrationStore registrations =
                    JdbcStores.of(pool, TestDatabase.ISSUER).registrations();
            registrations.insert(anonymous("reg_1"), NOW);
            try (Connection other = database.dataSource().getConnection();
                    Statement statement = other.createStatement()) {
                statement.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        + " WHERE application_name = 'to be ended'");
            }

            assertThat(registrations.findById("reg_1")).isPresent();
        }
    }

    @Test
    void configuredConnectionsComeBackAsTheyWere() throws SQLException {
        TestDatabase database = Postgres.database();
        database.empty();
        try (HikariDataSource pool = database.pool(config -> {
            config.setMaximumPoolSize(1);
            config.setTransactionIsolation("TRANSACTION_SERIALIZABLE");
        })) {
            JdbcStores.of(pool, TestDatabase.ISSUER).registrations().purge(CLAIM_EXPIRES, NOW, 10);
            try (Connection connection = pool.getConnection()) {
                assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
                assertThat(connection.getAutoCommit()).isTrue();
            }
        }
    }
}
