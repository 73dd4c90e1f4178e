package dev.agentauth.jdbc;

import static dev.agentauth.testkit.TestRegistrations.NOW;
import static dev.agentauth.testkit.TestRegistrations.identity;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.agentauth.AgentAuth;
import dev.agentauth.Caller;
import dev.agentauth.Registered;
import dev.agentauth.memory.InMemoryUserDirectory;
import dev.agentauth.spi.AuditEvent;
import dev.agentauth.spi.LogoutMarks;
import dev.agentauth.spi.PortUnavailableException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What stands before the database runs another statement than it was given, and nothing happens. */
class F07_WritesWithoutEffectTest {
    private static final String ISSUER = "https://auth.example.com";

    private final WatchedDataSource database =
            new WatchedDataSource(H2.database().dataSource());
    private JdbcStores stores;

    @BeforeEach
    void open() {
        H2.database().empty();
        stores = JdbcStores.of(database.dataSource(), ISSUER);
    }

    @Test
    void logoutMarkThatWasNotWrittenIsAnOutage() {
        LogoutMarks marks = stores.logoutMarks();
        database.rewrite(sql -> sql.startsWith("MERGE")
                ? "UPDATE agent_auth_logout_mark SET issued_at = issued_at"
                        + " WHERE subject_key = ? AND issued_at > ? AND issued_at < ?"
                : sql);

        assertThatThrownBy(() -> marks.raise(identity("s"), NOW, NOW.plusSeconds(60)))
                .isInstanceOf(PortUnavailableException.class);
    }

    @Test
    void tokenThatWasNotDeletedIsNotAnsweredAsRevoked() {
        List<AuditEvent> events = new ArrayList<>();
        try (AgentAuth auth = AgentAuth.builder(ISSUER, "https://api.example.com/")
                .preClaimScopes("api.read")
                .postClaimScopes("api.read")
                .users(new InMemoryUserDirectory())
                .mailer(mail -> {})
                .withoutRateLimits()
                .stores(stores)
                .audit(events::add)
                .purgeByEmbedder()
                .build()) {
            Registered.Anonymous agent = auth.registerAnonymous(Caller.unknown());
            String token = auth.exchange(
                            Caller.unknown(), agent.assertion().value().reveal(), null, List.of())
                    .value()
                    .reveal();
            database.rewrite(sql -> sql.startsWith("DELETE FROM agent_auth_access_token")
                    ? "DELETE FROM agent_auth_replay WHERE service_key = ? AND jwt_key = ?"
                    : sql);

            assertThatThrownBy(() -> auth.revokeToken(Caller.unknown(), token))
                    .isInstanceOf(PortUnavailableException.class);
            assertThat(events).extracting(AuditEvent::type).doesNotContain(AuditEvent.Type.TOKEN_REVOKED);
            assertThat(auth.authenticate(token)).isPresent();

            database.rewrite(sql -> sql);
            auth.revokeToken(Caller.unknown(), token);
            assertThat(auth.authenticate(token)).isEmpty();
        }
    }

    @Test
    void checkOfTheHealthThatWasNotWrittenIsAnOutage() {
        stores.checkWritable();
        database.rewrite(
                sql -> sql.startsWith("UPDATE agent_auth_probe") || sql.startsWith("INSERT INTO agent_auth_probe")
                        ? "DELETE FROM agent_auth_probe WHERE write_mark = ? AND id = 2"
                        : sql);

        assertThatThrownBy(stores::checkWritable).isInstanceOf(PortUnavailableException.class);
    }

    @Test
    void logoutMarkThatNeedNotChangeIsRaisedWhateverTheDriverCounts() {
        try (HikariDataSource pool = MariaDb.database()
                .pool(config -> config.setJdbcUrl(MariaDb.database().url() + "?useAffectedRows=true"))) {
            MariaDb.database().empty();
            LogoutMarks marks = JdbcStores.of(pool, ISSUER).logoutMarks();

            marks.raise(identity("s"), NOW, NOW.plusSeconds(60));
            marks.raise(identity("s"), NOW, NOW.plusSeconds(60));
            marks.raise(identity("s"), NOW.minusSeconds(1), NOW.plusSeconds(59));

            assertThat(marks.newest(identity("s"))).contains(NOW);
        }
    }
}
