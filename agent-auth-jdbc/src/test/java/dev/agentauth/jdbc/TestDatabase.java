package dev.agentauth.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** A real database with our tables, started once for all tests of a JVM, and the pool that leads to it. */
final class TestDatabase {
    /** The service that tests store for. */
    static final String ISSUER = "https://auth.example.com";

    private static final List<String> TABLES = List.of(
            "agent_auth_service",
            "agent_auth_registration",
            "agent_auth_access_token",
            "agent_auth_replay",
            "agent_auth_logout_mark",
            "agent_auth_user_origin",
            "agent_auth_user");
    private static final int POOL = 16;
    private static final AtomicInteger EMPTY = new AtomicInteger();

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
        JdbcStores.migrate(pool);
        JdbcUserDirectory.migrate(pool);
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

    /** A pool to a database of its own on the same server, in which there is nothing yet. */
    HikariDataSource emptyDatabase() {
        String name = "fresh" + EMPTY.incrementAndGet();
        if (folder.equals("h2")) {
            return pool(config -> config.setJdbcUrl("jdbc:h2:mem:" + name + ";DB_CLOSE_DELAY=-1"));
        }
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return pool(config -> config.setJdbcUrl(url.replaceFirst("/(agentauth|postgres)(?=\\?|$)", "/" + name)));
    }

    @Override
    public String toString() {
        return folder;
    }

    DataSource dataSource() {
        return pool;
    }

    String url() {
        return url;
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
