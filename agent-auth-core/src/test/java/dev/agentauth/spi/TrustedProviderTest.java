package dev.agentauth.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
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
                .withAudienceTenants(Set.of("t"))
                .withMaxLoginAge(Duration.ofMinutes(5))
                .withLoginTimeRequired(true);

        assertThat(provider)
                .isEqualTo(new TrustedProvider(
                        "https://agents.example.net",
                        "Agents",
                        URI.create("https://keys.example.net/jwks"),
                        Set.of("a", "b"),
                        false,
                        Set.of("ES256"),
                        Set.of("t"),
                        Duration.ofMinutes(5),
                        true));
    }

    @Test
    void noOtherPartIsLostByAChange() {
        TrustedProvider provider = TrustedProvider.of("https://agents.example.net")
                .withLoginTimeRequired(true)
                .withMaxLoginAge(Duration.ofMinutes(5))
                .withAudienceTenants(Set.of("t"))
                .withAlgorithms(Set.of("ES256"))
                .withClientIds(Set.of("a"))
                .withJwksUri(URI.create("https://keys.example.net/jwks"))
                .withDisplayName("Agents");

        assertThat(provider)
                .isEqualTo(new TrustedProvider(
                        "https://agents.example.net",
                        "Agents",
                        URI.create("https://keys.example.net/jwks"),
                        Set.of("a"),
                        false,
                        Set.of("ES256"),
                        Set.of("t"),
                        Duration.ofMinutes(5),
                        true));
        assertThat(TrustedProvider.of("https://agents.example.net")
                        .withDisplayName("x")
                        .withJwksUri(URI.create("https://k.example"))
                        .withAlgorithms(Set.of("ES256"))
                        .withAudienceTenants(Set.of("t"))
                        .withMaxLoginAge(Duration.ofMinutes(5))
                        .withLoginTimeRequired(true)
                        .clientsBelowIssuer())
                .isTrue();
    }

    @Test
    void clientOfTheProviderIsItsIssuerOrBelow() {
        for (String issuer : List.of("https://p.example", "https://p.example/", "https://p.example/t")) {
            TrustedProvider provider = TrustedProvider.of(issuer);
            String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
            assertThat(provider.isClient(issuer)).isTrue();
            for (String client : List.of("/a", "/a/b", "/a/", "//", "/...", "/.a", "/a.", "/ä", "/a:b@c")) {
                assertThat(provider.isClient(base + client)).as(base + client).isTrue();
            }
            for (String stranger : List.of(
                    base + "x",
                    base + ".evil.example/a",
                    base + ":443/a",
                    base + "/.",
                    base + "/..",
                    base + "/a/../b",
                    base + "/./a",
                    base + "/a/..",
                    base + "/a?b",
                    base + "/a#b",
                    base + "/%2e%2e/a",
                    base + "/a\\b",
                    base.toUpperCase(Locale.ROOT) + "/a",
                    "https://other.example/a",
                    "a",
                    "")) {
                assertThat(provider.isClient(stranger)).as(stranger).isFalse();
            }
            assertThat(provider.withClientIds(Set.of("a")).isClient(base + "/a"))
                    .isFalse();
            assertThat(provider.withClientIds(Set.of("a")).isClient(issuer)).isFalse();
        }
        assertThat(TrustedProvider.of("https://p.example").isClient("https://p.example/"))
                .isFalse();
        assertThat(TrustedProvider.of("https://p.example/").isClient("https://p.example"))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {-1000, 0, 999})
    void loginMayBeASecondAgoAtLeast(long millis) {
        TrustedProvider provider = TrustedProvider.of("https://agents.example.net");

        assertThat(provider.maxLoginAge()).isEqualTo(Duration.ofHours(1));
        assertThat(provider.loginTimeRequired()).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> provider.withMaxLoginAge(Duration.ofMillis(millis)))
                .withMessageContaining("maxLoginAge");
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
