package dev.agentauth.jdbc;

import dev.agentauth.SecretHash;
import dev.agentauth.spi.AccessToken;
import dev.agentauth.spi.Microseconds;
import dev.agentauth.spi.Stores.TokenWithRegistration;
import dev.agentauth.spi.TokenStore;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Access tokens, a row each. */
final class JdbcTokenStore implements TokenStore {
    private static final String TABLE = "agent_auth_access_token";
    private static final String COLUMNS = "token_hash, registration_id, epoch, ceiling, expires_at";
    private static final String INSERT =
            "INSERT INTO " + TABLE + " (" + COLUMNS + ", service_key, issue_order) VALUES (?, ?, ?, ?, ?, ?, ?)";
    private static final String FIND =
            "SELECT " + COLUMNS + " FROM " + TABLE + " WHERE service_key = ? AND token_hash = ?";
    private static final String FIND_WITH_REGISTRATION =
            "SELECT token_hash, registration_id, token.epoch, ceiling, expires_at, "
                    + RegistrationRow.selected("registration") + " FROM " + TABLE
                    + " token JOIN agent_auth_registration registration"
                    + " ON registration.service_key = token.service_key AND registration.id = token.registration_id"
                    + " WHERE token.service_key = ? AND token_hash = ?";
    private static final String DELETE = "DELETE FROM " + TABLE + " WHERE service_key = ? AND token_hash = ?";

    /** MySQL takes no subquery on the table that it deletes from, unless it stands in another one. */
    private static final String DELETE_OLDEST = "DELETE FROM " + TABLE
            + " WHERE service_key = ? AND registration_id = ? AND issue_order <= (SELECT issue_order FROM (SELECT issue_order"
            + " FROM " + TABLE
            + " WHERE service_key = ? AND registration_id = ? ORDER BY issue_order DESC LIMIT 1 OFFSET ?)"
            + " first_too_many)";

    /** At the most so many tokens of a registration are inserted by one replica before those over the limit go. */
    private static final int MAX_SURPLUS = 100;

    private static final int COUNTERS = 4096;

    private final Database database;
    private final SecretHash service;
    private final String purge;

    /** How many tokens were inserted since somebody last looked at the limit, each counter for many registrations. */
    private final AtomicIntegerArray inserted = new AtomicIntegerArray(COUNTERS);

    /** Microseconds, raised where two tokens of this replica would be of the same. */
    private final AtomicLong lastOrder = new AtomicLong();

    /** The tokens of one service: no statement reaches those of another. */
    JdbcTokenStore(Database database, SecretHash service) {
        this.database = database;
        this.service = service;
        this.purge = database.dialect().purge(TABLE, "expires_at");
    }

    @Override
    public void insert(AccessToken token, Instant now, int limit) {
        long micros = Microseconds.of(now);
        long order = lastOrder.updateAndGet(last -> Math.max(last + 1, micros));
        boolean isNew = database.write(
                INSERT,
                parameters -> parameters
                        .hash(token.hash())
                        .text(token.registrationId())
                        .number(token.epoch())
                        .text(joined(token.ceiling()))
                        .time(token.expiresAt())
                        .hash(service)
                        .number(order));
        if (!isNew) {
            throw new IllegalArgumentException("the hash has been used before");
        }
        if (isTimeToLook(token.registrationId(), limit)) {
            deleteOldest(token.registrationId(), limit);
        }
    }

    /**
     * One exchange in many, so that the others cost no statement more. A counter goes on from anywhere, so that nobody can
     * time the tokens of one registration to let those of another be the ones that are looked at.
     */
    private boolean isTimeToLook(String registrationId, int limit) {
        int interval = Math.max(1, Math.min(limit / 10, MAX_SURPLUS));
        int counter = Math.floorMod(registrationId.hashCode(), COUNTERS);
        if (inserted.incrementAndGet(counter) < interval) {
            return false;
        }
        inserted.set(counter, ThreadLocalRandom.current().nextInt(interval));
        return true;
    }

    private void deleteOldest(String registrationId, int limit) {
        int unused = database.writeRepeatably(
                DELETE_OLDEST,
                parameters -> parameters
                        .hash(service)
                        .text(registrationId)
                        .hash(service)
                        .text(registrationId)
                        .count(limit));
    }

    @Override
    public Optional<AccessToken> find(SecretHash hash) {
        return database.find(FIND, parameters -> parameters.hash(service).hash(hash), JdbcTokenStore::read);
    }

    /** One statement for what each use of a token needs. */
    Optional<TokenWithRegistration> findWithRegistration(SecretHash hash) {
        return database.find(
                FIND_WITH_REGISTRATION,
                parameters -> parameters.hash(service).hash(hash),
                row -> new TokenWithRegistration(read(row), RegistrationRow.read(row)));
    }

    @Override
    public void delete(SecretHash hash) {
        int unused = database.writeRepeatably(
                DELETE, parameters -> parameters.hash(service).hash(hash));
    }

    @Override
    public int purgeExpired(Instant now, int limit) {
        return database.writeRepeatably(
                purge, parameters -> parameters.hash(service).time(now).count(limit));
    }

    private static AccessToken read(Row row) throws SQLException {
        return new AccessToken(row.hash(), row.text(), row.number(), divided(row.textOrNull()), row.time());
    }

    private static @Nullable String joined(@Nullable Set<String> ceiling) {
        return ceiling == null ? null : String.join(" ", ceiling);
    }

    private static @Nullable Set<String> divided(@Nullable String ceiling) {
        return ceiling == null ? null : ceiling.isEmpty() ? Set.of() : Set.of(ceiling.split(" "));
    }
}
