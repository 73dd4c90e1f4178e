package dev.agentauth.jdbc;

import java.util.Locale;

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
            return insert + " ON CONFLICT (subject_key) DO UPDATE SET"
                    + " issued_at = GREATEST(agent_auth_logout_mark.issued_at, EXCLUDED.issued_at),"
                    + " needed_until = GREATEST(agent_auth_logout_mark.needed_until, EXCLUDED.needed_until)";
        }

        @Override
        String purge(String table, String expiry) {
            return "DELETE FROM " + table + " WHERE ctid = ANY (ARRAY(SELECT ctid FROM " + table + " WHERE " + expiry
                    + " <= ? ORDER BY " + expiry + " LIMIT ? FOR UPDATE SKIP LOCKED))";
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
            return "DELETE FROM " + table + " WHERE " + expiry + " <= ? ORDER BY " + expiry + " LIMIT ?";
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
                    + " USING (VALUES (CAST(? AS BINARY(32)), CAST(? AS BIGINT), CAST(? AS BIGINT)))"
                    + " AS raised (subject_key, issued_at, needed_until) ON mark.subject_key = raised.subject_key"
                    + " WHEN MATCHED THEN UPDATE SET issued_at = GREATEST(mark.issued_at, raised.issued_at),"
                    + " needed_until = GREATEST(mark.needed_until, raised.needed_until)"
                    + " WHEN NOT MATCHED THEN INSERT VALUES (raised.subject_key, raised.issued_at, raised.needed_until)";
        }

        @Override
        String purge(String table, String expiry) {
            return "DELETE FROM " + table + " WHERE " + expiry + " <= ? FETCH FIRST ? ROWS ONLY";
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

    /** Inserts (subject_key, issued_at, needed_until), or raises what is there; atomic either way. */
    abstract String raiseMark(String insert);

    /** Deletes rows that expire at the first parameter or before, as many as the second parameter allows. */
    abstract String purge(String table, String expiry);
}
