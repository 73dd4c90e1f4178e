package dev.agentauth.jdbc;

import java.sql.SQLException;
import java.util.Set;

/** What a database's errors mean, by SQLState and, where that says too little, by the vendor's code. Never by text. */
final class SqlErrors {
    private static final int MYSQL_DUPLICATE_KEY = 1062;
    private static final int MYSQL_RECORD_CHANGED = 1020;
    private static final int MYSQL_LOCK_WAIT_TIMEOUT = 1205;

    private static final int MYSQL_DUPLICATE_KEY_NAME = 1061;

    /** Connections of a user at once; connections, queries or updates of a user in an hour; prepared statements in all. */
    private static final Set<Integer> MYSQL_LIMITS = Set.of(1203, 1226, 1461);

    private static final Set<Integer> MYSQL_READ_ONLY = Set.of(1290, 1836);
    private static final int H2_READ_ONLY = 90097;

    private SqlErrors() {}

    /** A unique key is taken, and nothing has changed. */
    static boolean isDuplicateKey(SQLException e) {
        String state = state(e);
        return state.equals("23505") || (state.equals("23000") && e.getErrorCode() == MYSQL_DUPLICATE_KEY);
    }

    /** The statement lost against another one and was undone; it can be run again. */
    static boolean isConflict(SQLException e) {
        return switch (state(e)) {
            // Serialization failures and deadlocks of the standard and of PostgreSQL; lock timeouts and concurrent
            // updates of PostgreSQL and H2.
            case "40001", "40P01", "55P03", "HYT00", "90131" -> true;
            case "HY000" -> e.getErrorCode() == MYSQL_LOCK_WAIT_TIMEOUT || e.getErrorCode() == MYSQL_RECORD_CHANGED;
            default -> false;
        };
    }

    /**
     * The database understood the statement and will never accept it: a table or a column is missing, a value is of the
     * wrong form. Anything else that is neither a duplicate nor a conflict is an outage. Only for statements that were sent:
     * who cannot connect is told so with states of this kind, too.
     */
    static boolean isRefusal(SQLException e) {
        String state = state(e);
        return state.length() == 5
                && !isLimit(e)
                && switch (state.substring(0, 2)) {
                    case "07", "0A", "21", "22", "23", "42" -> true;
                    default -> false;
                };
    }

    /** The server that the connection leads to takes no writes, or no longer. */
    static boolean isReadOnly(SQLException e) {
        return switch (state(e)) {
            case "25006" -> true;
            case "HY000" -> MYSQL_READ_ONLY.contains(e.getErrorCode());
            default -> e.getErrorCode() == H2_READ_ONLY;
        };
    }

    /** Allowed, but not now: too much of something is in use, or a pooler has mixed up its prepared statements. */
    private static boolean isLimit(SQLException e) {
        return switch (state(e)) {
            case "42000" -> MYSQL_LIMITS.contains(e.getErrorCode());
            case "42P05" -> true;
            default -> false;
        };
    }

    /** A table, a column or an index that was to be made is there. */
    static boolean isDefinedAlready(SQLException e) {
        return switch (state(e)) {
            case "42S01", "42S11", "42S21" -> true;
            default -> e.getErrorCode() == MYSQL_DUPLICATE_KEY_NAME;
        };
    }

    private static String state(SQLException e) {
        return e.getSQLState() == null ? "" : e.getSQLState();
    }
}
