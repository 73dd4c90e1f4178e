package dev.agentauth.jdbc;

import dev.agentauth.SecretHash;
import dev.agentauth.spi.AccessToken;
import dev.agentauth.spi.AccessTokenStore;
import dev.agentauth.spi.RegistrationStore;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Access tokens, a row each. */
final class JdbcAccessTokenStore implements AccessTokenStore {
    private static final String TABLE = "agent_auth_access_token";
    private static final String COLUMNS = "token_hash, registration_id, epoch, ceiling, expires_at";
    private static final String INSERT = "INSERT INTO " + TABLE + " (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?)";
    private static final String FIND = "SELECT " + COLUMNS + " FROM " + TABLE + " WHERE token_hash = ?";
    private static final String FIND_WITH_REGISTRATION =
            "SELECT token_hash, registration_id, token.epoch, ceiling, expires_at, "
                    + JdbcRegistrationStore.COLUMNS.stream()
                            .map(column -> "registration." + column)
                            .collect(Collectors.joining(", "))
                    + " FROM " + TABLE + " token JOIN agent_auth_registration registration"
                    + " ON registration.id = token.registration_id WHERE token_hash = ?";
    private static final String DELETE = "DELETE FROM " + TABLE + " WHERE token_hash = ?";

    private final Database database;
    private final String purge;

    JdbcAccessTokenStore(Database database) {
        this.database = database;
        this.purge = database.dialect().purge(TABLE, "expires_at");
    }

    @Override
    public void insert(AccessToken token) {
        boolean inserted = database.write(
                INSERT,
                parameters -> parameters
                        .hash(token.hash())
                        .text(token.registrationId())
                        .number(token.epoch())
                        .text(joined(token.ceiling()))
                        .time(token.expiresAt()));
        if (!inserted) {
            throw new IllegalArgumentException("the hash has been used before");
        }
    }

    @Override
    public Optional<AccessToken> find(SecretHash hash) {
        return database.find(FIND, parameters -> parameters.hash(hash), JdbcAccessTokenStore::read);
    }

    @Override
    public Optional<WithRegistration> findWithRegistration(SecretHash hash, RegistrationStore registrations) {
        if (!(registrations instanceof JdbcRegistrationStore jdbc) || !jdbc.isIn(database)) {
            return AccessTokenStore.super.findWithRegistration(hash, registrations);
        }
        return database.find(
                FIND_WITH_REGISTRATION,
                parameters -> parameters.hash(hash),
                row -> new WithRegistration(read(row), RegistrationRow.read(row)));
    }

    @Override
    public void delete(SecretHash hash) {
        int unused = database.writeRepeatably(DELETE, parameters -> parameters.hash(hash));
    }

    @Override
    public int purgeExpired(Instant now, int limit) {
        return database.writeRepeatably(
                purge, parameters -> parameters.time(now).count(limit));
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
