package dev.agentauth.jdbc;

import static dev.agentauth.jdbc.Column.COUNT;
import static dev.agentauth.jdbc.Column.FLAG;
import static dev.agentauth.jdbc.Column.HASH;
import static dev.agentauth.jdbc.Column.HASHES;
import static dev.agentauth.jdbc.Column.NUMBER;
import static dev.agentauth.jdbc.Column.TEXT;
import static dev.agentauth.jdbc.Column.TIME;

import dev.agentauth.SecretHash;
import dev.agentauth.registration.Asked;
import dev.agentauth.registration.Attempt;
import dev.agentauth.registration.Claim;
import dev.agentauth.registration.Completion;
import dev.agentauth.registration.Delivery;
import dev.agentauth.registration.End;
import dev.agentauth.registration.EndReason;
import dev.agentauth.registration.OneTimeCode;
import dev.agentauth.registration.Ownership;
import dev.agentauth.registration.PollPace;
import dev.agentauth.registration.ProviderIdentity;
import dev.agentauth.registration.ProviderLink;
import dev.agentauth.registration.RefreshFamily;
import dev.agentauth.registration.Registration;
import dev.agentauth.registration.RegistrationKind;
import dev.agentauth.registration.TypedCode;
import dev.agentauth.registration.Way;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A registration as a row: its facts, and what is derived from them for look-ups. A column is declared here, used where
 * {@link #read} makes the value that it is of, and added to the scripts; nothing else has to know of it.
 */
final class RegistrationRow {
    private static final List<Column<Registration, ?>> READ = new ArrayList<>();

    // What never changes, and the version.

    private static final Column<Registration, String> ID = read("id", TEXT, Registration::id);
    private static final Column<Registration, RegistrationKind> KIND =
            read("kind", Column.oneOf(RegistrationKind.class), Registration::kind);
    private static final Column<Registration, Instant> CREATED_AT = read("created_at", TIME, Registration::createdAt);
    private static final Column<Registration, Long> VERSION = read("version", NUMBER, Registration::version);
    private static final int FIXED = READ.size();

    // The facts that transitions change.

    private static final Column<Registration, Long> EPOCH = read("epoch", NUMBER, Registration::epoch);
    private static final Column<Registration, String> USER_ID = read("user_id", TEXT, Registration::userId);
    private static final Column<Registration, Instant> CLAIMED_AT = read("claimed_at", TIME, Registration::claimedAt);

    private static final Column<Registration, SecretHash> CLAIM_TOKEN = claim("claim_token", HASH, Claim::tokenHash);
    private static final Column<Registration, Instant> CLAIM_EXPIRES_AT =
            claim("claim_expires_at", TIME, Claim::expiresAt);
    private static final Column<Registration, Integer> CLAIM_WRONG_GUESSES =
            claim("claim_wrong_guesses", COUNT, Claim::wrongGuesses);
    private static final Column<Registration, Set<SecretHash>> CLAIM_RECIPIENTS =
            claim("claim_recipients", HASHES, Claim::recipients);
    private static final Column<Registration, Set<SecretHash>> CLAIM_REFUSALS =
            claim("claim_refusals", HASHES, Claim::refusals);

    private static final Column<Registration, String> ATTEMPT_ID = attempt("attempt_id", TEXT, Attempt::id);
    private static final Column<Registration, SecretHash> ATTEMPT_TOKEN =
            attempt("attempt_token", HASH, Attempt::tokenHash);
    private static final Column<Registration, Instant> ATTEMPT_STARTED_AT =
            attempt("attempt_started_at", TIME, Attempt::startedAt);
    private static final Column<Registration, Instant> ATTEMPT_EXPIRES_AT =
            attempt("attempt_expires_at", TIME, Attempt::linkExpiresAt);
    private static final Column<Registration, String> ATTEMPT_ADDRESS =
            attempt("attempt_address", TEXT, attempt -> attempt.asked().address());
    private static final Column<Registration, String> ATTEMPT_USER_ID = attempt(
            "attempt_user_id", TEXT, attempt -> attempt.asked() instanceof Asked.OneUser one ? one.userId() : null);
    private static final Column<Registration, Delivery> ATTEMPT_DELIVERY =
            attempt("attempt_delivery", Column.oneOf(Delivery.class), Attempt::delivery);

    private static final Column<Registration, SecretHash> CODE_HASH = code("code_hash", HASH, OneTimeCode::hash);
    private static final Column<Registration, Instant> CODE_EXPIRES_AT =
            code("code_expires_at", TIME, OneTimeCode::expiresAt);
    private static final Column<Registration, Integer> CODE_WRONG_GUESSES =
            code("code_wrong_guesses", COUNT, OneTimeCode::wrongGuesses);

    /** Which attempt the columns below are of: a release that does not know them starts others without touching them. */
    private static final Column<Registration, String> DETAIL_ATTEMPT_ID =
            attempt("detail_attempt_id", TEXT, Attempt::id);

    private static final Column<Registration, Way> ATTEMPT_WAY =
            attempt("attempt_way", Column.oneOf(Way.class), Attempt::way);
    private static final Column<Registration, String> CODE_REVEALED_BY =
            code("code_revealed_by", TEXT, OneTimeCode::revealedBy);
    private static final Column<Registration, Instant> CODE_SHOWN_AT =
            code("code_shown_at", TIME, value(OneTimeCode::shown, OneTimeCode.Shown::at));
    private static final Column<Registration, String> CODE_SEED =
            code("code_seed", TEXT, value(OneTimeCode::shown, OneTimeCode.Shown::seed));
    private static final Column<Registration, SecretHash> TYPED_HASH = typed("typed_hash", HASH, TypedCode::hash);
    private static final Column<Registration, Integer> TYPED_WRONG_GUESSES =
            typed("typed_wrong_guesses", COUNT, TypedCode::wrongGuesses);
    private static final Column<Registration, Instant> POLL_PENDING_AT =
            pace("poll_pending_at", TIME, PollPace::lastPending);
    private static final Column<Registration, Integer> POLL_INTERVAL = pace(
            "poll_interval_s", COUNT, pace -> Math.toIntExact(pace.interval().toSeconds()));
    private static final Column<Registration, Boolean> POLL_RAISED = pace("poll_raised", FLAG, PollPace::raised);
    private static final Column<Registration, Completion> CLAIM_COMPLETION = read(
            "claim_completion", Column.oneOf(Completion.class), value(Registration::ownership, Ownership::completion));

    private static final Column<Registration, String> OWNER_LABEL =
            read("owner_label", TEXT, value(Registration::ownership, Ownership::label));

    private static final Column<Registration, String> PROVIDER_ISSUER =
            provider("provider_issuer", TEXT, link -> link.identity().issuer());
    private static final Column<Registration, String> PROVIDER_TENANT =
            provider("provider_tenant", TEXT, link -> link.identity().tenant());
    private static final Column<Registration, String> PROVIDER_SUBJECT =
            provider("provider_subject", TEXT, link -> link.identity().subject());
    private static final Column<Registration, String> PROVIDER_AUDIENCE =
            provider("provider_audience", TEXT, link -> link.identity().audience());
    private static final Column<Registration, Instant> PROVIDER_FIRST_IAT =
            provider("provider_first_iat", TIME, ProviderLink::firstIssuedAt);
    private static final Column<Registration, Instant> PROVIDER_NEWEST_IAT =
            provider("provider_newest_iat", TIME, ProviderLink::newestIssuedAt);

    private static final Column<Registration, SecretHash> REFRESH_NAME =
            refresh("refresh_name", HASH, RefreshFamily::nameHash);
    private static final Column<Registration, Set<SecretHash>> REFRESH_OUT =
            refresh("refresh_out", HASHES, RefreshFamily::out);
    private static final Column<Registration, SecretHash> REFRESH_SPENT =
            refresh("refresh_spent", HASH, RefreshFamily::spent);
    private static final Column<Registration, Instant> REFRESH_SPENT_AT =
            refresh("refresh_spent_at", TIME, RefreshFamily::spentAt);
    private static final Column<Registration, Instant> REFRESH_EXPIRES_AT =
            refresh("refresh_expires_at", TIME, RefreshFamily::expiresAt);
    private static final Column<Registration, Long> REFRESH_EPOCH =
            refresh("refresh_epoch", NUMBER, RefreshFamily::epoch);

    private static final Column<Registration, Instant> REVOKED_AT = read("revoked_at", TIME, Registration::revokedAt);
    private static final Column<Registration, EndReason> END_REASON =
            read("end_reason", Column.oneOf(EndReason.class), value(Registration::end, End::reason));

    // What follows from the facts, and is written for look-ups only.

    private static final List<Column<Registration, ?>> DERIVED = List.of(
            derived("user_key", HASH, RegistrationRow::userKey),
            derived("recipient_key", HASH, RegistrationRow::recipientKey),
            derived("subject_key", HASH, RegistrationRow::subjectKey),
            derived(
                    "unsettled_since",
                    TIME,
                    registration -> registration.isSettled() ? null : registration.restingSince()),
            derived(
                    "settled_since",
                    TIME,
                    registration -> registration.isSettled() ? registration.restingSince() : null));

    private static final List<Column<Registration, ?>> CHANGED = concat(READ.subList(FIXED, READ.size()), DERIVED);

    /** When everything of a row's generation was revoked, if that is not written down in the row yet. */
    private static final Column<Registration, Instant> REVOKED_WITH_ALL =
            new Column<>("revoked_with_all", READ.size() + 1, TIME, registration -> null);

    /** The names of what {@link #bindAll} sets, in its order. */
    static final List<String> ALL_NAMES = names(concat(READ, DERIVED));

    /** The names of what {@link #bindChanged} sets, in its order: all that a transition may change. */
    static final List<String> CHANGED_NAMES = names(CHANGED);

    private RegistrationRow() {}

    /**
     * What {@link #read} reads, in its order.
     *
     * @param table the table's name, or what stands for it
     */
    static String selected(String table) {
        return READ.stream().map(column -> table + "." + column.name()).collect(Collectors.joining(", "))
                + ", (SELECT service.revoked_at " + revocation(table) + ")";
    }

    /** Whether a row was revoked with everything, and that is not written down in it yet. */
    static String isRevokedWithAll(String table) {
        return "EXISTS (SELECT 1 " + revocation(table) + ")";
    }

    /** A row that has ended has no generation, and compares to none. */
    private static String revocation(String table) {
        return "FROM agent_auth_service service WHERE service.service_key = " + table
                + ".service_key AND service.generation > " + table + ".generation";
    }

    static void bindAll(Parameters parameters, Registration registration) throws SQLException {
        bind(READ.subList(0, FIXED), parameters, registration);
        bindChanged(parameters, registration);
    }

    static void bindChanged(Parameters parameters, Registration registration) throws SQLException {
        bind(CHANGED, parameters, registration);
    }

    private static void bind(List<Column<Registration, ?>> columns, Parameters parameters, Registration registration)
            throws SQLException {
        for (Column<Registration, ?> column : columns) {
            column.write(parameters, registration);
        }
    }

    private static @Nullable SecretHash subjectKey(Registration registration) {
        ProviderLink link = registration.provider();
        return link == null || registration.revokedAt() != null
                ? null
                : link.identity().subjectKey();
    }

    /** The address that is asked, while nobody has said yes and it is not over. */
    private static @Nullable SecretHash recipientKey(Registration registration) {
        Attempt attempt = registration.attempt();
        return attempt == null || registration.isSettled() || attempt.asked() instanceof Asked.Anybody
                ? null
                : recipientKey(attempt.asked().address());
    }

    static SecretHash recipientKey(String recipient) {
        return SecretHash.of(recipient);
    }

    /** The identity that a registration occupies until it is revoked, or until it has expired and another one takes it. */
    static @Nullable SecretHash liveKey(Registration registration) {
        ProviderLink link = registration.provider();
        return link == null || registration.kind() != RegistrationKind.PROVIDER || registration.revokedAt() != null
                ? null
                : link.identity().key();
    }

    /** How a user id is looked up. */
    static SecretHash userKey(String userId) {
        return SecretHash.of(userId);
    }

    private static @Nullable SecretHash userKey(Registration registration) {
        String user = registration.userBehind();
        return user == null ? null : userKey(user);
    }

    /** As it is to be seen: if it was revoked with everything, so as if that had been written into the row. */
    static Registration read(Row row) throws SQLException {
        Registration written = readWritten(row);
        Instant revokedWithAll = row.optional(REVOKED_WITH_ALL);
        return revokedWithAll == null || written.end() != null
                ? written
                : written.revoke(EndReason.OPERATOR, revokedWithAll).withVersion(written.version() + 1);
    }

    private static Registration readWritten(Row row) throws SQLException {
        return new Registration(
                row.required(ID),
                row.required(KIND),
                row.required(CREATED_AT),
                row.required(VERSION),
                row.required(EPOCH),
                readOwnership(row),
                readClaim(row),
                readProvider(row),
                readRefresh(row),
                readEnd(row));
    }

    private static @Nullable Ownership readOwnership(Row row) throws SQLException {
        String userId = row.optional(USER_ID);
        return userId == null
                ? null
                : new Ownership(
                        userId,
                        row.required(CLAIMED_AT),
                        hasDetails(row) ? row.optional(CLAIM_COMPLETION) : null,
                        row.optional(OWNER_LABEL));
    }

    private static @Nullable End readEnd(Row row) throws SQLException {
        Instant at = row.optional(REVOKED_AT);
        return at == null ? null : new End(at, row.required(END_REASON));
    }

    private static @Nullable Claim readClaim(Row row) throws SQLException {
        SecretHash token = row.optional(CLAIM_TOKEN);
        return token == null
                ? null
                : new Claim(
                        token,
                        row.required(CLAIM_EXPIRES_AT),
                        readAttempt(row),
                        row.required(CLAIM_WRONG_GUESSES),
                        row.required(CLAIM_RECIPIENTS),
                        row.required(CLAIM_REFUSALS));
    }

    private static @Nullable Attempt readAttempt(Row row) throws SQLException {
        String id = row.optional(ATTEMPT_ID);
        if (id == null) {
            return null;
        }
        boolean details = hasDetails(row);
        return new Attempt(
                id,
                row.required(ATTEMPT_TOKEN),
                details ? row.required(ATTEMPT_WAY) : Way.MAILED_LINK,
                readAsked(row),
                row.required(ATTEMPT_STARTED_AT),
                row.required(ATTEMPT_EXPIRES_AT),
                row.required(ATTEMPT_DELIVERY),
                readCode(row, details),
                details ? readTyped(row) : null,
                details ? readPace(row) : null);
    }

    /** Whether what the newest releases know of an attempt is of the attempt that the row has now. */
    private static boolean hasDetails(Row row) throws SQLException {
        String of = row.optional(DETAIL_ATTEMPT_ID);
        return of != null && of.equals(row.optional(ATTEMPT_ID));
    }

    private static Asked readAsked(Row row) throws SQLException {
        String address = row.required(ATTEMPT_ADDRESS);
        String userId = row.optional(ATTEMPT_USER_ID);
        if (userId != null) {
            return new Asked.OneUser(userId, address);
        }
        return address.isEmpty() ? new Asked.Anybody() : new Asked.Mailbox(address);
    }

    private static @Nullable OneTimeCode readCode(Row row, boolean details) throws SQLException {
        SecretHash hash = row.optional(CODE_HASH);
        return hash == null
                ? null
                : new OneTimeCode(
                        hash,
                        row.required(CODE_EXPIRES_AT),
                        row.required(CODE_WRONG_GUESSES),
                        details ? row.optional(CODE_REVEALED_BY) : null,
                        details ? readShown(row) : null);
    }

    private static OneTimeCode.@Nullable Shown readShown(Row row) throws SQLException {
        Instant at = row.optional(CODE_SHOWN_AT);
        return at == null ? null : new OneTimeCode.Shown(at, row.required(CODE_SEED));
    }

    private static @Nullable TypedCode readTyped(Row row) throws SQLException {
        SecretHash hash = row.optional(TYPED_HASH);
        return hash == null ? null : new TypedCode(hash, row.required(TYPED_WRONG_GUESSES));
    }

    private static @Nullable PollPace readPace(Row row) throws SQLException {
        Instant lastPending = row.optional(POLL_PENDING_AT);
        return lastPending == null
                ? null
                : new PollPace(lastPending, Duration.ofSeconds(row.required(POLL_INTERVAL)), row.required(POLL_RAISED));
    }

    private static @Nullable ProviderLink readProvider(Row row) throws SQLException {
        String issuer = row.optional(PROVIDER_ISSUER);
        return issuer == null
                ? null
                : new ProviderLink(
                        new ProviderIdentity(
                                issuer,
                                row.optional(PROVIDER_TENANT),
                                row.required(PROVIDER_SUBJECT),
                                row.required(PROVIDER_AUDIENCE)),
                        row.required(PROVIDER_FIRST_IAT),
                        row.required(PROVIDER_NEWEST_IAT));
    }

    /** It says itself which epoch it belongs to: a replica that knows nothing of it raises the row's alone. */
    private static @Nullable RefreshFamily readRefresh(Row row) throws SQLException {
        SecretHash name = row.optional(REFRESH_NAME);
        return name == null
                ? null
                : new RefreshFamily(
                        name,
                        row.required(REFRESH_OUT),
                        row.optional(REFRESH_SPENT),
                        row.optional(REFRESH_SPENT_AT),
                        row.required(REFRESH_EXPIRES_AT),
                        row.required(REFRESH_EPOCH));
    }

    private static <V> Column<Registration, V> read(
            String name, Column.Type<V> type, Column.Value<Registration, V> value) {
        Column<Registration, V> column = new Column<>(name, READ.size() + 1, type, value);
        READ.add(column);
        return column;
    }

    private static <V> Column<Registration, V> claim(String name, Column.Type<V> type, Column.Value<Claim, V> value) {
        return read(name, type, value(Registration::claim, value));
    }

    private static <V> Column<Registration, V> attempt(
            String name, Column.Type<V> type, Column.Value<Attempt, V> value) {
        return claim(name, type, value(Claim::attempt, value));
    }

    private static <V> Column<Registration, V> code(
            String name, Column.Type<V> type, Column.Value<OneTimeCode, V> value) {
        return attempt(name, type, value(Attempt::code, value));
    }

    private static <V> Column<Registration, V> typed(
            String name, Column.Type<V> type, Column.Value<TypedCode, V> value) {
        return attempt(name, type, value(Attempt::typed, value));
    }

    private static <V> Column<Registration, V> pace(String name, Column.Type<V> type, Column.Value<PollPace, V> value) {
        return attempt(name, type, value(Attempt::pace, value));
    }

    private static <V> Column<Registration, V> provider(
            String name, Column.Type<V> type, Column.Value<ProviderLink, V> value) {
        return read(name, type, value(Registration::provider, value));
    }

    private static <V> Column<Registration, V> refresh(
            String name, Column.Type<V> type, Column.Value<RefreshFamily, V> value) {
        return read(name, type, value(Registration::refresh, value));
    }

    private static <V> Column<Registration, V> derived(
            String name, Column.Type<V> type, Column.Value<Registration, V> value) {
        return new Column<>(name, 0, type, value);
    }

    /** A value of a part that may be absent. */
    private static <T, P, V> Column.Value<T, V> value(Column.Value<T, P> part, Column.Value<P, V> value) {
        return thing -> {
            P present = part.of(thing);
            return present == null ? null : value.of(present);
        };
    }

    private static List<Column<Registration, ?>> concat(
            List<Column<Registration, ?>> first, List<Column<Registration, ?>> second) {
        List<Column<Registration, ?>> all = new ArrayList<>(first);
        all.addAll(second);
        return List.copyOf(all);
    }

    private static List<String> names(List<Column<Registration, ?>> columns) {
        return columns.stream().<String>map(Column::name).toList();
    }
}
