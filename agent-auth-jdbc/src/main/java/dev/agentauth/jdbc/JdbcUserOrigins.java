package dev.agentauth.jdbc;

import dev.agentauth.SecretHash;
import dev.agentauth.spi.UserOrigins;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Origins of users, a row each: a reservation until its user is recorded, and then the user, with the key for as long as it
 * yields that user. What decides a race is a unique index, or the one row that a statement changes.
 */
final class JdbcUserOrigins implements UserOrigins {
    private static final String TABLE = "agent_auth_user_origin";
    private static final String RESERVE = "INSERT INTO " + TABLE
            + " (id, service_key, origin_key, address_key, reserved_until) VALUES (?, ?, ?, ?, ?)";
    private static final String FIND = "SELECT id, reserved_until, user_id FROM " + TABLE + " WHERE origin_key = ?";
    private static final String FIND_BY_ID = "SELECT user_id FROM " + TABLE + " WHERE id = ?";
    private static final String RECORD =
            "UPDATE " + TABLE + " SET user_id = ?, user_key = ?, address_key = NULL WHERE id = ? AND user_key IS NULL";
    private static final String RELEASE = "DELETE FROM " + TABLE + " WHERE id = ? AND user_key IS NULL";
    private static final String CANCEL = "DELETE FROM " + TABLE + " WHERE address_key = ?";
    private static final String FIND_RESERVED = "SELECT id FROM " + TABLE + " WHERE address_key = ?";
    private static final String FIND_USER = "SELECT id FROM " + TABLE + " WHERE user_key = ?";
    private static final String FORGET_KEYS = "UPDATE " + TABLE + " SET origin_key = NULL WHERE user_key = ?";
    private static final String HAS_KEY = " WHERE service_key = ? AND origin_key IS NOT NULL AND user_key IS NOT NULL";
    private static final String LAST_OF_BATCH = "SELECT id FROM " + TABLE + HAS_KEY + " ORDER BY id LIMIT 1 OFFSET ?";
    private static final String FORGET_ALL_KEYS = "UPDATE " + TABLE + " SET origin_key = NULL" + HAS_KEY;
    private static final String FORGET_KEYS_OF_BATCH = FORGET_ALL_KEYS + " AND id <= ?";
    private static final String FORGET = "DELETE FROM " + TABLE + " WHERE user_key = ?";

    private final Database database;
    private final String issuer;
    private final SecretHash service;
    private final String reserve;

    JdbcUserOrigins(Database database, String issuer, SecretHash service) {
        this.database = database;
        this.issuer = issuer;
        this.service = service;
        this.reserve = database.dialect().insertIfAbsent(RESERVE);
    }

    private record Entry(String id, Instant until, @Nullable String userId) {}

    @Override
    public Optional<Origin> find(SecretHash key) {
        return entry(key)
                .map(entry -> entry.userId() == null ? new BeingMade(entry.until()) : new Yields(entry.userId()));
    }

    @Override
    public boolean reserve(
            SecretHash key, String reservation, Optional<SecretHash> address, Instant now, Instant until) {
        while (true) {
            if (insert(key, reservation, address.orElse(null), until)) {
                return true;
            }
            Optional<Entry> known = entry(key);
            if (known.isPresent()) {
                if (known.get().userId() != null || now.isBefore(known.get().until())) {
                    return known.get().id().equals(reservation);
                }
                release(known.get().id());
            }
        }
    }

    private boolean insert(SecretHash key, String reservation, @Nullable SecretHash address, Instant until) {
        try {
            return database.write(
                    reserve,
                    parameters -> parameters
                            .text(reservation)
                            .hash(service)
                            .hash(own(key))
                            .hash(address == null ? null : own(address))
                            .time(until));
        } catch (OutcomeUnknownException e) {
            // The name is this call's alone: if it is there, it got through.
            if (entry(key).filter(entry -> entry.id().equals(reservation)).isPresent()) {
                return true;
            }
            throw e;
        }
    }

    @Override
    public boolean record(String reservation, String userId) {
        try {
            return database.write(
                    RECORD,
                    parameters -> parameters.text(userId).hash(userKey(userId)).text(reservation));
        } catch (OutcomeUnknownException e) {
            Optional<Optional<String>> stored = database.find(
                    FIND_BY_ID,
                    parameters -> parameters.text(reservation),
                    row -> Optional.ofNullable(row.textOrNull()));
            if (stored.equals(Optional.of(Optional.of(userId)))) {
                return true;
            }
            throw e;
        }
    }

    @Override
    public void release(String reservation) {
        int unused = database.writeRepeatably(RELEASE, parameters -> parameters.text(reservation));
    }

    @Override
    public void cancel(SecretHash address) {
        int unused = database.writeRepeatably(CANCEL, parameters -> parameters.hash(own(address)));
    }

    @Override
    public boolean isReserved(SecretHash address) {
        return exists(FIND_RESERVED, own(address));
    }

    @Override
    public boolean isOnProvidersWord(String userId) {
        return exists(FIND_USER, userKey(userId));
    }

    @Override
    public void forgetKeys(String userId) {
        int unused = database.writeRepeatably(FORGET_KEYS, parameters -> parameters.hash(userKey(userId)));
    }

    @Override
    public int forgetAllKeys(int limit) {
        Optional<String> last = database.find(
                LAST_OF_BATCH, parameters -> parameters.hash(service).count(limit - 1), Row::text);
        return last.isPresent()
                ? database.writeRepeatably(
                        FORGET_KEYS_OF_BATCH,
                        parameters -> parameters.hash(service).text(last.get()))
                : database.writeRepeatably(FORGET_ALL_KEYS, parameters -> parameters.hash(service));
    }

    @Override
    public void forget(String userId) {
        int unused = database.writeRepeatably(FORGET, parameters -> parameters.hash(userKey(userId)));
    }

    private Optional<Entry> entry(SecretHash key) {
        return database.find(FIND, parameters -> parameters.hash(own(key)), JdbcUserOrigins::read);
    }

    private static Entry read(Row row) throws SQLException {
        return new Entry(row.text(), row.time(), row.textOrNull());
    }

    private boolean exists(String select, SecretHash hash) {
        return database.find(select, parameters -> parameters.hash(hash), Row::text)
                .isPresent();
    }

    private SecretHash userKey(String userId) {
        return SecretHash.ofParts(issuer, userId);
    }

    /** A key of this service alone: another one on this database has the same identities, addresses and users. */
    private SecretHash own(SecretHash key) {
        return SecretHash.ofParts(issuer, HexFormat.of().formatHex(key.bytes()));
    }
}
