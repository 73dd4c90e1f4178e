package dev.agentauth.examples.readme;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.agentauth.AgentAuth;
import dev.agentauth.Caller;
import dev.agentauth.IssuedToken;
import dev.agentauth.Registered;
import dev.agentauth.memory.InMemoryUserDirectory;
import dev.agentauth.spi.SigningKeys;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's way to a database, walked. */
class DatabaseExampleTest {

    @Test
    void whatOneReplicaIssuesAnotherAccepts(@TempDir Path folder) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:h2:mem:" + UUID.randomUUID());
        try (HikariDataSource database = new HikariDataSource(config)) {
            ReadmeExamples.makeTables(database);
            SigningKeys keys = ReadmeExamples.keys(folder);
            try (AgentAuth one = replica(database, keys);
                    AgentAuth other = replica(database, keys)) {
                Registered.Anonymous agent = one.registerAnonymous(Caller.unknown());
                IssuedToken token = other.exchange(
                        Caller.unknown(), agent.assertion().value().reveal(), null, List.of());

                assertThat(one.authenticate(token.value().reveal()))
                        .get()
                        .extracting(found -> found.registrationId())
                        .isEqualTo(agent.registrationId());
            }
        }
    }

    private static AgentAuth replica(DataSource database, SigningKeys keys) {
        return ReadmeExamples.inDatabase(
                        database, AgentAuth.builder("https://auth.example.com", "https://api.example.com/"))
                .preClaimScopes("api.read")
                .postClaimScopes("api.read")
                .users(new InMemoryUserDirectory())
                .mailer(mail -> {})
                .withoutRateLimits()
                .signingKeys(keys)
                .build();
    }
}
