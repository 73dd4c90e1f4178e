package dev.agentauth.jdbc;

import dev.agentauth.SecretHash;
import dev.agentauth.spi.JwtKind;
import dev.agentauth.spi.ReplayStore;
import java.time.Instant;
import java.util.Optional;

/** Presented JWTs, a row each under the SHA-256 of kind, issuer and id. */
final class JdbcReplayStore implements ReplayStore {
    private static final String TABLE = "agent_auth_replay";
    private static final String INSERT =
            "INSERT INTO " + TABLE + " (jwt_key, write_mark, needed_until, service_key) VALUES (?, ?, ?, ?)";
    private static final String RENEW = "UPDATE " + TABLE + " SET write_mark = ?, needed_until = ?"
            + " WHERE service_key = ? AND jwt_key = ? AND needed_until <= ?";
    private static final String FIND =
            "SELECT write_mark, needed_until FROM " + TABLE + " WHERE service_key = ? AND jwt_key = ?";

    private final Database database;
    private final SecretHash service;
    private final String insert;
    private final String purge;

    /** The JWTs that were presented to one service: no statement reaches those of another. */
    JdbcReplayStore(Database database, SecretHash service) {
        this.database = database;
        this.service = service;
        this.insert = database.dialect().insertIfAbsent(INSERT);
        this.purge = database.dialect().purge(TABLE, "needed_until");
    }

    private record Entry(long mark, Instant neededUntil) {}

    @Override
    public boolean recordFirst(JwtKind kind, String issuer, String jti, Instant now, Instant until) {
        SecretHash key = key(kind, issuer, jti);
        long mark = database.newWriteMark();
        try {
            while (true) {
                if (insert(key, mark, until) || renew(key, mark, now, until)) {
                    return true;
                }
                if (isNeeded(key, now)) {
                    return false;
                }
                // Purged meanwhile.
            }
        } catch (OutcomeUnknownException e) {
            Entry entry =
                    find(key).filter(found -> now.isBefore(found.neededUntil())).orElseThrow(() -> e);
            return entry.mark() == mark;
        }
    }

    @Override
    public boolean seen(JwtKind kind, String issuer, String jti, Instant now) {
        return isNeeded(key(kind, issuer, jti), now);
    }

    @Override
    public int purgeExpired(Instant now, int limit) {
        return database.writeRepeatably(
                purge, parameters -> parameters.hash(service).time(now).count(limit));
    }

    private boolean insert(SecretHash key, long mark, Instant until) {
        return database.write(
                insert,
                parameters -> parameters.hash(key).number(mark).time(until).hash(service));
    }

    /** Takes over a record whose time is over. */
    private boolean renew(SecretHash key, long mark, Instant now, Instant until) {
        return database.write(
                RENEW,
                parameters -> parameters
                        .number(mark)
                        .time(until)
                        .hash(service)
                        .hash(key)
                        .time(now));
    }

    private boolean isNeeded(SecretHash key, Instant now) {
        return find(key).filter(entry -> now.isBefore(entry.neededUntil())).isPresent();
    }

    private Optional<Entry> find(SecretHash key) {
        return database.find(
                FIND, parameters -> parameters.hash(service).hash(key), row -> new Entry(row.number(), row.time()));
    }

    private static SecretHash key(JwtKind kind, String issuer, String jti) {
        return SecretHash.ofParts(kind.name(), issuer, jti);
    }
}
