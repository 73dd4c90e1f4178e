package dev.agentauth.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedProviderTest {

    @Test
    void defaultsAreTheProtocols() {
        TrustedProvider provider = TrustedProvider.of("https://agents.example.net");

        assertThat(provider.displayName()).isEqualTo("https://agents.example.net");
        assertThat(provider.jwksUri()).isEqualTo(URI.create("https://agents.example.net/.well-known/jwks.json"));
        assertThat(provider.clientIds()).containsExactly("https://agents.example.net");
        assertThat(provider.algorithms()).containsExactlyInAnyOrder("ES256", "RS256", "PS256", "ES384", "EdDSA");
        assertThat(provider.audienceTenants()).isEmpty();
        assertThat(TrustedProvider.of("https://agents.example.net/t/").jwksUri())
                .isEqualTo(URI.create("https://agents.example.net/t/.well-known/jwks.json"));
    }

    @Test
    void eachPartIsChangedAlone() {
        TrustedProvider provider = TrustedProvider.of("https://agents.example.net")
                .withDisplayName("Agents")
                .withJwksUri(URI.create("https://keys.example.net/jwks"))
                .withClientIds(Set.of("a", "b"))
                .withAlgorithms(Set.of("ES256"))
                .withAudienceTenants(Set.of("t"));

        assertThat(provider)
                .isEqualTo(new TrustedProvider(
                        "https://agents.example.net",
                        "Agents",
                        URI.create("https://keys.example.net/jwks"),
                        Set.of("a", "b"),
                        Set.of("ES256"),
                        Set.of("t")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "HS256", "RS512", "es256", "ES256K"})
    void noOtherAlgorithmIsPossible(String algorithm) {
        TrustedProvider provider = TrustedProvider.of("https://agents.example.net");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> provider.withAlgorithms(Set.of(algorithm)))
                .withMessageContaining("algorithms");
    }

    @Test
    void emptySetsThatAllowNobodyAreRefused() {
        TrustedProvider provider = TrustedProvider.of("https://agents.example.net");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> provider.withAlgorithms(Set.of()))
                .withMessageContaining("algorithms");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> provider.withClientIds(Set.of()))
                .withMessageContaining("clientIds");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "agents.example.net", "/x", "https:///x", "https://h?x", "https://h#x", "mailto:a@b"})
    void issuerMustBeAnAbsoluteUrl(String issuer) {
        assertThatIllegalArgumentException().isThrownBy(() -> TrustedProvider.of(issuer));
    }

    @Test
    void fixedListFindsExactlyAndHoldsEachIssuerOnce() {
        TrustedProvider one = TrustedProvider.of("https://one.example.net");
        TrustedProvider two = TrustedProvider.of("https://two.example.net");
        TrustList list = TrustList.of(List.of(one, two));

        assertThat(list.find("https://one.example.net")).contains(one);
        assertThat(list.find("https://one.example.net/")).isEmpty();
        assertThat(list.find("https://ONE.example.net")).isEmpty();
        assertThat(list.all()).containsExactly(one, two);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TrustList.of(List.of(one, one.withDisplayName("again"))))
                .withMessageContaining("https://one.example.net");
    }

    @Test
    void textOfWhatCrossesThePortsShowsNoAddress() {
        assertThat(User.of("user_1", "alice@example.com")).hasToString("User[user_1, active]");
        assertThat(new User("user_1", false, "alice@example.com")).hasToString("User[user_1, inactive]");
        assertThat(Contact.of("alice@example.com", "+49")).hasToString("Contact");
    }
}
