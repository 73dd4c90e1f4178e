package dev.agentauth.examples.readme;

import dev.agentauth.spi.Contact;
import dev.agentauth.spi.PortUnavailableException;
import dev.agentauth.spi.User;
import dev.agentauth.spi.UserDirectory;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

// begin: UsersTable
/** CREATE TABLE users (id varchar(36) PRIMARY KEY, active boolean NOT NULL, email varchar(254) UNIQUE) */
final class UsersTable implements UserDirectory {
    private final DataSource dataSource;

    UsersTable(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public Optional<User> findById(String userId) {
        return find("SELECT id, active, email FROM users WHERE id = ?", userId);
    }

    @Override
    public Optional<User> findByVerifiedEmail(String email) {
        return find("SELECT id, active, email FROM users WHERE email = ?", email); // stored in lower case
    }

    @Override
    public Optional<User> findByVerifiedPhone(String phone) {
        return Optional.empty(); // no numbers here
    }

    @Override
    public Optional<User> create(Contact contact) {
        User user = User.of(UUID.randomUUID().toString(), contact.email().orElse(null));
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO users (id, active, email) VALUES (?, TRUE, ?)")) {
            insert.setString(1, user.id());
            insert.setString(2, user.email().orElse(null));
            insert.executeUpdate();
            return Optional.of(user);
        } catch (SQLIntegrityConstraintViolationException e) {
            return Optional.empty(); // somebody has that address
        } catch (SQLException e) {
            throw new PortUnavailableException("the users are out of reach", e);
        }
    }

    private Optional<User> find(String sql, String value) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, value);
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? Optional.of(new User(row.getString(1), row.getBoolean(2), row.getString(3)))
                        : Optional.empty();
            }
        } catch (SQLException e) {
            throw new PortUnavailableException("the users are out of reach", e);
        }
    }
}
// end: UsersTable
