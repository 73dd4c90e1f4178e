package dev.agentauth.jdbc;

import static dev.agentauth.testkit.TestRegistrations.NOW;
import static dev.agentauth.testkit.TestRegistrations.anonymous;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.agentauth.SecretHash;
import dev.agentauth.spi.AccessToken;
import dev.agentauth.spi.InstallationException;
import dev.agentauth.spi.PortUnavailableException;
import dev.agentauth.spi.RegistrationStore;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.SQLSyntaxErrorException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No connection is an outage, for whatever reason there is none. A defect is only a statement that can never be run. */
class F06_OutageTest {
    private final AtomicReference<Throwable> planted = new AtomicReference<>();
    private final DataSource real = H2.database().dataSource();
    private JdbcStores stores;

    @BeforeEach
    void open() {
        H2.database().empty();
        stores = JdbcStores.of(
                stub(() -> {
                    throwPlanted();
                    return real.getConnection();
                }),
                TestDatabase.ISSUER);
    }

    static Stream<Throwable> whateverAPoolThrows() {
        return Stream.of(
                new SQLException("User 'x' has exceeded the 'max_user_connections' resource", "42000", 1226),
                new SQLSyntaxErrorException("Unknown database", "42000", 1049),
                new SQLInvalidAuthorizationSpecException("password authentication failed", "28P01"),
                new SQLException("database does not exist", "3D000"),
                new SQLException("no such column", "42S22", 1054),
                new SQLException("a duplicate, of all things", "23505"),
                new SQLException("a conflict", "40001"),
                new SQLException("nothing said"),
                new IllegalStateException("the pool has been closed"),
                new IllegalArgumentException("no tenant is set"),
                new NullPointerException("in the driver"),
                new IOException("not declared"),
                new InterruptedException("not declared"),
                new NoClassDefFoundError("no driver"),
                new AssertionError("a driver's own"));
    }

    @ParameterizedTest
    @MethodSource("whateverAPoolThrows")
    void whateverKeepsUsFromAConnectionIsAnOutageAndPasses(Throwable thrown) {
        SecretHash hash = SecretHash.of("at_1");
        planted.set(thrown);

        assertOutage(() -> stores.registrations().findById("reg_1"));
        assertOutage(() -> stores.registrations().insert(anonymous("reg_1"), NOW));
        assertOutage(() -> stores.registrations().revokeAll(NOW));
        assertOutage(() -> stores.registrations().purge(NOW, NOW, 10));
        assertOutage(() -> stores.tokens().insert(new AccessToken(hash, "reg_1", 0, null, NOW), NOW, 1000));
        assertOutage(() -> stores.tokens().delete(hash));
        assertOutage(() -> JdbcStores.of(
                stub(() -> {
                    throwPlanted();
                    return real.getConnection();
                }),
                TestDatabase.ISSUER));
        assertOutage(() -> JdbcStores.migrate(stub(() -> {
            throwPlanted();
            return real.getConnection();
        })));

        planted.set(null);
        assertThat(stores.registrations().insert(anonymous("reg_1"), NOW)).isTrue();
    }

    @ParameterizedTest
    @MethodSource("whateverAPoolThrows")
    void connectionThatCannotBeMadeReadyIsAnOutageToo(Throwable thrown) {
        JdbcStores unready =
                JdbcStores.of(stub(() -> connection("getAutoCommit", this::throwPlanted)), TestDatabase.ISSUER);
        planted.set(thrown);

        assertOutage(() -> unready.registrations().findById("reg_1"));
        assertOutage(() -> unready.registrations().insert(anonymous("reg_1"), NOW));
    }

    @Test
    void noConnectionAtAllIsAnOutage() {
        assertOutage(() -> JdbcStores.of(stub(() -> null), TestDatabase.ISSUER));
    }

    @Test
    void errorOfTheMachineItselfIsNoOutage() {
        planted.set(new OutOfMemoryError("planted"));

        assertThatThrownBy(() -> stores.registrations().findById("reg_1")).isInstanceOf(OutOfMemoryError.class);
    }

    @Test
    void connectionThatCannotBeReturnedChangesNothingOfWhatWasDone() {
        JdbcStores forgetful = JdbcStores.of(stub(() -> connection("close", this::throwPlanted)), TestDatabase.ISSUER);
        for (Throwable thrown : new Throwable[] {new SQLException("at last", "08006"), new IllegalStateException()}) {
            H2.database().empty();
            planted.set(thrown);

            assertThat(forgetful.registrations().insert(anonymous("reg_1"), NOW))
                    .isTrue();
            assertThat(forgetful.registrations().findById("reg_1")).isPresent();
            planted.set(null);
        }
    }

    @Test
    void statementThatThisInstallationCanNeverRunIsADefect() {
        try (HikariDataSource empty = H2.database().emptyDatabase()) {
            assertThatThrownBy(() -> JdbcStores.of(empty, TestDatabase.ISSUER))
                    .isInstanceOf(InstallationException.class);
        }
    }

    @Test
    void mariaDbThatHasEnoughOfAUserIsAnOutageUntilAConnectionIsFree() throws SQLException {
        TestDatabase database = MariaDb.database();
        database.empty();
        F11_MigrationTest.execute(
                database.dataSource(),
                "CREATE OR REPLACE USER limited@localhost WITH MAX_USER_CONNECTIONS 1",
                "GRANT ALL ON agentauth.* TO limited@localhost");
        try {
            DataSource unpooled =
                    stub(() -> DriverManager.getConnection(database.url().replaceFirst("\\?.*", ""), "limited", ""));
            RegistrationStore registrations =
                    JdbcStores.of(unpooled, TestDatabase.ISSUER).registrations();
            try (Connection taken = unpooled.getConnection()) {
                assertThatThrownBy(unpooled::getConnection)
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                e -> assertThat(e.getErrorCode()).isEqualTo(1226));

                assertOutage(() -> registrations.findById("reg_1"));
                assertOutage(() -> registrations.insert(anonymous("reg_1"), NOW));
                assertThat(taken.isValid(1)).isTrue();
            }
            F11_MigrationTest.execute(
                    database.dataSource(),
                    "ALTER USER limited@localhost WITH MAX_USER_CONNECTIONS 0 MAX_UPDATES_PER_HOUR 1",
                    "FLUSH USER_RESOURCES");
            registrations.insert(anonymous("reg_2"), NOW);

            assertOutage(() -> registrations.insert(anonymous("reg_3"), NOW));
        } finally {
            F11_MigrationTest.execute(database.dataSource(), "DROP USER limited@localhost");
        }
    }

    private static void assertOutage(Runnable call) {
        assertThatThrownBy(call::run).isInstanceOf(PortUnavailableException.class);
    }

    private void throwPlanted() {
        Throwable thrown = planted.get();
        if (thrown != null) {
            throw F06_OutageTest.<RuntimeException>sneaky(thrown);
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T extends Throwable> T sneaky(Throwable thrown) throws T {
        throw (T) thrown;
    }

    /** A real connection, one of whose methods does something else when it is done. */
    private Connection connection(String name, Runnable then) throws SQLException {
        Connection connection = real.getConnection();
        return (Connection) Proxy.newProxyInstance(
                F06_OutageTest.class.getClassLoader(), new Class<?>[] {Connection.class}, (self, method, arguments) -> {
                    Object result =
                            method.getName().equals("getAutoCommit") ? true : method.invoke(connection, arguments);
                    if (method.getName().equals(name)) {
                        then.run();
                    }
                    return result;
                });
    }

    @FunctionalInterface
    private interface Connecting {
        Connection connect() throws SQLException;
    }

    private static DataSource stub(Connecting connecting) {
        return (DataSource) Proxy.newProxyInstance(
                F06_OutageTest.class.getClassLoader(), new Class<?>[] {DataSource.class}, (self, method, arguments) -> {
                    if (method.getName().equals("getConnection")) {
                        return connecting.connect();
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
    }
}
