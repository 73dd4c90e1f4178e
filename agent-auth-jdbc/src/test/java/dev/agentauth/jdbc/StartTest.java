package dev.agentauth.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.agentauth.spi.StoreUnavailableException;
import java.util.List;
import org.junit.jupiter.api.Test;

class StartTest {

    @Test
    void databaseWithoutTheTablesIsRefusedAtOnceAndTheScriptsAreNamed() {
        try (HikariDataSource empty = pool("jdbc:h2:mem:")) {
            assertThatThrownBy(() -> JdbcStores.of(empty))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("db/agent-auth");
            assertThatThrownBy(() -> JdbcUserDirectory.of(empty))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("db/agent-auth");
        }
    }

    @Test
    void databaseThatIsAwayIsAnOutage() {
        for (String url : List.of("jdbc:postgresql://localhost:1/none", "jdbc:mariadb://localhost:1/none")) {
            try (HikariDataSource away = pool(url)) {
                assertThatThrownBy(() -> JdbcStores.of(away)).isInstanceOf(StoreUnavailableException.class);
            }
        }
    }

    private static HikariDataSource pool(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setConnectionTimeout(300);
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
