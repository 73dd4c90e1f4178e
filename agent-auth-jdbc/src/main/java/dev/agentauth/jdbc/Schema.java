package dev.agentauth.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/**
 * The scripts that make our tables, and the table that remembers which of them have been run. A script can be run again
 * whatever became of it before: nothing in it fails because it is there already, and its row in the history is written last.
 * So a migration that was killed, or that two replicas do at once, harms nobody; PostgreSQL, which undoes definitions with
 * their transaction, lets the second one wait for the first.
 */
final class Schema {
    private static final String HISTORY = "agent_auth_schema";
    private static final String FIND = "SELECT script FROM " + HISTORY;
    private static final String RECORD = "INSERT INTO " + HISTORY + " (script) VALUES (?)";

    private static final int MAX_ATTEMPTS = 20;

    /** In this order. A script that was released is never edited, and none is ever renamed: a further one follows. */
    private static final List<String> STORES = List.of("agent_auth_01_stores");

    private static final List<String> USERS = List.of("agent_auth_users_01");

    private final Database database;
    private final String folder;
    private final List<String> scripts;

    private Schema(Database database, String folder, List<String> scripts) {
        this.database = database;
        this.folder = "/db/" + folder + "/" + database.dialect().folder() + "/";
        this.scripts = scripts;
    }

    /** The tables of {@link JdbcStores}. */
    static Schema ofStores(DataSource dataSource) {
        return new Schema(Database.unchecked(dataSource), "agent-auth", STORES);
    }

    /** The table of {@link JdbcUserDirectory}. */
    static Schema ofUsers(DataSource dataSource) {
        return new Schema(Database.unchecked(dataSource), "agent-auth-users", USERS);
    }

    /** Runs what has not been run. */
    void migrate() {
        if (isComplete()) {
            // Most starts are like this, and the account of a service may have no right to make tables.
            return;
        }
        try {
            runRepeatedly();
        } catch (IllegalStateException e) {
            throw new IllegalStateException(
                    "the database refused to make the tables of agent-auth: let this account make tables in this"
                            + " schema, or have another one run JdbcStores.migrate or the scripts",
                    e.getCause());
        }
    }

    /** Where definitions cannot wait for one another, those of replicas that start together get into each other's way. */
    private void runRepeatedly() {
        for (int i = 1; ; i++) {
            try {
                boolean unused = database.inTransaction(this::run);
                return;
            } catch (OutcomeUnknownException e) {
                if (i == MAX_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private boolean isComplete() {
        try {
            return Set.copyOf(database.findAll(FIND, parameters -> {}, Row::text))
                    .containsAll(scripts);
        } catch (IllegalStateException e) {
            // There is no history yet.
            return false;
        }
    }

    private boolean run(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            Dialect dialect = database.dialect();
            for (String lock : dialect.lockOfSchema()) {
                statement.execute(lock);
            }
            define(
                    statement,
                    "CREATE TABLE IF NOT EXISTS " + HISTORY
                            + " (script varchar(64) PRIMARY KEY, run_at timestamp DEFAULT CURRENT_TIMESTAMP NOT NULL)"
                            + dialect.tableOptions());
            List<String> done = Database.select(connection, FIND, parameters -> {}, Row::text);
            for (String script : scripts) {
                if (!done.contains(script)) {
                    for (String definition : definitions(script)) {
                        define(statement, definition);
                    }
                    Database.update(connection, dialect.insertIfAbsent(RECORD), parameters -> parameters.text(script));
                }
            }
            return true;
        }
    }

    private static void define(Statement statement, String definition) throws SQLException {
        try {
            statement.execute(definition);
        } catch (SQLException e) {
            // Not every database has IF NOT EXISTS for everything.
            if (!SqlErrors.isDefinedAlready(e)) {
                throw e;
            }
        }
    }

    /** The statements of a script. A comment has its lines for itself, and no semicolon in it. */
    private List<String> definitions(String script) {
        String path = folder + "R__" + script + ".sql";
        try (InputStream in = Schema.class.getResourceAsStream(path)) {
            String text = new String(Objects.requireNonNull(in, path).readAllBytes(), StandardCharsets.UTF_8);
            String code = text.lines()
                    .filter(line -> !line.stripLeading().startsWith("--"))
                    .collect(Collectors.joining("\n"));
            return Arrays.stream(code.split(";", -1))
                    .map(String::strip)
                    .filter(definition -> !definition.isEmpty())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(path, e);
        }
    }
}
