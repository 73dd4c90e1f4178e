package dev.agentauth.jdbc;

import static dev.agentauth.testkit.TestRegistrations.CLAIM_EXPIRES;
import static dev.agentauth.testkit.TestRegistrations.NOW;
import static dev.agentauth.testkit.TestRegistrations.anonymous;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.registration.Registration;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** F32: PostgreSQL purges registrations by one statement a batch, and waits for nobody. */
class F32_PurgeTest {
    private final TestDatabase database = Postgres.database();
    private final WatchedDataSource watched = new WatchedDataSource(database.dataSource());
    private JdbcRegistrationStore store;

    @BeforeEach
    void fill() {
        database.empty();
        store = (JdbcRegistrationStore)
                JdbcStores.of(watched.dataSource(), TestDatabase.ISSUER).registrations();
        for (int i = 0; i < 30; i++) {
            store.insert(anonymous("reg_" + i), NOW);
        }
        watched.sent();
    }

    @Test
    void f32_batchIsOneStatement() {
        assertThat(store.purge(CLAIM_EXPIRES, NOW, 10))
                .hasSize(10)
                .allSatisfy(purged -> assertThat(purged).isEqualTo(anonymous(purged.id())));

        assertThat(watched.sent()).hasSize(1).allMatch(sql -> sql.startsWith("DELETE"));
    }

    @Test
    @Timeout(30)
    void f32_whatSomebodyIsWritingIsNotWaitedFor() throws SQLException {
        try (Connection other = database.dataSource().getConnection()) {
            other.setAutoCommit(false);
            try (PreparedStatement statement =
                    other.prepareStatement("SELECT 1 FROM agent_auth_registration WHERE id = 'reg_7' FOR UPDATE")) {
                statement.executeQuery().close();
            }

            assertThat(store.purge(CLAIM_EXPIRES.plus(Duration.ofDays(1)), NOW, 100))
                    .hasSize(29)
                    .extracting(Registration::id)
                    .doesNotContain("reg_7");

            other.rollback();
            other.setAutoCommit(true);
        }
        assertThat(store.purge(CLAIM_EXPIRES, NOW, 100))
                .extracting(Registration::id)
                .containsExactly("reg_7");
    }
}
