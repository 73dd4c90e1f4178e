package dev.agentauth.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.agentauth.spi.PortUnavailableException;
import java.util.List;
import org.junit.jupiter.api.Test;

class StartTest {

    @Test
    void databaseWithoutTheTablesIsRefusedAtOnceAndTheScriptsAreNamed() {
        try (HikariDataSource empty = pool("jdbc:h2:mem:", 30_000)) {
            assertThatThrownBy(() -> JdbcStores.of(empty, TestDatabase.ISSUER))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("JdbcStores.migrate");
            assertThatThrownBy(() -> JdbcUserDirectory.of(empty))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("db/agent-auth");
        }
    }

    @Test
    void databaseThatIsAwayIsAnOutage() {
        for (String url : List.of("jdbc:postgresql://localhost:1/none", "jdbc:mariadb://localhost:1/none")) {
            try (HikariDataSource away = pool(url, 300)) {
                assertThatThrownBy(() -> JdbcStores.of(away, TestDatabase.ISSUER))
                        .isInstanceOf(PortUnavailableException.class);
            }
        }
    }

    private static HikariDataSource pool(String url, int patience) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setConnectionTimeout(patience);
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }

    @Test
    void databaseOfAnotherKindIsRefused() {
        assertThatThrownBy(() -> Dialect.of("Oracle"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PostgreSQL, MariaDB, MySQL and H2");
        assertThat(Dialect.of("MySQL")).isEqualTo(Dialect.of("MariaDB")).isEqualTo(Dialect.MYSQL);
    }
}
