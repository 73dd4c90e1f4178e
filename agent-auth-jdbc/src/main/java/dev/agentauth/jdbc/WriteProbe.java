package dev.agentauth.jdbc;

import dev.agentauth.spi.PortUnavailableException;

/** Writes a row that nobody reads, and commits it: what every registration and every revocation needs to get through. */
final class WriteProbe {
    private static final String TABLE = "agent_auth_probe";
    private static final String UPDATE = "UPDATE " + TABLE + " SET write_mark = ? WHERE id = 1";
    private static final String INSERT = "INSERT INTO " + TABLE + " (id, write_mark) VALUES (1, ?)";

    private final Database database;
    private final String insert;

    WriteProbe(Database database) {
        this.database = database;
        this.insert = database.dialect().insertIfAbsent(INSERT);
    }

    /**
     * Writes.
     *
     * @throws PortUnavailableException if that did not get through
     */
    void run() {
        // Another replica may make the row between our two statements.
        if (!update() && !insert() && !update()) {
            throw new PortUnavailableException("a write to the database had no effect");
        }
    }

    private boolean update() {
        return database.writeRepeatably(UPDATE, parameters -> parameters.number(database.newWriteMark())) == 1;
    }

    private boolean insert() {
        return database.write(insert, parameters -> parameters.number(database.newWriteMark()));
    }
}
