package dev.agentauth.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.AgentAuth;
import dev.agentauth.Caller;
import dev.agentauth.IssuedToken;
import dev.agentauth.Registered;
import dev.agentauth.SecretHash;
import dev.agentauth.memory.InMemoryUserDirectory;
import dev.agentauth.registration.EndReason;
import dev.agentauth.registration.Registration;
import dev.agentauth.spi.JwtKind;
import dev.agentauth.testkit.MovableClock;
import dev.agentauth.testkit.TestRegistrations;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How often the database is asked. */
class RoundTripsTest {
    private static final Instant NOW = TestRegistrations.NOW;

    private final WatchedDataSource database =
            new WatchedDataSource(H2.database().dataSource());
    private JdbcStores stores;
    private AgentAuth auth;

    @BeforeEach
    void open() {
        H2.database().empty();
        stores = JdbcStores.of(database.dataSource(), TestDatabase.ISSUER);
        auth = AgentAuth.builder("https://auth.example.com", "https://api.example.com/")
                .preClaimScopes("api.read")
                .postClaimScopes("api.read")
                .users(new InMemoryUserDirectory())
                .verifiedEmail(false)
                .mailer(mail -> {})
                .withoutRateLimits()
                .stores(stores)
                .clock(MovableClock.at(NOW))
                .audit(event -> {})
                .purgeByEmbedder()
                .build();
        database.sent();
    }

    @AfterEach
    void close() {
        auth.close();
    }

    @Test
    void registeringIsOneInsert() {
        auth.registerAnonymous(Caller.unknown());

        assertThat(kinds()).containsExactly("INSERT");
    }

    @Test
    void exchangeIsOneSelectAndOneInsert() {
        Registered.Anonymous agent = auth.registerAnonymous(Caller.unknown());
        database.sent();

        exchange(agent);

        assertThat(kinds()).containsExactly("SELECT", "INSERT");
    }

    /** In the long run the limit of live tokens adds a statement to one exchange in fifty, and to one in a hundred at first. */
    @Test
    void f22_limitOfLiveTokensCostsOneExchangeInManyAStatement() {
        Registered.Anonymous agent = auth.registerAnonymous(Caller.unknown());
        database.sent();

        for (int i = 1; i < 100; i++) {
            exchange(agent);
        }
        assertThat(kinds()).hasSize(198).doesNotContain("DELETE");
        exchange(agent);
        assertThat(kinds()).containsExactly("SELECT", "INSERT", "DELETE");
        for (int i = 0; i < 1000; i++) {
            exchange(agent);
        }
        assertThat(kinds().stream().filter("DELETE"::equals).count()).isBetween(10L, 60L);
    }

    @Test
    void f22_registrationHasNoMoreLiveTokensThanTheLimitAndATenth() {
        Registered.Anonymous agent = auth.registerAnonymous(Caller.unknown());
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < 2500; i++) {
            tokens.add(exchange(agent).value().reveal());
        }

        assertThat(tokens.subList(1500, 2500))
                .allSatisfy(token -> assertThat(auth.authenticate(token)).isPresent());
        assertThat(tokens.stream()
                        .filter(token -> auth.authenticate(token).isPresent())
                        .count())
                .isBetween(1000L, 1100L);
    }

    @Test
    void authenticationIsOneSelectWhetherOrNotTheTokenExists() {
        IssuedToken token = exchange(auth.registerAnonymous(Caller.unknown()));
        database.sent();

        assertThat(auth.authenticate(token.value().reveal())).isPresent();
        assertThat(kinds()).containsExactly("SELECT");
        assertThat(auth.authenticate("at_" + "x".repeat(32))).isEmpty();
        assertThat(kinds()).containsExactly("SELECT");
    }

    @Test
    void revocationIsOneDeleteBetweenTwoSelectsWhetherOrNotTheTokenExists() {
        IssuedToken token = exchange(auth.registerAnonymous(Caller.unknown()));
        database.sent();

        auth.revokeToken(Caller.unknown(), token.value().reveal());
        assertThat(kinds()).containsExactly("SELECT", "DELETE", "SELECT");
        auth.revokeToken(Caller.unknown(), "at_" + "x".repeat(32));
        assertThat(kinds()).containsExactly("SELECT", "DELETE", "SELECT");
    }

    @Test
    void eachLookUpAndEachWriteIsOneStatement() {
        Registration registration = TestRegistrations.stepUp("reg_1", TestRegistrations.identity("s"), "user_1");
        stores.registrations().insert(registration, NOW);
        stores.registrations().findById("reg_1");
        stores.registrations().findByClaimToken(TestRegistrations.claimToken("reg_1"));
        stores.registrations().findByAttemptToken(TestRegistrations.attemptToken("reg_1"));
        stores.registrations().findByUser("user_1");
        stores.registrations().findByProviderInAnyTenant(TestRegistrations.identity("s"));
        stores.registrations().replace(registration, registration.revoke(EndReason.OPERATOR, NOW));
        assertThat(kinds()).containsExactly("INSERT", "SELECT", "SELECT", "SELECT", "SELECT", "SELECT", "UPDATE");

        stores.registrations().revokeAll(NOW);
        assertThat(kinds()).as("the first time").containsExactly("UPDATE", "INSERT");
        stores.registrations().revokeAll(NOW);
        stores.registrations().writeRevocations(10);
        stores.tokens().find(SecretHash.of("t"));
        stores.tokens().delete(SecretHash.of("t"));
        stores.tokens().purgeExpired(NOW, 10);
        assertThat(kinds()).containsExactly("UPDATE", "UPDATE", "SELECT", "DELETE", "DELETE");

        stores.replay().recordFirst(JwtKind.ID_JAG, "iss", "jti", NOW, NOW.plusSeconds(60));
        stores.replay().seen(JwtKind.ID_JAG, "iss", "jti", NOW);
        stores.logoutMarks().raise(TestRegistrations.identity(null, "s"), NOW, NOW.plusSeconds(60));
        stores.logoutMarks().newest(TestRegistrations.identity("s"));
        assertThat(kinds()).containsExactly("INSERT", "SELECT", "MERGE", "SELECT");
    }

    @Test
    void everyStatementIsAConstant() {
        for (int i = 0; i < 3; i++) {
            IssuedToken token = exchange(auth.registerAnonymous(Caller.unknown()));
            auth.authenticate(token.value().reveal());
        }

        assertThat(database.sent())
                .hasSize(12)
                .satisfies(sent -> assertThat(Set.copyOf(sent)).hasSize(4));
    }

    private IssuedToken exchange(Registered.Anonymous agent) {
        return auth.exchange(Caller.unknown(), agent.assertion().value().reveal(), null, List.of());
    }

    private List<String> kinds() {
        return database.sent().stream()
                .map(sql -> sql.substring(0, sql.indexOf(' ')))
                .toList();
    }
}
