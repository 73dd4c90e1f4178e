package dev.agentauth.memory;

import static dev.agentauth.testkit.TestRegistrations.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.SecretHash;
import dev.agentauth.registration.EndReason;
import dev.agentauth.registration.Registration;
import dev.agentauth.spi.AccessToken;
import dev.agentauth.spi.Stores;
import dev.agentauth.testkit.StoresContract;
import dev.agentauth.testkit.TestRegistrations;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class InMemoryStoresTest extends StoresContract {
    private final InMemoryStores stores = InMemoryStores.of("https://service.example");

    @Override
    protected Stores newStores(String issuer) {
        return InMemoryStores.of(issuer);
    }

    @Override
    protected Stores newNeighbour(String issuer) {
        return InMemoryStores.of(issuer);
    }

    @Test
    @DisplayName("a token shows each next value of its registration, and none that came into its place")
    void tokensFollowTheirRegistration() {
        assertThat(behind("at_1")).isEmpty();
        // A text of its own, as one that was read from an assertion is.
        insertToken("at_1", String.copyValueOf("reg_1".toCharArray()));
        assertThat(behind("at_1")).isEmpty();

        assertThat(stores.registrations().insert(TestRegistrations.anonymous("reg_1"), NOW))
                .isTrue();
        Registration first = behind("at_1").orElseThrow();
        assertThat(first.id()).isEqualTo("reg_1");

        Registration revoked = stores.registrations()
                .replace(first, first.revoke(EndReason.OPERATOR, NOW))
                .orElseThrow();
        assertThat(behind("at_1")).contains(revoked);

        assertThat(stores.registrations().purge(NOW.plus(Duration.ofDays(1)), NOW.plus(Duration.ofDays(1)), 10))
                .containsExactly(revoked);
        assertThat(stores.registrations().insert(TestRegistrations.anonymous("reg_2"), NOW))
                .isTrue();
        assertThat(behind("at_1")).isEmpty();
    }

    private void insertToken(String token, String registrationId) {
        AccessToken stored = new AccessToken(SecretHash.of(token), registrationId, 0, null, NOW.plusSeconds(60));
        stores.tokens().insert(stored, NOW, 10);
    }

    private Optional<Registration> behind(String token) {
        return stores.findTokenWithRegistration(SecretHash.of(token)).map(Stores.TokenWithRegistration::registration);
    }
}
