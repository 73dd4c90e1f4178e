package dev.agentauth.jdbc;

import dev.agentauth.SecretHash;
import dev.agentauth.spi.Microseconds;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A column, declared once: what it is called, what is written into it, and of what type it is, which says how it is written
 * and read.
 *
 * @param name its name in the table
 * @param position its place among the columns that are read together, from 1
 * @param type how a value gets in and out
 * @param value what it holds of the thing that the row stands for
 * @param <T> the thing
 * @param <V> the type of the values
 */
record Column<T, V>(String name, int position, Type<V> type, Value<T, V> value) {
    private static final int HASH_BYTES = 32;

    static final Type<String> TEXT = new Type<>(Parameters::text, ResultSet::getString);
    static final Type<SecretHash> HASH = new Type<>(Parameters::hash, (results, index) -> {
        byte[] bytes = results.getBytes(index);
        return bytes == null ? null : SecretHash.ofBytes(bytes);
    });
    static final Type<Set<SecretHash>> HASHES = new Type<>(
            (parameters, hashes) -> parameters.bytes(hashes == null ? null : joined(hashes)), (results, index) -> {
                byte[] bytes = results.getBytes(index);
                return bytes == null ? null : divided(bytes);
            });
    static final Type<Long> NUMBER = new Type<>(Parameters::number, (results, index) -> {
        long number = results.getLong(index);
        return results.wasNull() ? null : number;
    });
    static final Type<Integer> COUNT = new Type<>(Parameters::count, (results, index) -> {
        int count = results.getInt(index);
        return results.wasNull() ? null : count;
    });
    static final Type<Boolean> FLAG = new Type<>(Parameters::flag, (results, index) -> {
        boolean flag = results.getBoolean(index);
        return results.wasNull() ? null : flag;
    });
    static final Type<Instant> TIME = new Type<>(Parameters::time, (results, index) -> {
        long microseconds = results.getLong(index);
        return results.wasNull() ? null : Microseconds.toInstant(microseconds);
    });

    /** One of an enumeration, by its name. */
    static <E extends Enum<E>> Type<E> oneOf(Class<E> constants) {
        return new Type<>(
                (parameters, constant) -> parameters.text(constant == null ? null : constant.name()),
                (results, index) -> {
                    String name = results.getString(index);
                    return name == null ? null : Enum.valueOf(constants, name);
                });
    }

    void write(Parameters parameters, T thing) throws SQLException {
        type.writer().write(parameters, value.of(thing));
    }

    /** What a column holds of a thing; null is NULL. */
    @FunctionalInterface
    interface Value<T, V> {
        @Nullable
        V of(T thing);
    }

    /** How values of one type get into the parameters of a statement and out of its results. */
    record Type<V>(Writer<V> writer, Reader<V> reader) {}

    /** Sets the next parameter. */
    @FunctionalInterface
    interface Writer<V> {
        @SuppressWarnings("UnusedReturnValue")
        Parameters write(Parameters parameters, @Nullable V value) throws SQLException;
    }

    /** Reads a column of a row by its index, from 1. */
    @FunctionalInterface
    interface Reader<V> {
        @Nullable
        V read(ResultSet results, int index) throws SQLException;
    }

    private static byte[] joined(Set<SecretHash> hashes) {
        ByteBuffer bytes = ByteBuffer.allocate(hashes.size() * HASH_BYTES);
        hashes.forEach(hash -> bytes.put(hash.bytes()));
        return bytes.array();
    }

    private static Set<SecretHash> divided(byte[] bytes) {
        Set<SecretHash> hashes = new HashSet<>();
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            byte[] hash = new byte[HASH_BYTES];
            buffer.get(hash);
            hashes.add(SecretHash.ofBytes(hash));
        }
        return hashes;
    }
}
