package dev.agentauth.jdbc;

import java.sql.SQLException;

/** What a database's errors mean, by SQLState and, where that says too little, by the vendor's code. Never by text. */
final class SqlErrors {
    private static final int MYSQL_DUPLICATE_KEY = 1062;
    private static final int MYSQL_RECORD_CHANGED = 1020;
    private static final int MYSQL_LOCK_WAIT_TIMEOUT = 1205;

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
     * wrong form. Anything else that is neither a duplicate nor a conflict is an outage.
     */
    static boolean isRefusal(SQLException e) {
        String state = state(e);
        return state.length() == 5
                && switch (state.substring(0, 2)) {
                    case "07", "0A", "21", "22", "23", "42" -> true;
                    default -> false;
                };
    }

    private static String state(SQLException e) {
        return e.getSQLState() == null ? "" : e.getSQLState();
    }
}
