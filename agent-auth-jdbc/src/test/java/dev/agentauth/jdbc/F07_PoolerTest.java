package dev.agentauth.jdbc;

import static dev.agentauth.testkit.TestRegistrations.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import com.zaxxer.hikari.HikariDataSource;
import dev.agentauth.SecretHash;
import dev.agentauth.spi.AccessToken;
import dev.agentauth.spi.PortUnavailableException;
import dev.agentauth.testkit.Race;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A pooler that runs other statements than it was given is refused at the start. */
class F07_PoolerTest {
    private static final Pattern PORT = Pattern.compile("//[^:/]+:([0-9]+)/");

    @Test
    void serverItselfIsUsedAsItIsAndAskedOnASingleConnection() {
        try (HikariDataSource single = Postgres.database().pool(config -> config.setMaximumPoolSize(1))) {
            assertThatCode(() -> JdbcStores.of(single, TestDatabase.ISSUER)).doesNotThrowAnyException();
        }
    }

    /** What pgjdbc tells when the pooler gives a transaction another server than the last one. */
    @ParameterizedTest
    @CsvSource({"26000, 7", "26000, 8", "42P05, 6", "08P01, 8"})
    void poolerThatLosesAPreparedStatementIsRefused(String state, int execution) {
        DataSource pooler = pooler(execution, () -> {
            throw new SQLException("planted", state);
        });

        assertThatThrownBy(() -> JdbcStores.of(pooler, TestDatabase.ISSUER))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("prepareThreshold=0")
                .hasMessageContaining("JDBC URL");
    }

    @Test
    void poolerThatRunsAnotherStatementOfThatNameIsRefused() {
        DataSource pooler = pooler(8, () -> 42L);

        assertThatThrownBy(() -> JdbcStores.of(pooler, TestDatabase.ISSUER))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("prepareThreshold=0");
    }

    @Test
    void poolerThatKeepsThemApartIsUsed() {
        assertThatCode(() -> JdbcStores.of(pooler(Integer.MAX_VALUE, () -> 42L), TestDatabase.ISSUER))
                .doesNotThrowAnyException();
    }

    @Test
    void anotherFailureIsAnOutage() {
        DataSource pooler = pooler(3, () -> {
            throw new SQLException("planted", "57P01");
        });

        assertThatThrownBy(() -> JdbcStores.of(pooler, TestDatabase.ISSUER))
                .isInstanceOf(PortUnavailableException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?prepareThreshold=1", "?prepareThreshold=40"})
    void realPoolerInTransactionModeIsRefused(String parameters) throws Exception {
        requirePgBouncer();
        try (PgBouncer bouncer = PgBouncer.start(serverPort(), "transaction");
                HikariDataSource pool = through(bouncer, parameters)) {
            assertThatThrownBy(() -> JdbcStores.of(pool, TestDatabase.ISSUER))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("prepareThreshold=0");
            assertThatThrownBy(() -> JdbcUserDirectory.of(pool)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void realPoolerInTransactionModeIsRefusedAgainAtTheNextStart() throws Exception {
        requirePgBouncer();
        try (PgBouncer bouncer = PgBouncer.start(serverPort(), "transaction")) {
            for (int start = 1; start <= 5; start++) {
                try (HikariDataSource pool = through(bouncer, "")) {
                    assertThatThrownBy(() -> JdbcStores.of(pool, TestDatabase.ISSUER))
                            .isInstanceOf(IllegalStateException.class);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"transaction, ?prepareThreshold=0", "session, ''", "session, ?prepareThreshold=1"})
    void realPoolerThatIsSetUpRightRevokesWhatItSays(String mode, String parameters) throws Exception {
        requirePgBouncer();
        Postgres.database().empty();
        try (PgBouncer bouncer = PgBouncer.start(serverPort(), mode);
                HikariDataSource pool = through(bouncer, parameters)) {
            JdbcStores.migrate(pool);
            JdbcStores stores = JdbcStores.of(pool, TestDatabase.ISSUER);
            AtomicInteger number = new AtomicInteger();

            List<Boolean> left = Race.run(() -> {
                boolean any = false;
                for (int i = 0; i < 20; i++) {
                    SecretHash hash = SecretHash.of("at_" + number.incrementAndGet());
                    stores.tokens().insert(new AccessToken(hash, "reg_1", 0, null, NOW.plusSeconds(60)), NOW, 1000);
                    stores.tokens().delete(hash);
                    any |= stores.tokens().find(hash).isPresent();
                }
                return any;
            });

            assertThat(left).containsOnly(false);
        }
    }

    private static void requirePgBouncer() {
        if (!PgBouncer.isInstalled()) {
            System.err.println("SKIPPED: no pgbouncer on this machine (Debian: apt install pgbouncer)");
            abort("no pgbouncer on this machine");
        }
    }

    private static int serverPort() {
        Matcher matcher = PORT.matcher(Postgres.database().url());
        assertThat(matcher.find()).isTrue();
        return Integer.parseInt(matcher.group(1));
    }

    private static HikariDataSource through(PgBouncer bouncer, String parameters) {
        return Postgres.database().pool(config -> config.setJdbcUrl(bouncer.url(parameters)));
    }

    @FunctionalInterface
    private interface Mishap {
        long happen() throws SQLException;
    }

    /** The real server behind connections that cannot be unwrapped, one execution of whose echo goes wrong. */
    private static DataSource pooler(int execution, Mishap mishap) {
        DataSource real = Postgres.database().dataSource();
        return stub(DataSource.class, real, Map.of("getConnection", arguments -> {
            AtomicInteger executions = new AtomicInteger();
            Connection connection = real.getConnection();
            return stub(
                    Connection.class,
                    connection,
                    Map.of(
                            "isWrapperFor", unused -> false,
                            "prepareStatement",
                                    sql -> {
                                        PreparedStatement statement = connection.prepareStatement((String) sql[0]);
                                        if (!((String) sql[0]).contains("CAST(? AS bigint)")) {
                                            return statement;
                                        }
                                        return stub(PreparedStatement.class, statement, Map.of("executeQuery", none -> {
                                            if (executions.incrementAndGet() == execution) {
                                                statement.setLong(1, mishap.happen());
                                            }
                                            return statement.executeQuery();
                                        }));
                                    }));
        }));
    }

    @FunctionalInterface
    private interface Call {
        Object answer(Object[] arguments) throws SQLException;
    }

    private static <T> T stub(Class<T> type, T real, Map<String, Call> calls) {
        return type.cast(Proxy.newProxyInstance(
                F07_PoolerTest.class.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    Call call = calls.get(method.getName());
                    if (call != null) {
                        return call.answer(arguments);
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
