package dev.agentauth.jdbc;

import dev.agentauth.SecretHash;
import dev.agentauth.spi.Microseconds;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The parameters of a statement, set one after the other. */
final class Parameters {
    private final PreparedStatement statement;
    private int last;

    Parameters(PreparedStatement statement) {
        this.statement = statement;
    }

    Parameters text(@Nullable String value) throws SQLException {
        statement.setString(++last, value);
        return this;
    }

    Parameters hash(@Nullable SecretHash value) throws SQLException {
        return bytes(value == null ? null : value.bytes());
    }

    Parameters bytes(byte @Nullable [] value) throws SQLException {
        statement.setBytes(++last, value);
        return this;
    }

    Parameters number(@Nullable Long value) throws SQLException {
        if (value == null) {
            statement.setNull(++last, Types.BIGINT);
        } else {
            statement.setLong(++last, value);
        }
        return this;
    }

    Parameters count(@Nullable Integer value) throws SQLException {
        if (value == null) {
            statement.setNull(++last, Types.INTEGER);
        } else {
            statement.setInt(++last, value);
        }
        return this;
    }

    Parameters flag(@Nullable Boolean value) throws SQLException {
        if (value == null) {
            statement.setNull(++last, Types.BOOLEAN);
        } else {
            statement.setBoolean(++last, value);
        }
        return this;
    }

    Parameters time(@Nullable Instant value) throws SQLException {
        return number(value == null ? null : Microseconds.of(value));
    }
}
