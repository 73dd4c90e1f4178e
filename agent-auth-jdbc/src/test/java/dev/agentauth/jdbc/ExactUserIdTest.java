package dev.agentauth.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.agentauth.spi.Contact;
import dev.agentauth.spi.User;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An id is that id: MariaDB's collation, for one, takes white space at the end for nothing. */
class ExactUserIdTest {

    static Stream<TestDatabase> databases() {
        return F11_MigrationTest.databases();
    }

    @ParameterizedTest
    @MethodSource("databases")
    void lookalikeOfAnIdIsNobody(TestDatabase database) {
        database.empty();
        JdbcUserDirectory users = JdbcUserDirectory.of(database.dataSource());
        String id = users.create(Contact.of("alice@example.com", null))
                .orElseThrow()
                .id();

        assertThat(users.findById(id)).isPresent();
        assertLookalikesAreNobody(users, id);
    }

    /** As where somebody has made the table by hand, in a database that folds case. */
    @Test
    void lookalikeOfAnIdIsNobodyWhereTheCollationFoldsCase() throws SQLException {
        try (HikariDataSource database = MariaDb.database().emptyDatabase();
                Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            JdbcUserDirectory.migrate(database);
            statement.execute(
                    "ALTER TABLE agent_auth_user CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci");
            JdbcUserDirectory users = JdbcUserDirectory.of(database);
            String id = users.create(Contact.of("alice@example.com", null))
                    .orElseThrow()
                    .id();

            assertLookalikesAreNobody(users, id);
        }
    }

    private static void assertLookalikesAreNobody(JdbcUserDirectory users, String id) {
        for (String lookalike :
                List.of(id + " ", id + "   ", " " + id, id + "\t", id.toUpperCase(Locale.ROOT), id + "\u0301")) {
            assertThat(users.findById(lookalike)).as("[%s]", lookalike).isEmpty();
            users.setActive(lookalike, false);
            assertThat(users.findById(id))
                    .as("[%s]", lookalike)
                    .get()
                    .extracting(User::isActive)
                    .isEqualTo(true);
        }
        users.setActive(id, false);
        assertThat(users.findById(id)).get().extracting(User::isActive).isEqualTo(false);
    }
}
