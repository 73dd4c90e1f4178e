package dev.agentauth;

import dev.agentauth.spi.ProviderKey;
import dev.agentauth.spi.ProviderKeys;
import dev.agentauth.spi.TrustedProvider;
import dev.agentauth.testkit.ProviderJwt;
import dev.agentauth.testkit.ProviderSigner;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** An agent provider that signs whatever it is told to, and whose keys are had without any network. */
final class SigningProvider {
    private final String issuer;
    private final String audience;
    private final InstantSource clock;
    private final ProviderSigner signer = ProviderSigner.es256();

    SigningProvider(String issuer, String audience, InstantSource clock) {
        this.issuer = issuer;
        this.audience = audience;
        this.clock = clock;
    }

    String issuer() {
        return issuer;
    }

    TrustedProvider trusted() {
        return TrustedProvider.of(issuer).withDisplayName("Agents of " + issuer);
    }

    /** The published keys of some of them, never obtained from anywhere. */
    static ProviderKeys keysOf(SigningProvider... providers) {
        Map<String, ProviderSigner> byIssuer = new LinkedHashMap<>();
        for (SigningProvider provider : providers) {
            byIssuer.put(provider.issuer, provider.signer);
        }
        return new ProviderKeys() {
            @Override
            public ProviderKeys.Answer find(TrustedProvider provider, String keyId) {
                ProviderSigner signer = byIssuer.get(provider.issuer());
                return signer != null && keyId.equals(signer.keyId())
                        ? new ProviderKeys.Found(
                                List.of(new ProviderKey(keyId, signer.publicKey(), Set.of(signer.algorithm()))))
                        : new ProviderKeys.Unknown();
            }

            @Override
            public Optional<Duration> age(TrustedProvider provider) {
                return Optional.empty();
            }
        };
    }

    /** An ID-JAG that lacks nothing but the contact. */
    ProviderJwt idJag(String subject) {
        return ProviderJwt.idJag(signer, issuer, audience, clock.instant()).subject(subject);
    }

    ProviderJwt logout(String subject) {
        return ProviderJwt.logout(signer, issuer, audience, clock.instant()).subject(subject);
    }
}
