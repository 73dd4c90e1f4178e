package dev.agentauth.spring;

import dev.agentauth.spi.Contact;
import dev.agentauth.spi.PortUnavailableException;
import dev.agentauth.spi.User;
import dev.agentauth.spi.UserDirectory;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.jdbc.support.KeyHolder;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The service's own table of users, by three statements. The two that find select the id, the address and, where people can
 * be locked, whether they are active, in this order. The address has to be under a unique index: it decides who of several
 * agents' people is made first.
 *
 * <p>A user is made in a transaction of its own, whatever its caller's is. Safe for use by many threads.
 *
 * @since 0.2.0
 */
public final class JdbcClientUserDirectory implements UserDirectory {
    private static final String ID = "id";
    private static final String EMAIL = "email";
    private static final int ACTIVE_COLUMN = 3;

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final String findById;
    private final String findByEmail;
    private final String create;
    private final int typeOfId;

    private JdbcClientUserDirectory(DataSource dataSource, String findById, String findByEmail, String create) {
        this.jdbc = JdbcClient.create(dataSource);
        this.transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
        this.transaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        this.findById = having(":" + ID, findById);
        this.findByEmail = having(":" + EMAIL, findByEmail);
        this.create = having(":" + EMAIL, create);
        this.typeOfId = typeOfId(dataSource);
    }

    /**
     * A directory over three statements. Asks the database what it is.
     *
     * @param dataSource the service's own
     * @param findById selects the user whose id is {@code :id}
     * @param findByEmail selects the user whose verified address is {@code :email}, which is in lower case
     * @param create inserts an active user with the verified address {@code :email}, which may be null; and with the id {@code
     *     :id}, a random UUID, or with one that the database generates in a column of that name
     * @return the directory
     * @throws IllegalArgumentException if a statement lacks its parameter
     */
    public static JdbcClientUserDirectory of(
            DataSource dataSource, String findById, String findByEmail, String create) {
        return new JdbcClientUserDirectory(dataSource, findById, findByEmail, create);
    }

    /** An id that can be none of this table's, such as a word where there are numbers, is nobody's. */
    @Override
    public Optional<User> findById(String userId) {
        try {
            // Collations may ignore case, or blanks at the end.
            return find(findById, ID, userId, typeOfId)
                    .filter(found -> found.id().equals(userId));
        } catch (DataIntegrityViolationException e) {
            return Optional.empty();
        } catch (DataAccessException e) {
            throw unavailable(e);
        }
    }

    /** A row with another address, the case of A to Z apart, is nobody's. */
    @Override
    public Optional<User> findByVerifiedEmail(String email) {
        try {
            // Collations may also ignore accents, and take somebody else's address for this one.
            return find(findByEmail, EMAIL, email, Types.VARCHAR)
                    .filter(found ->
                            found.email().map(JdbcClientUserDirectory::folded).equals(Optional.of(folded(email))));
        } catch (DataAccessException e) {
            throw unavailable(e);
        }
    }

    /** There are no numbers here. */
    @Override
    public Optional<User> findByVerifiedPhone(String phone) {
        return Optional.empty();
    }

    @Override
    public Optional<User> create(Contact contact) {
        String email = contact.email().orElse(null);
        try {
            String id = Objects.requireNonNull(transaction.execute(status -> insert(email)));
            return Optional.of(User.of(id, email));
        } catch (DuplicateKeyException e) {
            return Optional.empty(); // somebody has that address
        } catch (DataAccessException | TransactionException e) {
            throw unavailable(e);
        }
    }

    private String insert(@Nullable String email) {
        JdbcClient.StatementSpec statement = jdbc.sql(create).param(EMAIL, email, Types.VARCHAR);
        if (create.contains(":" + ID)) {
            String id = UUID.randomUUID().toString();
            int unused = statement.param(ID, id, typeOfId).update();
            return id;
        }
        KeyHolder generated = new GeneratedKeyHolder();
        int unused = statement.update(generated, ID);
        return generated.getKeyList().get(0).values().iterator().next().toString();
    }

    private Optional<User> find(String sql, String parameter, String value, int type) {
        return jdbc.sql(sql)
                .param(parameter, value, type)
                .query((row, number) -> read(row))
                .optional();
    }

    /** With A to Z in lower case, and nothing else: other letters than these have no other case in an address. */
    private static String folded(String address) {
        StringBuilder folded = new StringBuilder(address.length());
        address.chars().map(c -> c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c).forEach(c -> folded.append((char) c));
        return folded.toString();
    }

    private static User read(ResultSet row) throws SQLException {
        boolean active = row.getMetaData().getColumnCount() < ACTIVE_COLUMN || row.getBoolean(ACTIVE_COLUMN);
        return new User(row.getString(1), active, row.getString(2));
    }

    /** PostgreSQL compares no number and no UUID with a text, but takes a value without a type for what it is compared with. */
    private static int typeOfId(DataSource dataSource) {
        try (var connection = dataSource.getConnection()) {
            return connection.getMetaData().getDatabaseProductName().equals("PostgreSQL") ? Types.OTHER : Types.VARCHAR;
        } catch (SQLException e) {
            throw new PortUnavailableException("the users are out of reach", e);
        }
    }

    private static PortUnavailableException unavailable(RuntimeException e) {
        return new PortUnavailableException("the users are out of reach", e);
    }

    private static String having(String parameter, String sql) {
        if (!sql.contains(parameter)) {
            throw new IllegalArgumentException("the statement lacks " + parameter + ": " + sql);
        }
        return sql;
    }
}
