package dev.agentauth.jdbc;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the databases write differently. Everything else is the same SQL for all of them. */
enum Dialect {
    POSTGRESQL {
        @Override
        String insertIfAbsent(String insert) {
            // The server would log every refused duplicate as an error.
            return insert + " ON CONFLICT DO NOTHING";
        }

        @Override
        String raiseMark(String insert) {
            return insert + " ON CONFLICT (service_key, subject_key) DO UPDATE SET"
                    + " issued_at = GREATEST(agent_auth_logout_mark.issued_at, EXCLUDED.issued_at),"
                    + " needed_until = GREATEST(agent_auth_logout_mark.needed_until, EXCLUDED.needed_until)";
        }

        @Override
        String purge(String table, String expiry) {
            return "DELETE FROM " + table + " WHERE ctid = ANY (ARRAY(SELECT ctid FROM " + table
                    + " WHERE service_key = ? AND " + expiry + " <= ? ORDER BY " + expiry
                    + " LIMIT ? FOR UPDATE SKIP LOCKED))";
        }

        @Override
        String updateSome(String update, String table, String which) {
            return update + " WHERE ctid = ANY (ARRAY(SELECT ctid FROM " + table + " WHERE " + which
                    + " LIMIT ? FOR UPDATE SKIP LOCKED))";
        }

        @Override
        String deleteSome(String table, String which, String order, String returned) {
            return "DELETE FROM " + table + " WHERE ctid = ANY (ARRAY(SELECT ctid FROM " + table + " WHERE " + which
                    + " ORDER BY " + order + " LIMIT ? FOR UPDATE SKIP LOCKED)) RETURNING " + returned;
        }

        @Override
        String asksWhetherItTakesWrites() {
            // On for a standby, too.
            return "SELECT current_setting('transaction_read_only') = 'off'";
        }

        @Override
        List<String> lockOfSchema() {
            // Ends with the transaction. The number is the library's own: "agentaut" in ASCII.
            return List.of("SELECT pg_advisory_xact_lock(" + 0x6167656e74617574L + ")");
        }
    },

    /** MariaDB and MySQL. */
    MYSQL {
        @Override
        String insertIfAbsent(String insert) {
            // The driver would log every refused duplicate. All values fit their columns: there is nothing else to
            // ignore.
            return insert.replaceFirst("^INSERT", "INSERT IGNORE");
        }

        @Override
        String raiseMark(String insert) {
            return insert + " ON DUPLICATE KEY UPDATE issued_at = GREATEST(issued_at, VALUES(issued_at)),"
                    + " needed_until = GREATEST(needed_until, VALUES(needed_until))";
        }

        @Override
        String purge(String table, String expiry) {
            return "DELETE FROM " + table + " WHERE service_key = ? AND " + expiry + " <= ? ORDER BY " + expiry
                    + " LIMIT ?";
        }

        @Override
        String updateSome(String update, String table, String which) {
            return update + " WHERE " + which + " LIMIT ?";
        }

        @Override
        String asksWhetherItTakesWrites() {
            return "SELECT @@global.read_only = 0";
        }

        @Override
        String tableOptions() {
            return " ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";
        }
    },

    H2 {
        @Override
        String insertIfAbsent(String insert) {
            return insert;
        }

        @Override
        String raiseMark(String insert) {
            return "MERGE INTO agent_auth_logout_mark AS mark"
                    + " USING (VALUES (CAST(? AS BINARY(32)), CAST(? AS BINARY(32)), CAST(? AS BIGINT), CAST(? AS BIGINT)))"
                    + " AS raised (service_key, subject_key, issued_at, needed_until)"
                    + " ON mark.service_key = raised.service_key AND mark.subject_key = raised.subject_key"
                    + " WHEN MATCHED THEN UPDATE SET issued_at = GREATEST(mark.issued_at, raised.issued_at),"
                    + " needed_until = GREATEST(mark.needed_until, raised.needed_until)"
                    + " WHEN NOT MATCHED THEN INSERT (service_key, subject_key, issued_at, needed_until)"
                    + " VALUES (raised.service_key, raised.subject_key, raised.issued_at, raised.needed_until)";
        }

        @Override
        String purge(String table, String expiry) {
            return "DELETE FROM " + table + " WHERE service_key = ? AND " + expiry + " <= ? FETCH FIRST ? ROWS ONLY";
        }

        @Override
        String updateSome(String update, String table, String which) {
            return update + " WHERE " + which + " FETCH FIRST ? ROWS ONLY";
        }

        @Override
        String asksWhetherItTakesWrites() {
            return "SELECT NOT READONLY()";
        }
    };

    /**
     * The dialect of a database.
     *
     * @param product what its driver calls it
     * @throws IllegalArgumentException if there is none for it
     */
    static Dialect of(String product) {
        return switch (product.toLowerCase(Locale.ROOT)) {
            case "postgresql" -> POSTGRESQL;
            case "mariadb", "mysql" -> MYSQL;
            case "h2" -> H2;
            default ->
                throw new IllegalArgumentException(
                        "there are no statements for " + product + ": PostgreSQL, MariaDB, MySQL and H2 are known");
        };
    }

    /** Changes no row where a unique key is taken, or lets the database say so as an error. */
    abstract String insertIfAbsent(String insert);

    /** Inserts (service_key, subject_key, issued_at, needed_until), or raises what is there; atomic either way. */
    abstract String raiseMark(String insert);

    /** Deletes rows of a service (1) that expire at an instant (2) or before, as many as a limit (3) allows. */
    abstract String purge(String table, String expiry);

    /**
     * Deletes rows of a table, in an order and with a limit as its last parameter, and returns columns of those that it has
     * deleted: all in one statement that waits for nobody.
     *
     * @return null if the database has none
     */
    @Nullable
    String deleteSome(String table, String which, String order, String returned) {
        return null;
    }

    /** Adds to an update which rows of a table it is for, and at the end of it a parameter for how many at the most. */
    abstract String updateSome(String update, String table, String which);

    /** Selects whether the database that a connection leads to takes writes from it. */
    abstract String asksWhetherItTakesWrites();

    /** Where the scripts for it are. Those of MariaDB are the same as MySQL's. */
    String folder() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What keeps others from making tables until the transaction ends, where that is more than one definition. */
    List<String> lockOfSchema() {
        return List.of();
    }

    /** What stands behind the columns of a table. */
    String tableOptions() {
        return "";
    }
}
