package dev.agentauth.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.AgentAuth;
import dev.agentauth.Caller;
import dev.agentauth.IssuedToken;
import dev.agentauth.Registered;
import dev.agentauth.memory.InMemoryUserDirectory;
import dev.agentauth.spi.ClaimMail;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaTest {
    private static final List<String> STORES = List.of(
            "agent_auth_service",
            "agent_auth_registration",
            "agent_auth_access_token",
            "agent_auth_replay",
            "agent_auth_logout_mark",
            "agent_auth_user_origin");

    @ParameterizedTest
    @ValueSource(
            strings = {"agent-auth/%s/R__agent_auth_01_stores.sql", "agent-auth-users/%s/R__agent_auth_users_01.sql"})
    void mySqlHasTheScriptsOfMariaDb(String script) throws IOException {
        assertThat(script(String.format(script, "mysql")))
                .isEqualTo(script(String.format(script, "mariadb")))
                .contains("CREATE TABLE");
    }

    @ParameterizedTest
    @CsvSource({
        "agent_auth_registration, claim_token",
        "agent_auth_registration, attempt_token",
        "agent_auth_registration, live_key",
        "agent_auth_registration, generation",
        "agent_auth_registration, created_at",
        "agent_auth_registration, user_key",
        "agent_auth_registration, recipient_key",
        "agent_auth_registration, subject_key",
        "agent_auth_registration, unsettled_since",
        "agent_auth_registration, settled_since",
        "agent_auth_access_token, expires_at",
        "agent_auth_access_token, registration_id",
        "agent_auth_replay, needed_until",
        "agent_auth_logout_mark, needed_until",
        "agent_auth_user_origin, origin_key",
        "agent_auth_user_origin, user_key",
        "agent_auth_user_origin, address_key",
        "agent_auth_user, email_key",
        "agent_auth_user, phone_key"
    })
    void whatIsLookedUpIsIndexedEverywhere(String table, String column) throws SQLException {
        for (TestDatabase database : List.of(Postgres.database(), MariaDb.database(), H2.database())) {
            assertThat(indexedColumns(database, table)).contains(column);
        }
    }

    @Test
    void registrationsTableHasTheDeclaredColumnsAndFourThatAreTheStoresOwn() throws SQLException {
        for (TestDatabase database : List.of(Postgres.database(), MariaDb.database(), H2.database())) {
            assertThat(columns(database, "agent_auth_registration"))
                    .as(database.toString())
                    .containsExactlyInAnyOrderElementsOf(Stream.concat(
                                    RegistrationRow.ALL_NAMES.stream(),
                                    Stream.of("service_key", "live_key", "write_mark", "generation"))
                            .toList());
        }
    }

    @Test
    void noTableHoldsASecret() throws SQLException {
        TestDatabase database = Postgres.database();
        database.empty();
        JdbcStores stores = JdbcStores.of(database.dataSource(), TestDatabase.ISSUER);
        List<ClaimMail> mails = new ArrayList<>();
        List<String> secrets = new ArrayList<>();
        try (AgentAuth auth = AgentAuth.builder("https://auth.example.com", "https://api.example.com/")
                .preClaimScopes("api.read")
                .postClaimScopes("api.read")
                .users(new InMemoryUserDirectory())
                .mailer(mails::add)
                .withoutRateLimits()
                .stores(stores)
                .audit(event -> {})
                .purgeByEmbedder()
                .build()) {
            Registered.Anonymous agent = auth.registerAnonymous(Caller.unknown());
            IssuedToken token =
                    auth.exchange(Caller.unknown(), agent.assertion().value().reveal(), null, List.of());
            String claimToken = agent.claim().token().reveal();
            auth.startClaim(Caller.unknown(), claimToken, "alice@example.com");
            String link = mails.get(0).link();
            String attemptToken = link.substring(link.indexOf('=') + 1);
            String code = auth.revealCode(Caller.unknown(), attemptToken).code().reveal();
            secrets.addAll(List.of(
                    agent.assertion().value().reveal(), token.value().reveal(), claimToken, attemptToken, code));
        }

        String dump = dump(database);
        assertThat(dump).contains("alice@example.com");
        for (String secret : secrets) {
            String hex = HexFormat.of().formatHex(secret.getBytes(StandardCharsets.UTF_8));
            assertThat(dump.toLowerCase(Locale.ROOT))
                    .doesNotContain(secret.toLowerCase(Locale.ROOT))
                    .doesNotContain(hex);
        }
    }

    private static String dump(TestDatabase database) throws SQLException {
        StringBuilder dump = new StringBuilder();
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            for (String table : STORES) {
                try (ResultSet rows = statement.executeQuery("SELECT row_to_json(t)::text FROM " + table + " t")) {
                    while (rows.next()) {
                        dump.append(rows.getString(1)).append('\n');
                    }
                }
            }
        }
        return dump.toString();
    }

    private static List<String> columns(TestDatabase database, String table) throws SQLException {
        List<String> columns = new ArrayList<>();
        try (Connection connection = database.dataSource().getConnection()) {
            boolean upper = connection.getMetaData().storesUpperCaseIdentifiers();
            try (ResultSet found = connection
                    .getMetaData()
                    .getColumns(connection.getCatalog(), null, upper ? table.toUpperCase(Locale.ROOT) : table, null)) {
                while (found.next()) {
                    columns.add(found.getString("COLUMN_NAME").toLowerCase(Locale.ROOT));
                }
            }
        }
        return columns;
    }

    private static Set<String> indexedColumns(TestDatabase database, String table) throws SQLException {
        Set<String> columns = new HashSet<>();
        try (Connection connection = database.dataSource().getConnection()) {
            boolean upper = connection.getMetaData().storesUpperCaseIdentifiers();
            try (ResultSet indexes = connection
                    .getMetaData()
                    .getIndexInfo(
                            connection.getCatalog(),
                            null,
                            upper ? table.toUpperCase(Locale.ROOT) : table,
                            false,
                            false)) {
                // Most indexes begin with the service, and what is looked up within it comes next.
                boolean ofService = false;
                while (indexes.next()) {
                    String column =
                            String.valueOf(indexes.getString("COLUMN_NAME")).toLowerCase(Locale.ROOT);
                    int position = indexes.getInt("ORDINAL_POSITION");
                    if (position == 1 || (position == 2 && ofService)) {
                        columns.add(column);
                    }
                    ofService = position == 1 && column.equals("service_key");
                }
            }
        }
        return columns;
    }

    private static String script(String path) throws IOException {
        try (InputStream in = SchemaTest.class.getResourceAsStream("/db/" + path)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
