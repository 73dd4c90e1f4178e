package dev.agentauth.jdbc;

import dev.agentauth.SecretHash;
import dev.agentauth.registration.ProviderIdentity;
import dev.agentauth.spi.LogoutMarks;
import dev.agentauth.spi.PortUnavailableException;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/** Logout marks, a row each under the SHA-256 of the subject, with its tenant or for all of them. */
final class JdbcLogoutMarks implements LogoutMarks {
    private static final String TABLE = "agent_auth_logout_mark";
    private static final String INSERT =
            "INSERT INTO " + TABLE + " (service_key, subject_key, issued_at, needed_until) VALUES (?, ?, ?, ?)";
    private static final String FIND =
            "SELECT issued_at FROM " + TABLE + " WHERE service_key = ? AND subject_key IN (?, ?)";

    private final Database database;
    private final SecretHash service;
    private final String raise;
    private final String purge;

    /** The marks of one service: no statement reaches those of another. */
    JdbcLogoutMarks(Database database, SecretHash service) {
        this.database = database;
        this.service = service;
        this.raise = database.dialect().raiseMark(INSERT);
        this.purge = database.dialect().purge(TABLE, "needed_until");
    }

    @Override
    public void raise(ProviderIdentity subject, Instant issuedAt, Instant until) {
        int written = database.writeRepeatably(
                raise,
                parameters -> parameters
                        .hash(service)
                        .hash(subject.key())
                        .time(issuedAt)
                        .time(until));
        // One that was there and need not change counts as none with some settings of MySQL's drivers.
        if (written == 0 && !isRaised(subject, issuedAt)) {
            throw new PortUnavailableException("a logout mark was written without effect");
        }
    }

    private boolean isRaised(ProviderIdentity subject, Instant issuedAt) {
        return database.find(
                        FIND,
                        parameters ->
                                parameters.hash(service).hash(subject.key()).hash(subject.key()),
                        Row::time)
                .filter(newest -> !newest.isBefore(issuedAt))
                .isPresent();
    }

    @Override
    public Optional<Instant> newest(ProviderIdentity identity) {
        return database
                .findAll(
                        FIND,
                        parameters ->
                                parameters.hash(service).hash(identity.key()).hash(identity.subjectKey()),
                        Row::time)
                .stream()
                .max(Comparator.naturalOrder());
    }

    @Override
    public int purgeExpired(Instant now, int limit) {
        return database.writeRepeatably(
                purge, parameters -> parameters.hash(service).time(now).count(limit));
    }
}
