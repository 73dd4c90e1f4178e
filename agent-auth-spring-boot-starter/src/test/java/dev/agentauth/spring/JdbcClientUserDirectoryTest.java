package dev.agentauth.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.zaxxer.hikari.HikariDataSource;
import dev.agentauth.spi.Contact;
import dev.agentauth.spi.User;
import dev.agentauth.spi.UserDirectory;
import dev.agentauth.testkit.Outage;
import dev.agentauth.testkit.UserDirectoryContract;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Tables of users as services have them, under the contract of directories. */
class JdbcClientUserDirectoryTest {
    private static final String BY_ID = "SELECT id, email, active FROM person WHERE id = :id";
    private static final String BY_EMAIL = "SELECT id, email, active FROM person WHERE email = :email";

    /** With ids that are made here. */
    @Nested
    class OurIdsTest extends OnTable {
        OurIdsTest() {
            super("id varchar(36) PRIMARY KEY", "INSERT INTO person (id, email) VALUES (:id, :email)");
        }
    }

    /** With ids that the database makes, in a pool that does not commit by itself. */
    @Nested
    class GeneratedIdsTest extends OnTable {
        GeneratedIdsTest() {
            super("id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY", "INSERT INTO person (email) VALUES (:email)");
            pool.setAutoCommit(false);
        }
    }

    abstract static class OnTable extends UserDirectoryContract {
        final HikariDataSource pool = new HikariDataSource();
        private final String id;
        private final String create;
        private volatile boolean away;

        OnTable(String id, String create) {
            this.id = id;
            this.create = create;
            pool.setJdbcUrl("jdbc:h2:mem:" + UUID.randomUUID());
            pool.setMaximumPoolSize(8);
        }

        @AfterEach
        void close() {
            pool.close();
        }

        @Override
        protected UserDirectory newDirectory() {
            try (Connection connection = pool.getConnection();
                    var statement = connection.createStatement()) {
                statement.execute("CREATE TABLE person (" + id
                        + ", email varchar(254) UNIQUE, active boolean DEFAULT TRUE NOT NULL)");
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
            return JdbcClientUserDirectory.of(breakable(), BY_ID, BY_EMAIL, create);
        }

        @Override
        protected boolean hasPhoneNumbers() {
            return false;
        }

        @Override
        protected Optional<Outage> outage() {
            return Optional.of(new Outage() {
                @Override
                public void begin() {
                    away = true;
                }

                @Override
                public void end() {
                    away = false;
                }
            });
        }

        private DataSource breakable() {
            return (DataSource) Proxy.newProxyInstance(
                    DataSource.class.getClassLoader(),
                    new Class<?>[] {DataSource.class},
                    (proxy, method, arguments) -> {
                        if (away && method.getName().equals("getConnection")) {
                            throw new SQLException("away", "08001");
                        }
                        return switch (method.getName()) {
                            case "equals" -> proxy == arguments[0];
                            case "hashCode" -> System.identityHashCode(proxy);
                            default -> method.invoke(pool, arguments);
                        };
                    });
        }
    }

    @Test
    void lockedPersonIsInactiveAndWhatIsNoIdIsNobodys() {
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl("jdbc:h2:mem:" + UUID.randomUUID());
            JdbcClient db = JdbcClient.create(pool);
            db.sql("CREATE TABLE person (id bigint PRIMARY KEY, email varchar(254) UNIQUE, active boolean)")
                    .update();
            db.sql("INSERT INTO person VALUES (7, 'ada@example.com', FALSE)").update();
            UserDirectory users =
                    JdbcClientUserDirectory.of(pool, BY_ID, BY_EMAIL, "INSERT INTO person (email) VALUES (:email)");

            assertThat(users.findById("7").map(User::isActive)).contains(false);
            assertThat(users.findById("")).isEmpty();
            assertThat(users.findById("ada")).isEmpty();
            assertThat(users.findById("07")).isEmpty();
        }
    }

    @Test
    void addressThatTheDatabaseTakesForAlikeIsAnothers() {
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl("jdbc:h2:mem:" + UUID.randomUUID());
            JdbcClient db = JdbcClient.create(pool);
            db.sql("CREATE TABLE person (id bigint PRIMARY KEY, email varchar(254))")
                    .update();
            db.sql("INSERT INTO person VALUES (7, 'ad\u00e9@example.com'), (8, '\u212aim@example.com'),"
                            + " (9, 'Bob@Example.com')")
                    .update();
            UserDirectory users = JdbcClientUserDirectory.of(
                    pool,
                    "SELECT id, email FROM person WHERE id = :id",
                    "SELECT id, email FROM person WHERE lower(translate(email, '\u00e9\u212a', 'ek')) = :email",
                    "INSERT INTO person (email) VALUES (:email)");

            assertThat(users.findByVerifiedEmail("ade@example.com")).isEmpty();
            assertThat(users.findByVerifiedEmail("kim@example.com")).isEmpty();
            assertThat(users.findByVerifiedEmail("bob@example.com").map(User::id))
                    .contains("9");
        }
    }

    @Test
    void userIsMadeEvenIfTheCallersTransactionIsRolledBack() {
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl("jdbc:h2:mem:" + UUID.randomUUID());
            JdbcClient.create(pool)
                    .sql("CREATE TABLE person (id varchar(36), email varchar(254) UNIQUE, active boolean DEFAULT TRUE)")
                    .update();
            UserDirectory users = JdbcClientUserDirectory.of(
                    pool, BY_ID, BY_EMAIL, "INSERT INTO person (id, email) VALUES (:id, :email)");

            new TransactionTemplate(new JdbcTransactionManager(pool)).executeWithoutResult(status -> {
                assertThat(users.create(Contact.of("ada@example.com", null))).isPresent();
                status.setRollbackOnly();
            });

            assertThat(users.findByVerifiedEmail("ada@example.com")).isPresent();
        }
    }

    @Test
    void statementWithoutItsParameterIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JdbcClientUserDirectory.of(
                        new HikariDataSource(), "SELECT id, email FROM person", BY_EMAIL, BY_EMAIL))
                .withMessageContaining(":id");
    }
}
