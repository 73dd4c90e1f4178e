package dev.agentauth.jdbc;

import dev.agentauth.spi.PortUnavailableException;
import java.lang.reflect.InvocationTargetException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import javax.sql.DataSource;

/**
 * Looks at the start for what would break promises later without an error: a pooler that runs other statements than it was
 * given, a cluster whose nodes answer with what is no longer so. Each is refused with the one setting to make.
 */
final class StartCheck {
    static final String POOLER = "a pooler in transaction mode stands before the database and mixes up prepared"
            + " statements, so that a revocation could do nothing: add prepareThreshold=0 to the JDBC URL";
    static final String GALERA =
            "a node of this Galera cluster answers before it has applied what others have answered,"
                    + " so that a revoked token would still be accepted: set wsrep_sync_wait to 3 on every node, or add"
                    + " sessionVariables=wsrep_sync_wait=3 to the JDBC URL";

    /** The driver's own number, if it does not tell us. */
    private static final int DEFAULT_THRESHOLD = 5;

    private static final int MAX_EXECUTIONS = 200;
    private static final int ATTEMPTS = 20;
    private static final int SECONDS = 10;
    private static final String ASK_WHERE = "SELECT pg_backend_pid()";
    private static final String ECHO = "SELECT CAST(? AS bigint), pg_backend_pid()";

    /** A statement of that name is not there, is there already, or takes other parameters. */
    private static final Set<String> MIXED_UP = Set.of("26000", "42P05", "08P01");

    private static final String CLUSTER =
            "SHOW SESSION VARIABLES WHERE Variable_name IN ('wsrep_on', 'wsrep_sync_wait')";

    /** Reads wait; updates and deletes wait. Inserts need not: one that collides with an unseen row fails, and is repeated. */
    private static final int CAUSAL = 1 | 2;

    private StartCheck() {}

    /**
     * Looks.
     *
     * @throws PortUnavailableException if the database cannot be reached now
     * @throws IllegalStateException if it cannot be used as it is; names the setting to make
     */
    static void run(DataSource dataSource, Dialect dialect) {
        try (Lease lease = Lease.of(dataSource)) {
            switch (dialect) {
                case POSTGRESQL -> checkPooler(lease.connection(), dataSource);
                case MYSQL -> checkCluster(lease.connection());
                case H2 -> {
                    // A single process.
                }
            }
        } catch (SQLException e) {
            throw new PortUnavailableException("the database broke off while it was looked at", e);
        }
    }

    private static void checkPooler(Connection connection, DataSource dataSource) throws SQLException {
        OptionalInt threshold = ask(connection, "getPrepareThreshold");
        OptionalInt known = ask(connection, "getBackendPID");
        if (threshold.equals(OptionalInt.of(0))
                || (known.isPresent() && known.getAsInt() == number(connection, ASK_WHERE))) {
            // Nothing is prepared, or whom the driver speaks to is the server itself.
            return;
        }
        int executions = Math.min(Math.max(threshold.orElse(DEFAULT_THRESHOLD), 1), MAX_EXECUTIONS) + 2;
        try (PreparedStatement echo = connection.prepareStatement(ECHO)) {
            echo.setQueryTimeout(SECONDS);
            for (int i = 0; i < executions; i++) {
                int unused = echo(echo, i);
            }
            boolean moved = false;
            for (int i = 0; i < ATTEMPTS && !moved; i++) {
                moved = movesAway(echo, i, dataSource);
            }
        } catch (SQLException e) {
            if (MIXED_UP.contains(String.valueOf(e.getSQLState()))) {
                throw new IllegalStateException(POOLER, e);
            }
            throw e;
        }
    }

    /** Has somebody else take the server that has prepared the statement, runs it meanwhile, and says whether that was so. */
    private static boolean movesAway(PreparedStatement echo, long sent, DataSource dataSource) throws SQLException {
        int server = echo(echo, sent);
        try (Lease other = Lease.of(dataSource)) {
            other.connection().setAutoCommit(false);
            try {
                boolean taken = number(other.connection(), ASK_WHERE) == server;
                int unused = echo(echo, sent);
                return taken;
            } finally {
                other.connection().rollback();
                other.connection().setAutoCommit(true);
            }
        }
    }

    /** Has a server say what it was sent, and which one it is. */
    private static int echo(PreparedStatement echo, long sent) throws SQLException {
        echo.setLong(1, sent);
        try (ResultSet results = echo.executeQuery()) {
            if (!results.next() || results.getLong(1) != sent) {
                throw new IllegalStateException(POOLER);
            }
            return results.getInt(2);
        }
    }

    private static int number(Connection connection, String select) throws SQLException {
        return Database.select(connection, select, parameters -> {}, Row::count).get(0);
    }

    /** What PostgreSQL's driver knows of a connection; empty if it cannot be asked. We do not depend on it. */
    private static OptionalInt ask(Connection connection, String method) {
        try {
            Connection real =
                    connection.isWrapperFor(Connection.class) ? connection.unwrap(Connection.class) : connection;
            Object answer = real.getClass().getMethod(method).invoke(real);
            return answer instanceof Integer number ? OptionalInt.of(number) : OptionalInt.empty();
        } catch (SQLException
                | NoSuchMethodException
                | IllegalAccessException
                | InvocationTargetException
                | RuntimeException e) {
            return OptionalInt.empty();
        }
    }

    private static void checkCluster(Connection connection) throws SQLException {
        boolean clustered = false;
        int waits = 0;
        List<Variable> variables =
                Database.select(connection, CLUSTER, parameters -> {}, row -> new Variable(row.text(), row.text()));
        for (Variable variable : variables) {
            switch (variable.name()) {
                case "wsrep_on" -> clustered = variable.value().equals("ON");
                case "wsrep_sync_wait" -> waits = Integer.parseInt(variable.value());
                default -> throw new IllegalStateException("not asked for");
            }
        }
        if (clustered && (waits & CAUSAL) != CAUSAL) {
            throw new IllegalStateException(GALERA);
        }
    }

    private record Variable(String name, String value) {}
}
