package dev.agentauth.jdbc;

import dev.agentauth.registration.ProviderIdentity;
import dev.agentauth.registration.ProviderSubject;
import dev.agentauth.spi.LogoutMarks;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/** Logout marks, a row each under the SHA-256 of the subject, with its tenant or for all of them. */
final class JdbcLogoutMarks implements LogoutMarks {
    private static final String TABLE = "agent_auth_logout_mark";
    private static final String INSERT =
            "INSERT INTO " + TABLE + " (subject_key, issued_at, needed_until) VALUES (?, ?, ?)";
    private static final String FIND = "SELECT issued_at FROM " + TABLE + " WHERE subject_key IN (?, ?)";

    private final Database database;
    private final String raise;
    private final String purge;

    JdbcLogoutMarks(Database database) {
        this.database = database;
        this.raise = database.dialect().raiseMark(INSERT);
        this.purge = database.dialect().purge(TABLE, "needed_until");
    }

    @Override
    public void raise(ProviderSubject subject, Instant issuedAt, Instant until) {
        int unused = database.writeRepeatably(
                raise,
                parameters -> parameters.hash(subject.key()).time(issuedAt).time(until));
    }

    @Override
    public Optional<Instant> newest(ProviderIdentity identity) {
        return database
                .findAll(FIND, parameters -> parameters.hash(identity.key()).hash(identity.subjectKey()), Row::time)
                .stream()
                .max(Comparator.naturalOrder());
    }

    @Override
    public int purgeExpired(Instant now, int limit) {
        return database.writeRepeatably(
                purge, parameters -> parameters.time(now).count(limit));
    }
}
