package dev.agentauth.examples;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * Keeps trying to connect, several times a second. HikariCP alone doubles its pause with every failure, up to five seconds,
 * and so would notice late that the database is back. Only the pool's own thread waits here; requests wait in the pool,
 * which has its own limit.
 */
final class ReconnectingDataSource implements DataSource {
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final int ATTEMPTS = 150;

    private final DemoConfig.Jdbc database;

    private ReconnectingDataSource(DemoConfig.Jdbc database) {
        this.database = database;
    }

    /** A source for a database that can be reached now. */
    static ReconnectingDataSource of(DemoConfig.Jdbc database) throws SQLException {
        ReconnectingDataSource source = new ReconnectingDataSource(database);
        source.connect().close();
        return source;
    }

    @Override
    public Connection getConnection() throws SQLException {
        for (int i = 1; ; i++) {
            try {
                return connect();
            } catch (SQLException e) {
                if (i == ATTEMPTS) {
                    throw e;
                }
            }
            try {
                Thread.sleep(PAUSE.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new SQLException("the pool has been closed", e);
            }
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(database.url(), database.user(), database.password());
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    /** Asked for and set by the pool; each driver has its own settings for this in its URL. */
    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLException("wraps nothing");
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
