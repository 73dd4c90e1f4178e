package dev.agentauth.jdbc;

import dev.agentauth.SecretHash;
import dev.agentauth.spi.Contact;
import dev.agentauth.spi.PortUnavailableException;
import dev.agentauth.spi.User;
import dev.agentauth.spi.UserDirectory;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * A directory of users for a service that has none of its own, and a model for one that has: a row each, with unique keys
 * for the address and the number.
 *
 * <p>{@link #migrate} makes its table, or whatever runs the scripts in {@code db/agent-auth-users/<database>}. What {@link JdbcStores} says of the data source
 * holds here too. Safe for use by many threads.
 *
 * @since 0.2.0
 */
public final class JdbcUserDirectory implements UserDirectory {
    private static final String TABLE = "agent_auth_user";
    private static final String INSERT =
            "INSERT INTO " + TABLE + " (id, active, email, phone, email_key, phone_key) VALUES (?, ?, ?, ?, ?, ?)";
    private static final String SELECT = "SELECT id, active, email FROM " + TABLE;
    private static final String FIND_BY_ID = SELECT + " WHERE id = ?";
    private static final String FIND_BY_EMAIL = SELECT + " WHERE email_key = ?";
    private static final String FIND_BY_PHONE = SELECT + " WHERE phone_key = ?";

    private static final String SET_ACTIVE = "UPDATE " + TABLE + " SET active = ? WHERE id = ?";

    private final Database database;
    private final String insert;

    private JdbcUserDirectory(Database database) {
        this.database = database;
        this.insert = database.dialect().insertIfAbsent(INSERT);
    }

    /**
     * Makes the table if it is missing, as {@link JdbcStores#migrate} makes those of the stores, which it does not need.
     *
     * @param dataSource where connections come from, as an account that may make tables
     * @throws PortUnavailableException if the database cannot be reached now, or broke off
     * @throws IllegalArgumentException if it is of a kind that this module has no scripts for
     * @throws IllegalStateException if it refuses to make the table
     */
    public static void migrate(DataSource dataSource) {
        Schema.ofUsers(dataSource).migrate();
    }

    /**
     * A directory in a database, which is asked what it is and whether it has the table.
     *
     * @param dataSource where connections come from; stays its owner's, who closes it
     * @return the directory
     * @throws PortUnavailableException if the database cannot be reached now
     * @throws IllegalArgumentException if it is of a kind that this module has no statements for
     * @throws IllegalStateException if the table is not there: see {@link #migrate}
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
        // Not by the update itself: its collation decides whom it means.
        if (findById(userId).isPresent()) {
            int unused = database.writeRepeatably(
                    SET_ACTIVE, parameters -> parameters.flag(active).text(userId));
        }
    }

    @Override
    public Optional<User> findById(String userId) {
        // Some collations ignore white space at the end, and some ignore case.
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
    public Optional<User> create(Contact contact) {
        User user = User.of("user_" + UUID.randomUUID(), contact.email().orElse(null));
        return insert(user, contact) ? Optional.of(user) : Optional.empty();
    }

    private boolean insert(User user, Contact contact) {
        try {
            return database.write(
                    insert,
                    parameters -> parameters
                            .text(user.id())
                            .flag(user.isActive())
                            .text(user.email().orElse(null))
                            .text(contact.phone().orElse(null))
                            .hash(contact.email()
                                    .map(JdbcUserDirectory::emailKey)
                                    .orElse(null))
                            .hash(contact.phone().map(SecretHash::of).orElse(null)));
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
        return new User(row.text(), row.flag(), row.textOrNull());
    }

    /** Folds A to Z and nothing else: the Kelvin sign is no k. */
    private static SecretHash emailKey(String email) {
        StringBuilder folded = new StringBuilder(email);
        for (int i = 0; i < folded.length(); i++) {
            char c = folded.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                folded.setCharAt(i, (char) (c + ('a' - 'A')));
            }
        }
        return SecretHash.of(folded.toString());
    }
}
