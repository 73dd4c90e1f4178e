package dev.agentauth.jdbc;

import dev.agentauth.spi.InstallationException;
import dev.agentauth.spi.PortUnavailableException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;

/**
 * Runs statements, each on a connection of its own that it returns at once, and says what the database's errors mean.
 * Outside of {@link #inTransaction} each statement is a transaction.
 */
final class Database {
    /** Each lost conflict means that another statement got through, so this many are a database that does not work. */
    private static final int MAX_CONFLICTS = 100;

    /** On each the next connection has been asked before. */
    private static final int MAX_REFUSED_WRITES = 2;

    private final Connections connections;
    private final Dialect dialect;

    private Database(DataSource dataSource, Dialect dialect) {
        this.connections = new Connections(dataSource, dialect);
        this.dialect = dialect;
    }

    /**
     * A database to work on.
     *
     * @throws PortUnavailableException if it cannot be reached now
     * @throws IllegalArgumentException if it is of a kind that there are no statements for
     * @throws IllegalStateException if it, or what stands before it, would break promises
     */
    static Database of(DataSource dataSource) {
        Database database = unchecked(dataSource);
        StartCheck.run(dataSource, database.dialect);
        return database;
    }

    /** The same, without a look at how it is set up: enough to make tables there. */
    static Database unchecked(DataSource dataSource) {
        try (Lease lease = Lease.of(dataSource)) {
            return new Database(
                    dataSource, Dialect.of(lease.connection().getMetaData().getDatabaseProductName()));
        } catch (SQLException e) {
            throw new PortUnavailableException("the database does not say what it is", e);
        }
    }

    Dialect dialect() {
        return dialect;
    }

    /** Sets the parameters of a statement. */
    @FunctionalInterface
    interface Binding {
        void bind(Parameters parameters) throws SQLException;
    }

    /** Makes a value of the columns of a row. */
    @FunctionalInterface
    interface Reading<T> {
        T read(Row row) throws SQLException;
    }

    /** Several statements that happen together. */
    @FunctionalInterface
    interface Transaction<T> {
        T run(Connection connection) throws SQLException;
    }

    /** What a writer leaves in the rows that it writes, to know its own writes by. */
    long newWriteMark() {
        return ThreadLocalRandom.current().nextLong();
    }

    <T> Optional<T> find(String select, Binding binding, Reading<T> reading) {
        return findAll(select, binding, reading).stream().findFirst();
    }

    /** Reads. A connection that breaks is replaced once: one from a pool may have died while nobody used it. */
    <T> List<T> findAll(String select, Binding binding, Reading<T> reading) {
        Transaction<List<T>> work = connection -> select(connection, select, binding, reading);
        try {
            return run(work);
        } catch (OutcomeUnknownException e) {
            return run(work);
        }
    }

    /**
     * Writes at most one row.
     *
     * @return whether it did; false if there was none to change, or if a unique key is taken: nothing has changed then
     * @throws OutcomeUnknownException if the connection broke after the statement was sent
     */
    boolean write(String sql, Binding binding) {
        return run(connection -> {
            try {
                return update(connection, sql, binding) == 1;
            } catch (SQLException e) {
                if (SqlErrors.isDuplicateKey(e)) {
                    return false;
                }
                throw e;
            }
        });
    }

    /**
     * Writes, and reads what it has written.
     *
     * @throws OutcomeUnknownException if the connection broke after the statement was sent
     */
    <T> List<T> writeReturning(String sql, Binding binding, Reading<T> reading) {
        return run(connection -> select(connection, sql, binding, reading));
    }

    /** Writes what may as well be written twice. */
    int writeRepeatably(String sql, Binding binding) {
        Transaction<Integer> work = connection -> update(connection, sql, binding);
        try {
            return run(work);
        } catch (OutcomeUnknownException e) {
            return run(work);
        }
    }

    /**
     * Runs several statements as one transaction under READ COMMITTED. What it does outside the database, it may do again.
     *
     * @throws OutcomeUnknownException if the connection broke
     */
    <T> T inTransaction(Transaction<T> transaction) {
        return run(connection -> {
            int isolation = connection.getTransactionIsolation();
            if (isolation != Connection.TRANSACTION_READ_COMMITTED) {
                connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            }
            connection.setAutoCommit(false);
            try {
                T outcome = transaction.run(connection);
                connection.commit();
                return outcome;
            } catch (SQLException | RuntimeException e) {
                undo(connection, e);
                throw e;
            } finally {
                connection.setAutoCommit(true);
                if (isolation != Connection.TRANSACTION_READ_COMMITTED) {
                    connection.setTransactionIsolation(isolation);
                }
            }
        });
    }

    /** Works on a connection until no other statement is in the way. */
    private <T> T run(Transaction<T> work) {
        int refusedWrites = 0;
        for (int conflicts = 0; ; conflicts++) {
            try {
                return runOnce(work);
            } catch (SQLException e) {
                if (SqlErrors.isReadOnly(e)) {
                    if (++refusedWrites == MAX_REFUSED_WRITES) {
                        throw new PortUnavailableException("the database takes no writes", e);
                    }
                    continue;
                }
                // A duplicate that gets here is one of an upsert that the database does not do atomically.
                if (!SqlErrors.isConflict(e) && !SqlErrors.isDuplicateKey(e)) {
                    throw failure(e);
                }
                if (conflicts == MAX_CONFLICTS) {
                    throw new PortUnavailableException("the database found no order for concurrent statements", e);
                }
            }
        }
    }

    private <T> T runOnce(Transaction<T> work) throws SQLException {
        try (Lease lease = connections.lease()) {
            try {
                return work.run(lease.connection());
            } catch (SQLException e) {
                if (SqlErrors.isReadOnly(e)) {
                    connections.doubt();
                    lease.end();
                }
                throw e;
            }
        }
    }

    /** What it means that a statement which was sent has failed. */
    private static RuntimeException failure(SQLException e) {
        if (SqlErrors.isRefusal(e)) {
            return new InstallationException(
                    "the database refused a statement; has JdbcStores.migrate been run, or every script of db/agent-auth?",
                    e);
        }
        return new OutcomeUnknownException(e);
    }

    private static void undo(Connection connection, Exception reason) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            reason.addSuppressed(e);
        }
    }

    static <T> List<T> select(Connection connection, String select, Binding binding, Reading<T> reading)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            binding.bind(new Parameters(statement));
            try (ResultSet results = statement.executeQuery()) {
                List<T> found = new ArrayList<>();
                while (results.next()) {
                    found.add(reading.read(new Row(results)));
                }
                return found;
            }
        }
    }

    static int update(Connection connection, String sql, Binding binding) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            binding.bind(new Parameters(statement));
            return statement.executeUpdate();
        }
    }
}
