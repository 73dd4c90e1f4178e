package dev.agentauth.jdbc;

import dev.agentauth.SecretHash;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The columns of a row: read one after the other, or, behind those, by what was declared of them. */
final class Row {
    private final ResultSet results;
    private int last;

    Row(ResultSet results) {
        this.results = results;
    }

    /** One of the declared columns, which stand together behind what has been read one after the other. */
    <V> @Nullable V optional(Column<?, V> column) throws SQLException {
        return column.type().reader().read(results, last + column.position());
    }

    /** The same, of a column that is never empty, or not beside those that are filled. */
    <V> V required(Column<?, V> column) throws SQLException {
        return present(optional(column));
    }

    private <V> @Nullable V next(Column.Type<V> type) throws SQLException {
        return type.reader().read(results, ++last);
    }

    @Nullable
    String textOrNull() throws SQLException {
        return next(Column.TEXT);
    }

    String text() throws SQLException {
        return present(textOrNull());
    }

    @Nullable
    SecretHash hashOrNull() throws SQLException {
        return next(Column.HASH);
    }

    SecretHash hash() throws SQLException {
        return present(hashOrNull());
    }

    long number() throws SQLException {
        return present(next(Column.NUMBER));
    }

    int count() throws SQLException {
        return present(next(Column.COUNT));
    }

    boolean flag() throws SQLException {
        return present(next(Column.FLAG));
    }

    Instant time() throws SQLException {
        return present(next(Column.TIME));
    }

    private static <T> T present(@Nullable T value) {
        return Objects.requireNonNull(value, "a column is empty that never is");
    }
}
