package dev.agentauth.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.agentauth.AgentAuth;
import dev.agentauth.AgentAuthException;
import dev.agentauth.AgentQuery;
import dev.agentauth.Caller;
import dev.agentauth.IssuedToken;
import dev.agentauth.Problem;
import dev.agentauth.Registered;
import dev.agentauth.memory.InMemoryUserDirectory;
import java.util.List;
import org.junit.jupiter.api.Test;

/** T85: two services on one database. */
class T85_TwoServicesTest {
    private static final Caller CALLER = Caller.unknown();

    private final TestDatabase database = H2.database();

    @Test
    void nothingOfOneServiceIsAcceptedOrEndedByTheOther() {
        database.empty();
        try (AgentAuth a = service("https://a.example.com");
                AgentAuth b = service("https://b.example.com")) {
            Registered.Anonymous agent = a.registerAnonymous(CALLER);
            String token = exchanged(a, agent).value().reveal();
            b.registerAnonymous(CALLER);

            assertThat(b.authenticate(token)).isEmpty();
            assertThatExceptionOfType(AgentAuthException.class)
                    .isThrownBy(() -> b.startClaim(CALLER, agent.claim().token().reveal(), "alice@example.com"))
                    .satisfies(refused -> assertThat(refused.problem()).isEqualTo(Problem.CLAIM_TOKEN_UNKNOWN));
            assertThat(b.registration(agent.registrationId())).isEmpty();
            assertThat(b.list(AgentQuery.all()).agents()).hasSize(1);
            assertThat(b.revokeRegistration(agent.registrationId())).isFalse();
            b.revokeToken(CALLER, token);
            assertThat(b.revokeAllRegistrations()).isEqualTo(1);

            assertThat(a.authenticate(token)).isPresent();
            assertThat(exchanged(a, agent).scopes()).containsExactly("api.read");
        }
    }

    private static IssuedToken exchanged(AgentAuth service, Registered.Anonymous agent) {
        return service.exchange(CALLER, agent.assertion().value().reveal(), null, List.of());
    }

    private AgentAuth service(String issuer) {
        return AgentAuth.builder(issuer, issuer + "/api/")
                .preClaimScopes("api.read")
                .postClaimScopes("api.read")
                .users(new InMemoryUserDirectory())
                .mailer(mail -> {})
                .withoutRateLimits()
                .stores(JdbcStores.of(database.dataSource(), issuer))
                .audit(event -> {})
                .purgeByEmbedder()
                .build();
    }
}
