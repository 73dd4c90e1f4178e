package dev.agentauth.jdbc;

import dev.agentauth.SecretHash;
import dev.agentauth.spi.Contact;
import dev.agentauth.spi.ContactProof;
import dev.agentauth.spi.Provisioning;
import dev.agentauth.spi.StoreUnavailableException;
import dev.agentauth.spi.User;
import dev.agentauth.spi.UserDirectory;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A directory of users for a service that has none of its own, and a model for one that has: a row each, with unique keys
 * for what the user was made for, the address and the number.
 *
 * <p>The scripts in {@code db/agent-auth-users/<database>} make its table. What {@link JdbcStores} says of the data source
 * holds here too. Safe for use by many threads.
 */
public final class JdbcUserDirectory implements UserDirectory {
    private static final String TABLE = "agent_auth_user";
    private static final String INSERT = "INSERT INTO " + TABLE
            + " (id, active, email, email_proof, phone, made_for, email_key, phone_key) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String SELECT = "SELECT id, active, email, email_proof FROM " + TABLE;
    private static final String FIND_BY_ID = SELECT + " WHERE id = ?";
    private static final String FIND_BY_EMAIL = SELECT + " WHERE email_key = ?";
    private static final String FIND_BY_PHONE = SELECT + " WHERE phone_key = ?";

    /** One statement, so that what it finds was there at one moment. */
    private static final String FIND_FOR = "SELECT id, active, email, email_proof, made_for, email_key FROM " + TABLE
            + " WHERE made_for = ? OR email_key = ? OR phone_key = ?";

    private static final String FORGET_KEYS = "UPDATE " + TABLE + " SET made_for = NULL WHERE id = ?";
    private static final String RECORD_PROOF =
            "UPDATE " + TABLE + " SET email_proof = ? WHERE id = ? AND email_key = ?";
    private static final String SET_ACTIVE = "UPDATE " + TABLE + " SET active = ? WHERE id = ?";

    private final Database database;
    private final String insert;

    private JdbcUserDirectory(Database database) {
        this.database = database;
        this.insert = database.dialect().insertIfAbsent(INSERT);
    }

    /**
     * A directory in a database, which is asked what it is and whether it has the table.
     *
     * @param dataSource where connections come from; stays its owner's, who closes it
     * @return the directory
     * @throws StoreUnavailableException if the database cannot be reached now
     * @throws IllegalArgumentException if it is of a kind that this module has no statements for
     * @throws IllegalStateException if the table is not there
     */
    public static JdbcUserDirectory of(DataSource dataSource) {
        JdbcUserDirectory users = new JdbcUserDirectory(Database.of(dataSource));
        users.findById("");
        return users;
    }

    /**
     * Switches a user on or off. Without effect if there is none.
     *
     * @param userId the user
     * @param active whether agents may act for the user
     */
    public void setActive(String userId, boolean active) {
        int unused = database.writeRepeatably(
                SET_ACTIVE, parameters -> parameters.flag(active).text(userId));
    }

    @Override
    public Optional<User> findById(String userId) {
        // Some collations ignore white space at the end.
        return database.find(FIND_BY_ID, parameters -> parameters.text(userId), JdbcUserDirectory::read)
                .filter(found -> found.id().equals(userId));
    }

    @Override
    public Optional<User> findByVerifiedEmail(String email) {
        return findByHash(FIND_BY_EMAIL, emailKey(email));
    }

    @Override
    public Optional<User> findByVerifiedPhone(String phone) {
        return findByHash(FIND_BY_PHONE, SecretHash.of(phone));
    }

    @Override
    public Provisioning provision(SecretHash key, Contact contact) {
        SecretHash email = contact.email().map(JdbcUserDirectory::emailKey).orElse(null);
        SecretHash phone = contact.phone().map(SecretHash::of).orElse(null);
        while (true) {
            Optional<Provisioning> known = find(key, email, phone);
            if (known.isPresent()) {
                return known.get();
            }
            User user =
                    new User("user_" + UUID.randomUUID(), true, contact.email().orElse(null), contact.proof());
            if (insert(user, contact.phone().orElse(null), key, email, phone)) {
                return new Provisioning.Made(user);
            }
            // Somebody else has made one meanwhile: for this key, or with this contact.
        }
    }

    /** The user of the key, else of the address, else of the number. */
    private Optional<Provisioning> find(SecretHash key, @Nullable SecretHash email, @Nullable SecretHash phone) {
        List<Known> known = database.findAll(
                FIND_FOR,
                parameters -> parameters.hash(key).hash(email).hash(phone),
                row -> new Known(read(row), row.hashOrNull(), row.hashOrNull()));
        return known.stream()
                .min(Comparator.comparing((Known candidate) -> !key.equals(candidate.madeFor()))
                        .thenComparing(candidate -> email == null || !email.equals(candidate.email())))
                .map(found -> key.equals(found.madeFor())
                        ? new Provisioning.Made(found.user())
                        : new Provisioning.Taken(found.user()));
    }

    private record Known(
            User user,
            @Nullable SecretHash madeFor,
            @Nullable SecretHash email) {}

    @Override
    public void forgetKeys(String userId) {
        int unused = database.writeRepeatably(FORGET_KEYS, parameters -> parameters.text(userId));
    }

    @Override
    public void recordOwnProof(String userId, String email) {
        int unused = database.writeRepeatably(
                RECORD_PROOF,
                parameters -> parameters
                        .text(ContactProof.SERVICE.name())
                        .text(userId)
                        .hash(emailKey(email)));
    }

    private boolean insert(
            User user,
            @Nullable String number,
            SecretHash key,
            @Nullable SecretHash email,
            @Nullable SecretHash phone) {
        try {
            return database.write(
                    insert,
                    parameters -> parameters
                            .text(user.id())
                            .flag(user.isActive())
                            .text(user.email().orElse(null))
                            .text(user.emailProof().name())
                            .text(number)
                            .hash(key)
                            .hash(email)
                            .hash(phone));
        } catch (OutcomeUnknownException e) {
            // The id is this call's alone: if it is there, it got through.
            if (findById(user.id()).isPresent()) {
                return true;
            }
            throw e;
        }
    }

    private Optional<User> findByHash(String select, SecretHash hash) {
        return database.find(select, parameters -> parameters.hash(hash), JdbcUserDirectory::read);
    }

    private static User read(Row row) throws SQLException {
        return new User(row.text(), row.flag(), row.textOrNull(), ContactProof.valueOf(row.text()));
    }

    private static SecretHash emailKey(String email) {
        return SecretHash.of(email.toLowerCase(Locale.ROOT));
    }
}
