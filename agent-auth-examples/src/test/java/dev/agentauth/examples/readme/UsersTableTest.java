package dev.agentauth.examples.readme;

import dev.agentauth.spi.UserDirectory;
import dev.agentauth.testkit.UserDirectoryContract;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.h2.jdbcx.JdbcDataSource;

/** The README's table of users keeps the contract. */
class UsersTableTest extends UserDirectoryContract {
    @Override
    protected UserDirectory newDirectory() {
        JdbcDataSource database = new JdbcDataSource();
        database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE users"
                    + " (id varchar(36) PRIMARY KEY, active boolean NOT NULL, email varchar(254) UNIQUE)");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return new UsersTable(database);
    }

    @Override
    protected boolean hasPhoneNumbers() {
        return false;
    }
}
