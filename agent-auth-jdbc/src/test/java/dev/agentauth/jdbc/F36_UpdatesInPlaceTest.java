package dev.agentauth.jdbc;

import static dev.agentauth.testkit.TestRegistrations.NOW;
import static dev.agentauth.testkit.TestRegistrations.anonymous;
import static dev.agentauth.testkit.TestRegistrations.pending;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.registration.Registration;
import dev.agentauth.spi.RegistrationStore;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** F36: what changes in a registration stays on its page in PostgreSQL, and empty columns fill no index. */
class F36_UpdatesInPlaceTest {
    private static final int MANY = 300;

    private final TestDatabase database = Postgres.database();
    private RegistrationStore store;

    @BeforeEach
    void open() {
        database.empty();
        store = JdbcStores.of(database.dataSource(), TestDatabase.ISSUER).registrations();
    }

    @Test
    void f36_changeThatIsNotLookedUpByStaysOnItsPage() throws SQLException {
        execute("VACUUM FULL agent_auth_registration");
        for (int i = 0; i < MANY; i++) {
            store.insert(pending("reg_" + i), NOW);
        }
        Map<String, Long> before = pages();

        // Not all: there is room for a few on each page until it is tidied up.
        for (int i = 0; i < MANY; i += 5) {
            Registration registration = store.findById("reg_" + i).orElseThrow();
            store.replace(registration, registration.raiseEpoch());
        }

        assertThat(before.values().stream().distinct()).hasSizeGreaterThan(3);
        assertThat(pages()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({
        "attempt, attempt_token",
        "user, user_key",
        "recipient, recipient_key",
        "subject, subject_key",
        "settled, settled_since",
        "live, live_key"
    })
    void f36_partialIndexIsUsedForTheLookUp(String index, String column) throws SQLException {
        for (int i = 0; i < MANY; i++) {
            store.insert(i % 5 == 0 ? pending("reg_" + i) : anonymous("reg_" + i), NOW);
        }
        execute("VACUUM FULL ANALYZE agent_auth_registration");
        String type = column.endsWith("since") ? "bigint" : "bytea";
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SET plan_cache_mode = force_generic_plan");
            statement.execute("SET enable_seqscan = off");
            statement.execute("PREPARE look (bytea, " + type + ") AS SELECT 1 FROM agent_auth_registration"
                    + " WHERE service_key = $1 AND " + column + " = $2");
            try (ResultSet plan = statement.executeQuery(
                    "EXPLAIN EXECUTE look ('\\x00', " + (type.equals("bigint") ? "1" : "'\\x00'") + ")")) {
                StringBuilder text = new StringBuilder();
                while (plan.next()) {
                    text.append(plan.getString(1)).append('\n');
                }
                assertThat(text).contains("agent_auth_registration_" + index);
            } finally {
                statement.execute("DEALLOCATE look");
                statement.execute("RESET plan_cache_mode");
                statement.execute("RESET enable_seqscan");
            }
        }
    }

    private Map<String, Long> pages() throws SQLException {
        Map<String, Long> pages = new HashMap<>();
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT id, (ctid::text::point)[0]::bigint FROM agent_auth_registration")) {
            while (rows.next()) {
                pages.put(rows.getString(1), rows.getLong(2));
            }
        }
        return pages;
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
