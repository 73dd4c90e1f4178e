package dev.agentauth.jdbc;

import dev.agentauth.SecretHash;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The columns of a row, read one after the other. */
final class Row {
    private final ResultSet results;
    private int last;

    Row(ResultSet results) {
        this.results = results;
    }

    @Nullable
    String textOrNull() throws SQLException {
        return results.getString(++last);
    }

    String text() throws SQLException {
        return present(textOrNull());
    }

    byte @Nullable [] bytesOrNull() throws SQLException {
        return results.getBytes(++last);
    }

    @Nullable
    SecretHash hashOrNull() throws SQLException {
        byte[] bytes = bytesOrNull();
        return bytes == null ? null : SecretHash.ofBytes(bytes);
    }

    SecretHash hash() throws SQLException {
        return present(hashOrNull());
    }

    /** Zero if the column is NULL. */
    long number() throws SQLException {
        return results.getLong(++last);
    }

    /** Zero if the column is NULL. */
    int count() throws SQLException {
        return results.getInt(++last);
    }

    /** False if the column is NULL. */
    boolean flag() throws SQLException {
        return results.getBoolean(++last);
    }

    @Nullable
    Instant timeOrNull() throws SQLException {
        long microseconds = number();
        return results.wasNull() ? null : Microseconds.toInstant(microseconds);
    }

    Instant time() throws SQLException {
        return present(timeOrNull());
    }

    private <T> T present(@Nullable T value) {
        return Objects.requireNonNull(value, "a column is empty that never is");
    }
}
