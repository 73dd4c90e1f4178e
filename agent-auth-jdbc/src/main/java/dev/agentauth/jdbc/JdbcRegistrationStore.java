package dev.agentauth.jdbc;

import dev.agentauth.SecretHash;
import dev.agentauth.registration.EndReason;
import dev.agentauth.registration.ProviderIdentity;
import dev.agentauth.registration.ProviderLink;
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

/**
 * Registrations of one service, a row each. A row has a version, which compare-and-set compares; a {@code live_key}, unique where it is
 * not NULL, which keeps a provider identity to one live registration; and the mark of its last write, by which a writer
 * whose connection broke sees whether it got through.
 */
final class JdbcRegistrationStore implements RegistrationStore {
    private static final String TABLE = "agent_auth_registration";

    /** A column of the service's own row. */
    private static final String OF_SERVICE = "(SELECT %s FROM agent_auth_service WHERE service_key = ?)";

    private static final String INSERT = "INSERT INTO " + TABLE + " ("
            + String.join(", ", RegistrationRow.ALL_NAMES) + ", service_key, live_key, write_mark, generation) VALUES ("
            + String.join(", ", Collections.nCopies(RegistrationRow.ALL_NAMES.size() + 3, "?"))
            + ", CASE WHEN ? = 1 THEN COALESCE(" + OF_SERVICE.formatted("generation") + ", 0) END)";

    /** What {@link #REVOKE_ALL} has ended and nobody has written down yet. */
    private static final String REVOKED_WITH_ALL = RegistrationRow.isRevokedWithAll(TABLE);

    /**
     * A row keeps its key, which another one may have taken from it, unless it is claimed or revoked. One that was revoked with
     * everything is read in the next version, so only who has read it so can write it.
     */
    private static final String REPLACE = "UPDATE " + TABLE + " SET "
            + RegistrationRow.CHANGED_NAMES.stream()
                    .map(column -> column + " = ?")
                    .collect(Collectors.joining(", "))
            + ", live_key = CASE WHEN ? = 1 THEN live_key ELSE ? END"
            + ", generation = CASE WHEN ? = 1 THEN generation END, write_mark = ?, version = ?"
            + " WHERE service_key = ? AND id = ? AND version = ? - CASE WHEN " + REVOKED_WITH_ALL
            + " THEN 1 ELSE 0 END";

    private static final String SELECT =
            "SELECT " + RegistrationRow.selected(TABLE) + " FROM " + TABLE + " WHERE service_key = ?";
    private static final String FIND_BY_ID = SELECT + " AND id = ?";
    private static final String FIND_BY_CLAIM_TOKEN = SELECT + " AND claim_token = ?";
    private static final String FIND_BY_ATTEMPT_TOKEN = SELECT + " AND attempt_token = ?";
    private static final String FIND_BY_USER = SELECT + " AND user_key = ? ORDER BY created_at, id";
    private static final String FIND_BY_RECIPIENT = SELECT + " AND recipient_key = ? ORDER BY created_at, id";
    private static final String FIND_BY_SUBJECT = SELECT + " AND subject_key = ? ORDER BY created_at, id";

    private static final String FIND_MADE_BEFORE =
            SELECT + " AND created_at <= ? AND (created_at < ? OR id < ?) ORDER BY created_at DESC, id DESC LIMIT ?";

    private static final String LAST_WRITE =
            "SELECT version, write_mark FROM " + TABLE + " WHERE service_key = ? AND id = ?";

    /**
     * Takes an identity from a registration that is over though its row does not say so. The new version stops whoever is about
     * to claim it.
     */
    private static final String FREE_IDENTITY = "UPDATE " + TABLE
            + " SET live_key = NULL, version = version + 1, write_mark = ?"
            + " WHERE service_key = ? AND live_key = ? AND (unsettled_since <= ? OR " + REVOKED_WITH_ALL + ")";

    /** Ends whatever is of an older generation, in one row, however many they are. */
    private static final String REVOKE_ALL =
            "UPDATE agent_auth_service SET generation = generation + 1, revoked_at = ? WHERE service_key = ?";

    private static final String FIRST_REVOKE_ALL =
            "INSERT INTO agent_auth_service (service_key, generation, revoked_at) VALUES (?, 1, ?)";

    /** Writes into rows what {@link RegistrationRow#read} makes of them. */
    private static final String WRITE_REVOCATIONS = "UPDATE " + TABLE
            + " SET revoked_at = " + OF_SERVICE.formatted("revoked_at") + ", settled_since = "
            + OF_SERVICE.formatted("revoked_at") + ", end_reason = '" + EndReason.OPERATOR
            + "', unsettled_since = NULL, live_key = NULL, recipient_key = NULL, subject_key = NULL, generation = NULL,"
            + " version = version + 1, write_mark = ?";

    private static final String WRITABLE_REVOCATIONS =
            "service_key = ? AND generation < " + OF_SERVICE.formatted("generation");

    private static final String PURGEABLE = "service_key = ? AND %s <= ? AND NOT " + REVOKED_WITH_ALL;
    private static final String DELETE = "DELETE FROM " + TABLE + " WHERE service_key = ? AND id = ? AND version = ?";

    private final Database database;
    private final SecretHash service;
    private final String insert;
    private final String insertService;
    private final String writeRevocations;
    private final Purge purgeUnsettled;
    private final Purge purgeSettled;

    /** The registrations of one service: no statement reaches those of another. */
    JdbcRegistrationStore(Database database, SecretHash service) {
        this.database = database;
        this.service = service;
        this.insert = database.dialect().insertIfAbsent(INSERT);
        this.insertService = database.dialect().insertIfAbsent(FIRST_REVOKE_ALL);
        this.purgeUnsettled = purgeBy("unsettled_since");
        this.purgeSettled = purgeBy("settled_since");
        this.writeRevocations = database.dialect().updateSome(WRITE_REVOCATIONS, TABLE, WRITABLE_REVOCATIONS);
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
                RegistrationRow.bindAll(parameters, registration);
                parameters
                        .hash(service)
                        .hash(RegistrationRow.liveKey(registration))
                        .number(mark)
                        .count(registration.end() == null ? 1 : 0)
                        .hash(service);
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
                        .hash(service)
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
                RegistrationRow.bindChanged(parameters, written);
                parameters
                        .count(written.isSettled() ? 0 : 1)
                        .hash(RegistrationRow.liveKey(written))
                        .count(written.end() == null ? 1 : 0)
                        .number(mark)
                        .number(written.version())
                        .hash(service)
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
                LAST_WRITE,
                parameters -> parameters.hash(service).text(id),
                row -> new LastWrite(row.number(), row.number()));
    }

    private record LastWrite(long version, long mark) {}

    @Override
    public Optional<Registration> findById(String id) {
        // Some collations ignore white space at the end.
        return database.find(FIND_BY_ID, parameters -> parameters.hash(service).text(id), RegistrationRow::read)
                .filter(found -> found.id().equals(id));
    }

    @Override
    public Optional<Registration> findByClaimToken(SecretHash tokenHash) {
        return database.find(
                FIND_BY_CLAIM_TOKEN, parameters -> parameters.hash(service).hash(tokenHash), RegistrationRow::read);
    }

    @Override
    public Optional<Registration> findByAttemptToken(SecretHash tokenHash) {
        return database.find(
                FIND_BY_ATTEMPT_TOKEN, parameters -> parameters.hash(service).hash(tokenHash), RegistrationRow::read);
    }

    @Override
    public List<Registration> findByUser(String userId) {
        return database.findAll(
                FIND_BY_USER,
                parameters -> parameters.hash(service).hash(RegistrationRow.userKey(userId)),
                RegistrationRow::read);
    }

    @Override
    public List<Registration> findUnclaimedByRecipient(String recipient) {
        return database
                .findAll(
                        FIND_BY_RECIPIENT,
                        parameters -> parameters.hash(service).hash(RegistrationRow.recipientKey(recipient)),
                        RegistrationRow::read)
                .stream()
                .filter(registration -> !registration.isSettled())
                .toList();
    }

    @Override
    public List<Registration> findByProvider(ProviderIdentity identity) {
        return findByProviderInAnyTenant(identity).stream()
                .filter(registration -> registration.provider() != null
                        && registration.provider().identity().equals(identity))
                .toList();
    }

    @Override
    public List<Registration> findByProviderInAnyTenant(ProviderIdentity subject) {
        return database
                .findAll(
                        FIND_BY_SUBJECT,
                        parameters -> parameters.hash(service).hash(subject.subjectKey()),
                        RegistrationRow::read)
                .stream()
                .filter(registration -> registration.revokedAt() == null)
                .toList();
    }

    @Override
    public List<Registration> findMadeBefore(Instant createdAt, String id, int limit) {
        return database.findAll(
                FIND_MADE_BEFORE,
                parameters -> parameters
                        .hash(service)
                        .time(createdAt)
                        .time(createdAt)
                        .text(id)
                        .count(limit),
                RegistrationRow::read);
    }

    /** Writes none of them, and leaves all to {@link #writeRevocations}. */
    @Override
    public int revokeAll(Instant now) {
        boolean marked = false;
        while (!marked) {
            marked = database.writeRepeatably(
                                    REVOKE_ALL,
                                    parameters -> parameters.time(now).hash(service))
                            == 1
                    || database.write(
                            insertService,
                            parameters -> parameters.hash(service).time(now));
        }
        return 0;
    }

    @Override
    public int writeRevocations(int limit) {
        return database.writeRepeatably(
                writeRevocations,
                parameters -> parameters
                        .hash(service)
                        .hash(service)
                        .number(database.newWriteMark())
                        .hash(service)
                        .hash(service)
                        .count(limit));
    }

    @Override
    public List<Registration> purge(Instant unclaimedBefore, Instant settledBefore, int limit) {
        List<Registration> purged = new ArrayList<>(purgeUnsettled.run(unclaimedBefore, limit));
        purged.addAll(purgeSettled.run(settledBefore, limit - purged.size()));
        return purged;
    }

    /** Removes what has been resting since a bound, as the database does it best. */
    @FunctionalInterface
    private interface Purge {
        List<Registration> run(Instant bound, int limit);
    }

    private Purge purgeBy(String since) {
        String which = PURGEABLE.formatted(since);
        String deleteSome = database.dialect().deleteSome(TABLE, which, since, RegistrationRow.selected(TABLE));
        if (deleteSome != null) {
            return (bound, limit) -> deleteSome(deleteSome, bound, limit);
        }
        String purgeable = "SELECT " + RegistrationRow.selected(TABLE) + " FROM " + TABLE + " WHERE " + which
                + " ORDER BY " + since + " LIMIT ?";
        return (bound, limit) -> purge(purgeable, bound, limit);
    }

    /** Until the limit is reached or nothing is left but what others are writing. */
    private List<Registration> deleteSome(String deleteSome, Instant bound, int limit) {
        List<Registration> purged = new ArrayList<>();
        boolean more = true;
        while (more && purged.size() < limit) {
            int wanted = limit - purged.size();
            List<Registration> batch = database.writeReturning(
                    deleteSome,
                    parameters -> parameters.hash(service).time(bound).count(wanted),
                    RegistrationRow::read);
            purged.addAll(batch);
            more = !batch.isEmpty();
        }
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
                        parameters -> parameters.hash(service).time(bound).count(wanted),
                        RegistrationRow::read);
                batch.addAll(delete(connection, seen));
                return seen.size() == wanted || batch.size() < seen.size();
            });
            purged.addAll(batch);
        }
        return purged;
    }

    /** Deletes those that are still what they were, and returns them. */
    private List<Registration> delete(Connection connection, List<Registration> seen) throws SQLException {
        if (seen.isEmpty()) {
            return List.of();
        }
        try (PreparedStatement statement = connection.prepareStatement(DELETE)) {
            for (Registration registration : seen) {
                new Parameters(statement).hash(service).text(registration.id()).number(registration.version());
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
