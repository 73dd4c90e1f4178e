package dev.agentauth.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentauth.AgentAuth;
import dev.agentauth.Caller;
import dev.agentauth.Registered;
import dev.agentauth.memory.InMemoryUserDirectory;
import dev.agentauth.spi.AuditEvent;
import dev.agentauth.spi.PortUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** F28: revoking everything takes effect at once, and can be interrupted in what follows. */
class F28_RevokeAllTest {
    private static final Caller CALLER = Caller.unknown();
    private static final int MANY = 1200;

    private final List<AuditEvent> events = new ArrayList<>();

    static Stream<TestDatabase> databases() {
        return Stream.of(H2.database(), Postgres.database(), MariaDb.database());
    }

    @ParameterizedTest
    @MethodSource("databases")
    void f28_everythingHasEndedEverywhereThoughTheRunIsInterruptedAndThePurgeFinishesIt(TestDatabase database) {
        database.empty();
        WatchedDataSource watched = new WatchedDataSource(database.dataSource());
        try (AgentAuth here = service(JdbcStores.of(watched.dataSource(), TestDatabase.ISSUER));
                AgentAuth elsewhere = service(JdbcStores.of(database.dataSource(), TestDatabase.ISSUER))) {
            Registered.Anonymous agent = here.registerAnonymous(CALLER);
            String token = here.exchange(CALLER, agent.assertion().value().reveal(), null, List.of())
                    .value()
                    .reveal();
            here.registerAnonymous(CALLER);
            events.clear();
            watched.breakBefore("UPDATE agent_auth_registration", 2);

            assertThatThrownBy(here::revokeAllRegistrations).isInstanceOf(PortUnavailableException.class);

            assertThat(elsewhere.authenticate(token)).isEmpty();
            assertThat(events).extracting(AuditEvent::fields).containsExactly(Map.of("reason", "operator"));
            Registered.Anonymous newcomer = elsewhere.registerAnonymous(CALLER);
            elsewhere.purge();
            assertThat(here.registration(newcomer.registrationId()))
                    .get()
                    .satisfies(summary -> assertThat(summary.endedAt()).isNull());
            assertThat(JdbcStores.of(database.dataSource(), TestDatabase.ISSUER)
                            .registrations()
                            .writeRevocations(10))
                    .isZero();
            assertThat(here.revokeAllRegistrations()).as("the newcomer").isEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    void f28_takesStatementsOfABoundedSize(TestDatabase database) {
        database.empty();
        WatchedDataSource watched = new WatchedDataSource(database.dataSource());
        try (AgentAuth auth = service(JdbcStores.of(watched.dataSource(), TestDatabase.ISSUER))) {
            for (int i = 0; i < MANY; i++) {
                auth.registerAnonymous(CALLER);
            }
            watched.sent();

            assertThat(auth.revokeAllRegistrations()).isEqualTo(MANY);

            assertThat(watched.sent())
                    .filteredOn(sql -> sql.startsWith("UPDATE agent_auth_registration"))
                    .as("500, 500, 200 and the look that finds none")
                    .hasSize(4);
        }
    }

    private AgentAuth service(JdbcStores stores) {
        return AgentAuth.builder(TestDatabase.ISSUER, "https://api.example.com/")
                .preClaimScopes("api.read")
                .postClaimScopes("api.read")
                .users(new InMemoryUserDirectory())
                .mailer(mail -> {})
                .withoutRateLimits()
                .stores(stores)
                .audit(events::add)
                .purgeByEmbedder()
                .build();
    }
}
