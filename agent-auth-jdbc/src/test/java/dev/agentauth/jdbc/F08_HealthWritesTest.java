package dev.agentauth.jdbc;

import static dev.agentauth.jdbc.F11_MigrationTest.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.zaxxer.hikari.HikariDataSource;
import dev.agentauth.AgentAuth;
import dev.agentauth.Health;
import dev.agentauth.memory.InMemoryUserDirectory;
import dev.agentauth.testkit.Race;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A database that takes no writes is not healthy, and a look at the health is what notices it. */
class F08_HealthWritesTest {
    private static final String ISSUER = "https://auth.example.com";

    @Test
    void databaseThatTakesNoWritesIsNotHealthyAndIsAgainAsSoonAsItDoes() throws SQLException {
        try (HikariDataSource owner = Postgres.database().emptyDatabase();
                HikariDataSource pool = Postgres.database().pool(config -> {
                    config.setJdbcUrl(owner.getJdbcUrl());
                    config.setMaximumPoolSize(1);
                })) {
            JdbcStores.migrate(owner);
            String name = owner.getJdbcUrl().replaceFirst(".*/(fresh[0-9]+).*", "$1");
            try (AgentAuth auth = AgentAuth.builder(ISSUER, "https://api.example.com/")
                    .preClaimScopes("api.read")
                    .postClaimScopes("api.read")
                    .users(new InMemoryUserDirectory())
                    .mailer(mail -> {})
                    .withoutRateLimits()
                    .stores(JdbcStores.of(pool, ISSUER))
                    .audit(event -> {})
                    .purgeByEmbedder()
                    .build()) {
                assertThat(auth.health().isUp()).isTrue();

                execute(owner, "ALTER DATABASE " + name + " SET default_transaction_read_only = on");
                pool.getHikariPoolMXBean().softEvictConnections();
                assertThat(down(auth)).containsExactly("writes");
                assertThat(down(auth))
                        .as("from now on what it reads is not believed either")
                        .contains("writes", "registrations", "accessTokens", "replay", "logoutMarks");

                execute(owner, "SET default_transaction_read_only = off", "ALTER DATABASE " + name + " RESET ALL");
                assertThat(Stream.generate(() -> down(auth)).limit(3)).anyMatch(List::isEmpty);
                assertThat(down(auth)).isEmpty();
            }
        }
    }

    private static List<String> down(AgentAuth auth) {
        return auth.health().components().stream()
                .filter(component -> !component.up())
                .map(Health.Component::name)
                .toList();
    }

    static Stream<TestDatabase> databases() {
        return F11_MigrationTest.databases();
    }

    @ParameterizedTest
    @MethodSource("databases")
    void replicasMayAllLookAtOnce(TestDatabase database) {
        JdbcStores stores = JdbcStores.of(database.dataSource(), ISSUER);

        assertThatCode(() -> Race.run(() -> {
                    stores.checkWritable();
                    return true;
                }))
                .doesNotThrowAnyException();
    }
}
