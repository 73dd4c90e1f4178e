package dev.agentauth.jdbc;

import dev.agentauth.SecretHash;
import dev.agentauth.registration.ProviderLink;
import dev.agentauth.registration.ProviderSubject;
import dev.agentauth.registration.Registration;
import dev.agentauth.registration.RegistrationKind;
import dev.agentauth.spi.RegistrationStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Registrations, a row each. A row has a version, which compare-and-set compares; a {@code live_key}, unique where it is
 * not NULL, which keeps a provider identity to one live registration; and the mark of its last write, by which a writer
 * whose connection broke sees whether it got through.
 */
final class JdbcRegistrationStore implements RegistrationStore {
    private static final String TABLE = "agent_auth_registration";

    /** The columns that {@link RegistrationRow#read} reads. */
    static final List<String> COLUMNS = Stream.of(RegistrationRow.FIXED, RegistrationRow.FACTS)
            .flatMap(List::stream)
            .toList();

    private static final List<String> WRITTEN = Stream.of(RegistrationRow.FACTS, RegistrationRow.DERIVED)
            .flatMap(List::stream)
            .toList();
    private static final int INSERTED = RegistrationRow.FIXED.size() + WRITTEN.size() + 2;

    private static final String INSERT = "INSERT INTO " + TABLE + " (" + String.join(", ", RegistrationRow.FIXED) + ", "
            + String.join(", ", WRITTEN) + ", live_key, write_mark) VALUES ("
            + String.join(", ", Collections.nCopies(INSERTED, "?")) + ")";

    /** A row keeps its key, which another one may have taken from it, unless it is claimed or revoked. */
    private static final String REPLACE = "UPDATE " + TABLE + " SET "
            + WRITTEN.stream().map(column -> column + " = ?").collect(Collectors.joining(", "))
            + ", live_key = CASE WHEN ? = 1 THEN live_key ELSE ? END"
            + ", write_mark = ?, version = version + 1 WHERE id = ? AND version = ?";

    private static final String SELECT = "SELECT " + String.join(", ", COLUMNS) + " FROM " + TABLE;
    private static final String FIND_BY_ID = SELECT + " WHERE id = ?";
    private static final String FIND_BY_CLAIM_TOKEN = SELECT + " WHERE claim_token = ?";
    private static final String FIND_BY_ATTEMPT_TOKEN = SELECT + " WHERE attempt_token = ?";
    private static final String FIND_BY_USER = SELECT + " WHERE user_key = ? ORDER BY created_at, id";
    private static final String FIND_BY_SUBJECT = SELECT + " WHERE subject_key = ? ORDER BY created_at, id";

    private static final String LAST_WRITE = "SELECT version, write_mark FROM " + TABLE + " WHERE id = ?";

    /** Takes an identity from a registration that has expired. The new version stops whoever is about to claim it. */
    private static final String FREE_IDENTITY = "UPDATE " + TABLE
            + " SET live_key = NULL, version = version + 1, write_mark = ? WHERE live_key = ? AND unsettled_since <= ?";

    private static final String REVOKE_ALL = "UPDATE " + TABLE
            + " SET revoked_at = ?, settled_since = ?, unsettled_since = NULL, live_key = NULL,"
            + " version = version + 1, write_mark = ? WHERE revoked_at IS NULL";

    private static final String PURGEABLE_UNSETTLED =
            SELECT + " WHERE unsettled_since <= ? ORDER BY unsettled_since LIMIT ?";
    private static final String PURGEABLE_SETTLED = SELECT + " WHERE settled_since <= ? ORDER BY settled_since LIMIT ?";
    private static final String DELETE = "DELETE FROM " + TABLE + " WHERE id = ? AND version = ?";

    private final Database database;
    private final String insert;

    JdbcRegistrationStore(Database database) {
        this.database = database;
        this.insert = database.dialect().insertIfAbsent(INSERT);
    }

    /** Whether one statement can read both these registrations and something else. */
    boolean isIn(Database other) {
        return database == other;
    }

    @Override
    public boolean insert(Registration registration, Instant now) {
        Registration first = registration.withVersion(0);
        long mark = database.newWriteMark();
        return insertOnce(first, mark) || (freeIdentity(first, now) && insertOnce(first, mark));
    }

    private boolean insertOnce(Registration registration, long mark) {
        try {
            return database.write(insert, parameters -> {
                RegistrationRow.bindFixed(parameters, registration);
                RegistrationRow.bindFacts(parameters, registration);
                RegistrationRow.bindDerived(parameters, registration);
                parameters.hash(RegistrationRow.liveKey(registration)).number(mark);
            });
        } catch (OutcomeUnknownException e) {
            // The id is this call's alone: if it is there, it got through.
            if (lastWrite(registration.id()).isPresent()) {
                return true;
            }
            throw e;
        }
    }

    private boolean freeIdentity(Registration registration, Instant now) {
        ProviderLink link = registration.provider();
        if (link == null || registration.kind() != RegistrationKind.PROVIDER) {
            throw new IllegalArgumentException("the id is taken: " + registration.id());
        }
        // True without a freed row, too: another replica may have freed it, or the holder may be gone.
        int unused = database.writeRepeatably(
                FREE_IDENTITY,
                parameters -> parameters
                        .number(database.newWriteMark())
                        .hash(link.identity().key())
                        .time(now));
        return true;
    }

    @Override
    public Optional<Registration> replace(Registration current, Registration next) {
        if (!current.id().equals(next.id())) {
            throw new IllegalArgumentException("a registration keeps its id");
        }
        Registration written = next.withVersion(current.version() + 1);
        long mark = database.newWriteMark();
        boolean replaced;
        try {
            // False, too, if its identity was given away when it expired and another registration lives under it.
            replaced = database.write(REPLACE, parameters -> {
                RegistrationRow.bindFacts(parameters, written);
                RegistrationRow.bindDerived(parameters, written);
                parameters
                        .count(written.isSettled() ? 0 : 1)
                        .hash(RegistrationRow.liveKey(written))
                        .number(mark)
                        .text(current.id())
                        .number(current.version());
            });
        } catch (OutcomeUnknownException e) {
            replaced = wasReplaced(current, mark, e);
        }
        return replaced ? Optional.of(written) : Optional.empty();
    }

    /** Whether a write got through whose answer was lost. */
    private boolean wasReplaced(Registration current, long mark, OutcomeUnknownException unknown) {
        LastWrite last = lastWrite(current.id()).orElseThrow(() -> unknown);
        if (last.mark() == mark) {
            return true;
        }
        if (last.version() == current.version() + 1) {
            return false;
        }
        // Not there yet, or overwritten since: the caller cannot be told either way.
        throw unknown;
    }

    private Optional<LastWrite> lastWrite(String id) {
        return database.find(
                LAST_WRITE, parameters -> parameters.text(id), row -> new LastWrite(row.number(), row.number()));
    }

    private record LastWrite(long version, long mark) {}

    @Override
    public Optional<Registration> findById(String id) {
        // Some collations ignore white space at the end.
        return database.find(FIND_BY_ID, parameters -> parameters.text(id), RegistrationRow::read)
                .filter(found -> found.id().equals(id));
    }

    @Override
    public Optional<Registration> findByClaimToken(SecretHash tokenHash) {
        return database.find(FIND_BY_CLAIM_TOKEN, parameters -> parameters.hash(tokenHash), RegistrationRow::read);
    }

    @Override
    public Optional<Registration> findByAttemptToken(SecretHash tokenHash) {
        return database.find(FIND_BY_ATTEMPT_TOKEN, parameters -> parameters.hash(tokenHash), RegistrationRow::read);
    }

    @Override
    public List<Registration> findByUser(String userId) {
        return database.findAll(
                FIND_BY_USER, parameters -> parameters.hash(RegistrationRow.userKey(userId)), RegistrationRow::read);
    }

    @Override
    public List<Registration> findByProvider(ProviderSubject subject) {
        List<Registration> found = database.findAll(
                FIND_BY_SUBJECT, parameters -> parameters.hash(subject.subjectKey()), RegistrationRow::read);
        return found.stream()
                .filter(registration -> registration.provider() != null
                        && subject.covers(registration.provider().identity()))
                .toList();
    }

    @Override
    public int revokeAll(Instant now) {
        return database.writeRepeatably(
                REVOKE_ALL, parameters -> parameters.time(now).time(now).number(database.newWriteMark()));
    }

    @Override
    public List<Registration> purge(Instant unclaimedBefore, Instant settledBefore, int limit) {
        List<Registration> purged = new ArrayList<>(purge(PURGEABLE_UNSETTLED, unclaimedBefore, limit));
        purged.addAll(purge(PURGEABLE_SETTLED, settledBefore, limit - purged.size()));
        return purged;
    }

    /** Until the limit is reached or nothing is left: other replicas may take what was seen here before it is deleted. */
    private List<Registration> purge(String purgeable, Instant bound, int limit) {
        List<Registration> purged = new ArrayList<>();
        boolean more = true;
        while (more && purged.size() < limit) {
            int wanted = limit - purged.size();
            List<Registration> batch = new ArrayList<>();
            more = database.inTransaction(connection -> {
                batch.clear();
                List<Registration> seen = Database.select(
                        connection,
                        purgeable,
                        parameters -> parameters.time(bound).count(wanted),
                        RegistrationRow::read);
                batch.addAll(delete(connection, seen));
                return seen.size() == wanted || batch.size() < seen.size();
            });
            purged.addAll(batch);
        }
        return purged;
    }

    /** Deletes those that are still what they were, and returns them. */
    private static List<Registration> delete(Connection connection, List<Registration> seen) throws SQLException {
        if (seen.isEmpty()) {
            return List.of();
        }
        try (PreparedStatement statement = connection.prepareStatement(DELETE)) {
            for (Registration registration : seen) {
                new Parameters(statement).text(registration.id()).number(registration.version());
                statement.addBatch();
            }
            int[] counts = statement.executeBatch();
            List<Registration> deleted = new ArrayList<>();
            for (int i = 0; i < counts.length; i++) {
                if (counts[i] == Statement.SUCCESS_NO_INFO) {
                    throw new IllegalStateException("the driver does not say what a batch has changed: switch off the"
                            + " setting by which it rewrites batches");
                }
                if (counts[i] == 1) {
                    deleted.add(seen.get(i));
                }
            }
            return deleted;
        }
    }
}
