package dev.agentauth.jdbc;

import static dev.agentauth.testkit.TestRegistrations.NOW;
import static dev.agentauth.testkit.TestRegistrations.anonymous;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.agentauth.spi.RegistrationStore;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Our tables are made beside a service's own, by whatever makes those. */
class F11_MigrationTest {

    static Stream<TestDatabase> databases() {
        return Stream.of(Postgres.database(), MariaDb.database(), H2.database());
    }

    @ParameterizedTest
    @MethodSource("databases")
    void makesEveryTableAndDoesNothingTheSecondTime(TestDatabase database) {
        try (HikariDataSource empty = database.emptyDatabase()) {
            WatchedDataSource watched = new WatchedDataSource(empty);

            migrate(watched.dataSource());
            assertThatTheStoresWork(empty);
            watched.sent();
            migrate(watched.dataSource());

            assertThat(watched.sent())
                    .containsExactly("SELECT script FROM agent_auth_schema", "SELECT script FROM agent_auth_schema");
        }
    }

    @Test
    void serviceWithAFirstScriptOfItsOwnKeepsItsHistoryToItself() {
        try (HikariDataSource empty = H2.database().emptyDatabase()) {
            for (int start = 1; start <= 2; start++) {
                Flyway flyway = flyway(empty, "classpath:db/migration-of-a-service");
                flyway.migrate();
                migrate(empty);
                flyway.validate();

                assertThat(flyway.info().applied())
                        .extracting(MigrationInfo::getScript)
                        .containsExactly("V1__orders.sql");
            }
            assertThatTheStoresWork(empty);
        }
    }

    @Test
    void flywayMayRunOurScriptsTogetherWithTheServicesOwn() {
        try (HikariDataSource empty = H2.database().emptyDatabase()) {
            for (int start = 1; start <= 2; start++) {
                Flyway flyway = flyway(
                        empty,
                        "classpath:db/migration-of-a-service",
                        "classpath:db/agent-auth/h2",
                        "classpath:db/agent-auth-users/h2");
                flyway.migrate();
                flyway.validate();
            }
            assertThatTheStoresWork(empty);

            assertThatCode(() -> migrate(empty))
                    .as("both ways, one after the other")
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void flywayThatComesSecondWantsToBeToldAsTheGuideSays() {
        try (HikariDataSource empty = H2.database().emptyDatabase()) {
            migrate(empty);

            assertThatThrownBy(() ->
                            flyway(empty, "classpath:db/migration-of-a-service").migrate())
                    .isInstanceOf(FlywayException.class);
        }
    }

    private static Flyway flyway(DataSource dataSource, String... locations) {
        return Flyway.configure().dataSource(dataSource).locations(locations).load();
    }

    @Test
    void accountThatMayNotMakeTablesIsToldSoAndIsEnoughOnceTheyAreThere() throws SQLException {
        try (HikariDataSource owner = Postgres.database().emptyDatabase()) {
            execute(
                    owner,
                    "DROP ROLE IF EXISTS service",
                    "CREATE ROLE service LOGIN",
                    "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
                    "ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO service");
            try (HikariDataSource service = Postgres.database().pool(config -> {
                config.setJdbcUrl(owner.getJdbcUrl().replaceFirst("\\?.*", ""));
                config.setUsername("service");
            })) {
                assertThatThrownBy(() -> migrate(service))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("JdbcStores.migrate");
                migrate(owner);

                assertThatCode(() -> migrate(service)).doesNotThrowAnyException();
                assertThatTheStoresWork(service);
            } finally {
                execute(owner, "DROP OWNED BY service", "DROP ROLE service");
            }
        }
    }

    @Test
    void everyScriptIsRunAndNoNameOfOneCanMeetAnother() throws IOException, URISyntaxException {
        for (String folder : List.of("h2", "mariadb", "mysql", "postgresql")) {
            assertThat(scripts("agent-auth/" + folder))
                    .extracting(path -> path.getFileName().toString())
                    .as("repeatable ones, which have no version")
                    .containsExactly("R__agent_auth_01_stores.sql");
            assertThat(scripts("agent-auth-users/" + folder))
                    .extracting(path -> path.getFileName().toString())
                    .containsExactly("R__agent_auth_users_01.sql");
        }
    }

    @Test
    void noCommentEndsAStatementAndNothingFailsBecauseItIsThere() throws IOException, URISyntaxException {
        for (String scripts : List.of("agent-auth", "agent-auth-users")) {
            for (String folder : List.of("h2", "mariadb", "mysql", "postgresql")) {
                for (Path script : scripts(scripts + "/" + folder)) {
                    List<String> lines = Files.readAllLines(script);
                    assertThat(lines)
                            .as("comments of %s", script)
                            .filteredOn(line -> line.contains("--"))
                            .allMatch(line -> line.strip().startsWith("--"))
                            .noneMatch(line -> line.contains(";"));
                    assertThat(lines)
                            .as("definitions of %s", script)
                            .filteredOn(line -> line.matches("(CREATE|ALTER) .*"))
                            .isNotEmpty()
                            .allMatch(line -> line.contains(" IF NOT EXISTS "));
                }
            }
        }
    }

    private static List<Path> scripts(String folder) throws IOException, URISyntaxException {
        Path path = Path.of(Objects.requireNonNull(F11_MigrationTest.class.getResource("/db/" + folder))
                .toURI());
        try (Stream<Path> files = Files.list(path)) {
            return files.sorted().toList();
        }
    }

    static void migrate(DataSource dataSource) {
        JdbcStores.migrate(dataSource);
        JdbcUserDirectory.migrate(dataSource);
    }

    static void assertThatTheStoresWork(DataSource dataSource) {
        RegistrationStore registrations =
                JdbcStores.of(dataSource, TestDatabase.ISSUER).registrations();
        registrations.insert(anonymous("reg_1"), NOW);

        assertThat(registrations.findById("reg_1")).isPresent();
        assertThat(JdbcUserDirectory.of(dataSource).findById("user_1")).isEmpty();
    }

    static void execute(DataSource dataSource, String... statements) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : Arrays.asList(statements)) {
                statement.execute(sql);
            }
        }
    }
}
