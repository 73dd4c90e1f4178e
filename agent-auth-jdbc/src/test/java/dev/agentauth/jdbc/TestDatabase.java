package dev.agentauth.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** A real database with our tables, started once for all tests of a JVM, and the pool that leads to it. */
final class TestDatabase {
    private static final List<String> TABLES = List.of(
            "agent_auth_registration",
            "agent_auth_access_token",
            "agent_auth_replay",
            "agent_auth_logout_mark",
            "agent_auth_user");
    private static final int POOL = 16;

    private final String folder;
    private final String url;
    private final String user;
    private final HikariDataSource pool;

    TestDatabase(String folder, String url, String user) {
        this.folder = folder;
        this.url = url;
        this.user = user;
        this.pool = pool(config -> {
            config.setMaximumPoolSize(POOL);
            config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        });
        migrate("db/agent-auth/");
        migrate("db/agent-auth-users/");
    }

    /** Another pool to the same database, with settings of its own. */
    HikariDataSource pool(Consumer<HikariConfig> settings) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername(user);
        config.setPassword("");
        config.setMaximumPoolSize(POOL / 2);
        settings.accept(config);
        return new HikariDataSource(config);
    }

    /** As an embedder does who has tables of his own in the same schema. */
    private void migrate(String scripts) {
        Flyway.configure()
                .dataSource(pool)
                .locations("classpath:" + scripts + folder)
                .table(scripts.contains("users") ? "users_history" : "stores_history")
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load()
                .migrate();
    }

    @Override
    public String toString() {
        return folder;
    }

    DataSource dataSource() {
        return pool;
    }

    /** Leaves nothing in any table. */
    void empty() {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            for (String table : TABLES) {
                statement.execute("DELETE FROM " + table);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
