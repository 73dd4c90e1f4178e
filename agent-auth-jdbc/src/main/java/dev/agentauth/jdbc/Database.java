package dev.agentauth.jdbc;

import dev.agentauth.spi.StoreUnavailableException;
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

    private final DataSource dataSource;
    private final Dialect dialect;

    private Database(DataSource dataSource, Dialect dialect) {
        this.dataSource = dataSource;
        this.dialect = dialect;
    }

    static Database of(DataSource dataSource) {
        try (Connection connection = dataSource.getConnection()) {
            return new Database(dataSource, Dialect.of(connection.getMetaData().getDatabaseProductName()));
        } catch (SQLException e) {
            throw unreachable(e);
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
        for (int conflicts = 0; ; conflicts++) {
            boolean sent = false;
            try (Connection connection = dataSource.getConnection()) {
                boolean commitsByItself = connection.getAutoCommit();
                if (!commitsByItself) {
                    connection.setAutoCommit(true);
                }
                sent = true;
                T outcome = work.run(connection);
                if (!commitsByItself) {
                    connection.setAutoCommit(false);
                }
                return outcome;
            } catch (SQLException e) {
                // A duplicate that gets here is one of an upsert that the database does not do atomically.
                if (!SqlErrors.isConflict(e) && !SqlErrors.isDuplicateKey(e)) {
                    throw failure(e, sent);
                }
                if (conflicts == MAX_CONFLICTS) {
                    throw new StoreUnavailableException("the database found no order for concurrent statements", e);
                }
            }
        }
    }

    private static RuntimeException failure(SQLException e, boolean sent) {
        if (SqlErrors.isRefusal(e)) {
            return new IllegalStateException(
                    "the database refused a statement; have all scripts of db/agent-auth been run?", e);
        }
        return sent ? new OutcomeUnknownException(e) : unreachable(e);
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

    private static int update(Connection connection, String sql, Binding binding) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            binding.bind(new Parameters(statement));
            return statement.executeUpdate();
        }
    }

    private static StoreUnavailableException unreachable(SQLException e) {
        return new StoreUnavailableException("the database cannot be reached", e);
    }
}
