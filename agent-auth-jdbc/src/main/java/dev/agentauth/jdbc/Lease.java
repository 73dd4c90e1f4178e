package dev.agentauth.jdbc;

import dev.agentauth.spi.PortUnavailableException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * A connection for the time that a statement or a transaction takes, on which each statement commits by itself. Whatever goes
 * wrong before one can be sent is an outage; whatever goes wrong afterwards, when the connection is returned, changes nothing
 * of what was done.
 */
final class Lease implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Lease.class.getName());

    private final Connection connection;
    private final boolean commitsByItself;

    private Lease(Connection connection, boolean commitsByItself) {
        this.connection = connection;
        this.commitsByItself = commitsByItself;
    }

    /**
     * Waits for a connection as long as the data source does.
     *
     * @throws PortUnavailableException if none is to be had, for whatever reason: pools, drivers and what wraps them throw
     *     what they like
     */
    @SuppressWarnings("IllegalCatch")
    static Lease of(DataSource dataSource) {
        Connection connection;
        try {
            connection = Objects.requireNonNull(dataSource.getConnection(), "the data source gave no connection");
        } catch (Throwable e) {
            throw unreachable(e);
        }
        try {
            boolean commitsByItself = connection.getAutoCommit();
            if (!commitsByItself) {
                connection.setAutoCommit(true);
            }
            return new Lease(connection, commitsByItself);
        } catch (Throwable e) {
            new Lease(connection, true).close();
            throw unreachable(e);
        }
    }

    private static PortUnavailableException unreachable(Throwable e) {
        if (e instanceof VirtualMachineError fatal) {
            throw fatal;
        }
        return new PortUnavailableException("the database cannot be reached", e);
    }

    Connection connection() {
        return connection;
    }

    /** What is behind a pool's wrapper: the same object whenever it is leased. */
    Optional<Connection> physical() {
        try {
            return connection.isWrapperFor(Connection.class)
                    ? Optional.of(connection.unwrap(Connection.class))
                    : Optional.empty();
        } catch (SQLException | RuntimeException e) {
            return Optional.empty();
        }
    }

    /** Ends the connection itself, so that no pool lends it again. */
    void end() {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException | RuntimeException e) {
            LOG.log(Level.DEBUG, "a connection could not be ended", e);
        }
    }

    @Override
    public void close() {
        try (Connection returned = connection) {
            if (!commitsByItself) {
                returned.setAutoCommit(false);
            }
        } catch (SQLException | RuntimeException e) {
            LOG.log(Level.DEBUG, "a connection could not be returned as it was", e);
        }
    }
}
